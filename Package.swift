// swift-tools-version: 6.2
import PackageDescription

/// A product of another package, named once here so that targets read as plain lists.
func external(_ product: String, _ package: String) -> Target.Dependency {
    .product(name: product, package: package)
}

let crypto = external("Crypto", "swift-crypto")
let cryptoExtras = external("CryptoExtras", "swift-crypto")
let grdb = external("GRDB", "GRDB.swift")
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
            name: "SignedStatements", dependencies: ["TallystickPrimitives", "DeterministicCBOR", crypto]),
        .target(
            name: "TransparencyLog",
            dependencies: ["TallystickPrimitives", "DeterministicCBOR", "SignedStatements", crypto]),
        .target(
            name: "KeyFiles",
            dependencies: ["TallystickPrimitives", "DeterministicCBOR", crypto, cryptoExtras]),
        .target(
            name: "SharingProtocols", dependencies: ["TallystickPrimitives", "DeterministicCBOR", yams]),
        // Layer 2
        .target(
            name: "EventLogs",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog", crypto,
            ]),
        .target(
            name: "Partnership",
            dependencies: [
                "TallystickPrimitives", "SignedStatements", "SharingProtocols", "EventLogs",
            ]),
        // Layer 3
        .target(
            name: "Replication",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog",
                "SharingProtocols", "EventLogs", "Partnership",
            ]),
        .target(
            name: "Sealing",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "TransparencyLog", "EventLogs", crypto,
            ]),
        .target(
            name: "Casework",
            dependencies: ["TallystickPrimitives", "DeterministicCBOR", "SharingProtocols", "EventLogs"]),
        .target(
            name: "Disclosures",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SharingProtocols", "EventLogs", "Casework",
            ]),
        // Layer 4
        .target(
            name: "NodeProjections",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SharingProtocols", "EventLogs", "Casework",
                "Disclosures", grdb,
            ]),
        .target(
            name: "BrokerProjections",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SharingProtocols", "EventLogs", "Replication", grdb,
            ]),
        .target(
            name: "Auditing",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog",
                "SharingProtocols", "EventLogs", "Partnership", "Replication",
            ]),
        .target(name: "NodeInterface"),
        // Layer 5
        .target(
            name: "SQLiteStore",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog", "EventLogs",
                grdb,
            ]),
        .target(name: "Imports", dependencies: ["TallystickPrimitives", yams]),
        .target(name: "Telemetry", dependencies: ["TallystickPrimitives", logging]),
        .target(
            name: "HTTPTransport",
            dependencies: [
                "TallystickPrimitives", crypto, logging, lifecycle,
                external("AsyncHTTPClient", "async-http-client"),
                external("HummingbirdCore", "hummingbird"), external("HummingbirdTLS", "hummingbird"),
                external("HTTPTypes", "swift-http-types"), external("NIOCore", "swift-nio"),
                external("NIOHTTP1", "swift-nio"),
                external("NIOPosix", "swift-nio"), external("NIOSSL", "swift-nio-ssl"),
                external("SwiftASN1", "swift-asn1"), external("X509", "swift-certificates"),
            ]),
        .target(
            name: "PartyFiles",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "EventLogs", "Partnership",
                "Replication", "KeyFiles", "HTTPTransport",
            ]),
        // Layer 6
        .target(
            name: "NodeService",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog", "KeyFiles",
                "SharingProtocols", "EventLogs", "Partnership", "Sealing", "Casework", "Disclosures", "Replication",
                "NodeProjections", "NodeInterface", "SQLiteStore", "Imports", "HTTPTransport", "PartyFiles",
                logging, lifecycle,
            ]),
        .target(
            name: "BrokerService",
            dependencies: [
                "TallystickPrimitives", "DeterministicCBOR", "SignedStatements", "TransparencyLog", "KeyFiles",
                "SharingProtocols", "EventLogs", "Partnership", "Replication", "BrokerProjections", "SQLiteStore",
                "HTTPTransport", "PartyFiles", logging, lifecycle,
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
