// swift-tools-version: 6.2
import PackageDescription

/// A product of another package, named once here so that targets read as plain lists.
func external(_ product: String, _ package: String) -> Target.Dependency {
    .product(name: product, package: package)
}

let crypto = external("Crypto", "swift-crypto")
let cryptoExtras = external("CryptoExtras", "swift-crypto")
let grdb = external("GRDB", "GRDB.swift")
let sqlite = external("GRDBSQLite", "GRDB.swift")
let yams = external("Yams", "Yams")
let logging = external("Logging", "swift-log")
let lifecycle = external("ServiceLifecycle", "swift-service-lifecycle")
let arguments = external("ArgumentParser", "swift-argument-parser")

// The arrows of docs/architecture.md: a target names every target it imports, and none above it.
// ArchitectureTests checks this list against the imports and against the layers.
let package = Package(
    name: "tallystick",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Layer 0
        .target(name: "TallystickPrimitives", dependencies: [crypto]),
        .target(name: "DeterministicCBOR", dependencies: ["TallystickPrimitives"]),
        // Layer 1
        .target(
            name: "SignedStatements",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", crypto,
            ]),
        .target(
            name: "KeyFiles",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", crypto, cryptoExtras,
            ]),
        .target(
            name: "TransparencyLog",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements",
            ]),
        .target(
            name: "SharingProtocols",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", yams,
            ]),
        // Layer 2
        .target(
            name: "EventLogs",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog",
                crypto,
            ]),
        .target(
            name: "Partnership",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "SharingProtocols", "EventLogs",
            ]),
        // Layer 3
        .target(
            name: "Sealing",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "TransparencyLog", "EventLogs", crypto,
            ]),
        .target(
            name: "Casework",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SharingProtocols",
            ]),
        .target(
            name: "Disclosures",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SharingProtocols", "EventLogs", "Casework",
            ]),
        .target(
            name: "Replication",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog",
                "SharingProtocols", "EventLogs", "Partnership",
            ]),
        // Layer 4
        .target(
            name: "NodeProjections",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SharingProtocols", "EventLogs",
                "Casework", "Disclosures", grdb, sqlite,
            ]),
        .target(
            name: "BrokerProjections",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SharingProtocols", "EventLogs",
                "Replication", grdb,
            ]),
        .target(
            name: "Auditing",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog",
                "SharingProtocols", "EventLogs", "Partnership", "Replication",
            ]),
        .target(name: "NodeInterface", dependencies: ["TallystickPrimitives"]),
        // Layer 5
        .target(
            name: "TimestampTokens",
            dependencies: [
                "TallystickPrimitives", crypto, cryptoExtras, external("SwiftASN1", "swift-asn1"),
                external("X509", "swift-certificates"),
            ]),
        .target(
            name: "SQLiteStore",
            dependencies: [
                "TallystickPrimitives", "SignedStatements", "TransparencyLog", "EventLogs", grdb, sqlite,
            ]),
        .target(
            name: "HTTPTransport",
            dependencies: [
                "TallystickPrimitives", crypto, logging, lifecycle,
                external("AsyncHTTPClient", "async-http-client"),
                external("HummingbirdCore", "hummingbird"),
                external("HummingbirdTLS", "hummingbird"),
                external("HTTPTypes", "swift-http-types"), external("NIOCore", "swift-nio"),
                external("NIOHTTP1", "swift-nio"), external("NIOPosix", "swift-nio"), external("NIOTLS", "swift-nio"),
                external("NIOSSL", "swift-nio-ssl"), external("SwiftASN1", "swift-asn1"),
                external("X509", "swift-certificates"),
            ]),
        .target(name: "Imports", dependencies: ["TallystickPrimitives", yams]),
        .target(name: "Telemetry", dependencies: ["TallystickPrimitives", logging]),
        .target(
            name: "PartyFiles",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "KeyFiles",
                "TransparencyLog", "EventLogs", "Partnership", "Replication", "HTTPTransport",
            ]),
        .target(
            name: "BoardOffice",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "KeyFiles",
                "TransparencyLog", "SharingProtocols", "EventLogs", "Partnership", "Replication",
                "SQLiteStore", "PartyFiles",
            ]),
        // Layer 6
        .target(
            name: "WitnessService",
            dependencies: [
                "TallystickPrimitives", "SignedStatements", "TransparencyLog", "EventLogs", "Partnership",
                "Replication", "SQLiteStore", "PartyFiles", "KeyFiles", "HTTPTransport", logging, lifecycle,
            ]),
        .target(
            name: "NodeService",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "KeyFiles",
                "TransparencyLog", "SharingProtocols", "EventLogs", "Partnership", "Sealing",
                "Casework", "Disclosures", "Replication", "NodeProjections", "NodeInterface",
                "SQLiteStore", "HTTPTransport", "Imports", "PartyFiles", "WitnessService", logging, lifecycle,
            ]),
        .target(
            name: "BrokerService",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "KeyFiles",
                "TransparencyLog", "SharingProtocols", "EventLogs", "Partnership", "Replication",
                "BrokerProjections", "SQLiteStore", "HTTPTransport", "PartyFiles", logging,
                lifecycle,
            ]),
        .target(
            name: "CommandLineSupport",
            dependencies: [
                "TallystickPrimitives", "SignedStatements", "KeyFiles", "TransparencyLog", "EventLogs", "Partnership",
                "Replication", "NodeInterface", "SQLiteStore", "HTTPTransport", "Telemetry",
                "PartyFiles", logging, lifecycle, arguments,
                external("UnixSignals", "swift-service-lifecycle"),
            ]),
        // Layer 7
        .executableTarget(
            name: "tallystick",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "KeyFiles", "TransparencyLog", "SharingProtocols",
                "EventLogs", "Partnership", "Sealing", "Casework", "Replication", "Auditing", "NodeInterface",
                "SQLiteStore", "HTTPTransport", "Imports", "PartyFiles", "BoardOffice", "TimestampTokens",
                "NodeService", "CommandLineSupport", arguments,
            ]),
        .executableTarget(
            name: "tallystick-node",
            dependencies: [
                "TallystickPrimitives", "KeyFiles", "EventLogs", "SQLiteStore", "HTTPTransport", "PartyFiles",
                "NodeService", "CommandLineSupport", logging, arguments,
            ]),
        .executableTarget(
            name: "tallystick-broker",
            dependencies: [
                "TallystickPrimitives", "EventLogs", "Replication", "HTTPTransport", "PartyFiles", "BrokerService",
                "CommandLineSupport", logging, arguments,
            ]),
        .executableTarget(
            name: "tallystick-witness",
            dependencies: [
                "EventLogs", "SQLiteStore", "PartyFiles", "WitnessService", "CommandLineSupport", logging, arguments,
            ]),
        .executableTarget(
            name: "tallystick-demo",
            dependencies: [
                "TallystickRehearsal", grdb, arguments,
            ]),
        // Testing
        .target(
            name: "TallystickTesting",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog",
                "SharingProtocols", "EventLogs", "Partnership", "Replication", sqlite,
            ]),
        .target(name: "TallystickRehearsal"),
        .target(
            name: "TallystickSimulation",
            dependencies: [
                "TallystickPrimitives", "SignedStatements", "KeyFiles", "TransparencyLog", "EventLogs", "Sealing",
                "Casework", "Replication", "Auditing", "NodeInterface", "SQLiteStore", "HTTPTransport",
                "PartyFiles", "BoardOffice", "WitnessService", "NodeService",
                "BrokerService", "TallystickTesting", logging,
            ]),
        .executableTarget(
            name: "tallystick-simulator",
            dependencies: ["TallystickPrimitives", "TallystickSimulation", "CommandLineSupport", arguments]),
        .target(name: "BenchmarkFigures", path: "Benchmarks/BenchmarkFigures"),
        .executableTarget(
            name: "tallystick-bench",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "KeyFiles",
                "TransparencyLog", "SharingProtocols", "EventLogs", "Partnership", "Sealing", "Casework", "Replication",
                "BrokerProjections", "NodeInterface",
                "SQLiteStore", "HTTPTransport", "PartyFiles", "NodeService", "CommandLineSupport",
                "BrokerService", "NodeProjections", "Auditing", "TallystickTesting", "TallystickRehearsal",
                "BenchmarkFigures",
                crypto, arguments, logging, grdb,
            ], path: "Benchmarks/tallystick-bench"),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(
            name: "AuditingTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog",
                "SharingProtocols", "EventLogs", "Partnership", "Replication", "Auditing",
                "PartyFiles", "TallystickRehearsal", "TallystickTesting",
            ]),
        .testTarget(name: "BenchmarkFiguresTests", dependencies: ["BenchmarkFigures"]),
        .testTarget(
            name: "BoardOfficeTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "KeyFiles", "SharingProtocols",
                "EventLogs", "Partnership", "Replication", "SQLiteStore", "PartyFiles",
                "BoardOffice", "TallystickTesting",
            ]),
        .testTarget(
            name: "BrokerProjectionsTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "SharingProtocols",
                "EventLogs", "Replication", "BrokerProjections", "TallystickTesting", grdb,
            ]),
        .testTarget(
            name: "BrokerServiceTests",
            dependencies: [
                "TallystickPrimitives", "SignedStatements", "TransparencyLog", "EventLogs", "Partnership",
                "Replication", "BrokerProjections", "SQLiteStore", "HTTPTransport", "PartyFiles",
                "BrokerService", "TallystickTesting", logging, grdb,
            ]),
        .testTarget(
            name: "CaseworkTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SharingProtocols", "Casework",
                "TallystickTesting",
            ]),
        .testTarget(
            name: "CommandLineSupportTests",
            dependencies: [
                "TallystickPrimitives", "SignedStatements", "KeyFiles", "EventLogs", "Partnership",
                "Replication", "NodeInterface", "HTTPTransport", "Imports", "PartyFiles", "BoardOffice",
                "CommandLineSupport", "TallystickTesting", arguments,
            ]),
        .testTarget(
            name: "DeterministicCBORTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "TallystickTesting",
            ]),
        .testTarget(
            name: "DisclosuresTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SharingProtocols", "EventLogs", "Casework",
                "Disclosures", "TallystickTesting",
            ]),
        .testTarget(
            name: "EventLogsTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog",
                "EventLogs", "TallystickTesting", crypto,
            ]),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog", "SharingProtocols",
                "EventLogs", "Partnership", "Replication", "Imports", "KeyFiles", "PartyFiles", "BoardOffice",
                "TimestampTokens", "TallystickTesting",
            ], exclude: ["Corpus"]),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: [
                "TallystickPrimitives", "HTTPTransport", crypto, logging, lifecycle,
                external("AsyncHTTPClient", "async-http-client"),
                external("HummingbirdCore", "hummingbird"), external("NIOCore", "swift-nio"),
                external("NIOHTTP1", "swift-nio"), external("NIOSSL", "swift-nio-ssl"),
                external("SwiftASN1", "swift-asn1"), external("X509", "swift-certificates"),
            ]),
        .testTarget(name: "ImportsTests", dependencies: ["TallystickPrimitives", "Imports"]),
        .testTarget(
            name: "KeyFilesTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "KeyFiles", "TallystickTesting",
            ]),
        .testTarget(
            name: "NodeProjectionsTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "EventLogs", "Casework", "Disclosures",
                "NodeProjections", "TallystickTesting",
            ]),
        .testTarget(
            name: "NodeServiceTests",
            dependencies: [
                "Auditing", "BoardOffice", "BrokerProjections", "BrokerService", "Casework", "CommandLineSupport",
                "DeterministicCBOR", "Disclosures", "EventLogs", "HTTPTransport", "KeyFiles", "NodeInterface",
                "NodeProjections", "NodeService", "Partnership", "PartyFiles", "Replication", "SQLiteStore", "Sealing",
                "SignedStatements", "TallystickPrimitives", "TallystickRehearsal", "TallystickTesting",
                "TransparencyLog",
                "SharingProtocols", "WitnessService",
                grdb, logging,
            ]),
        .testTarget(
            name: "PartnershipTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "SharingProtocols",
                "EventLogs", "Partnership", "TallystickTesting",
            ]),
        .testTarget(
            name: "ReplicationTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog",
                "SharingProtocols", "EventLogs", "Partnership", "Replication", "TallystickTesting",
            ]),
        .testTarget(
            name: "SQLiteStoreTests",
            dependencies: [
                "TallystickPrimitives", "SignedStatements", "TransparencyLog", "EventLogs",
                "SQLiteStore", "TallystickTesting", grdb,
            ]),
        .testTarget(
            name: "SealingTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "EventLogs", "Sealing",
                "TallystickTesting", crypto,
            ]),
        .testTarget(name: "ServiceTests", dependencies: ["EventLogs", "Replication", "TallystickRehearsal"]),
        .testTarget(
            name: "SharingProtocolsTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SharingProtocols",
                "TallystickTesting", yams,
            ]),
        .testTarget(
            name: "SignedStatementsTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements",
                "TallystickTesting", crypto,
            ]),
        .testTarget(
            name: "TallystickSimulationTests", dependencies: ["TallystickPrimitives", "TallystickSimulation"]),
        .testTarget(
            name: "TallystickPrimitivesTests",
            dependencies: [
                "TallystickPrimitives", "TallystickTesting", crypto,
            ]),
        .testTarget(
            name: "TelemetryTests",
            dependencies: [
                "TallystickPrimitives", "Telemetry", logging,
            ]),
        .testTarget(
            name: "TimestampTokensTests",
            dependencies: ["TallystickPrimitives", "TimestampTokens", "TallystickTesting"],
            exclude: ["authority.py", "answers.json"]),
        .testTarget(
            name: "TransparencyLogTests",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog",
                "TallystickTesting",
            ]),
    ],
    swiftLanguageModes: [.v6]
)

let upcoming = [
    "ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility", "NonisolatedNonsendingByDefault",
    "InferIsolatedConformances",
]
for target in package.targets where [.regular, .executable, .test].contains(target.type) {
    target.swiftSettings =
        (target.swiftSettings ?? []) + upcoming.map { SwiftSetting.enableUpcomingFeature($0) }
        + [.treatAllWarnings(as: .error)]
}
