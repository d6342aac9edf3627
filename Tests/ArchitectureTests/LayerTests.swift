import Foundation
import Testing

/// The arrows of the package: who may import whom.
@Suite struct LayerTests {
    private let package: PackageDescription
    private let sources: [SourceFile]
    private let tests: [SourceFile]

    init() throws {
        package = try PackageDescription.read.get()
        sources = try SourceTree.sources.get()
        tests = try SourceTree.tests.get()
    }

    /// Modules that come with the toolchain.
    private static let toolchain: Set = [
        "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch", "Testing",
    ]

    @Test func everyFolderIsATargetAndEveryTargetAFolder() {
        let named = package.targets.filter { $0.kind != .test }.map(\.name)
        #expect(Set(sources.map(\.target)) == Set(named))
        #expect(Set(named).count == named.count)
        let tested = package.targets.filter { $0.kind == .test }.map(\.name)
        #expect(Set(tests.map(\.target)) == Set(tested))
    }

    @Test func aTargetNamesEveryModuleItImports() {
        for file in sources + tests {
            guard let target = package[file.target] else { continue }
            let named = LayerTests.toolchain.union(target.own).union(target.external)
            for (module, line) in file.imports where !named.contains(module) {
                Issue.record(
                    "\(file.path):\(line) imports \(module), which Package.swift does not give it")
            }
        }
    }

    @Test func aTargetImportsEveryModuleItNames() {
        for target in package.targets {
            let files = (sources + tests).filter { $0.target == target.name }
            let imported = Set(files.flatMap { $0.imports.map(\.module) })
            for module in target.own + target.external where !imported.contains(module) {
                Issue.record("\(target.name) does not import \(module): take it off its list")
            }
        }
    }

    @Test func arrowsPointDownwards() throws {
        for (place, target) in package.targets.enumerated() where target.kind != .test {
            guard let layer = target.layer else { continue }
            for name in target.own where !LayerTests.isRehearsed(name, by: target.name) {
                let found = try #require(package.targets.firstIndex { $0.name == name }, "\(name)")
                let lower = try #require(
                    package.targets[found].layer, "\(target.name) is built from \(name), a test's")
                #expect(
                    lower < layer || (lower == layer && found < place),
                    "\(target.name) (layer \(layer)) may not use \(name) (layer \(lower))")
            }
        }
    }

    /// The demonstration plays what the tests of whole programs play, and is no part of the product.
    private static func isRehearsed(_ name: String, by target: String) -> Bool {
        name == "TallystickRehearsal" && target == "tallystick-demo"
    }

    @Test func layersAreListedFromTheBottom() {
        let layers = package.targets.compactMap(\.layer)
        #expect(layers == layers.sorted())
        #expect(Set(layers) == Set(0...7))
        let untested = package.targets.filter { $0.layer == nil }.map(\.name)
        let aids = [
            "TallystickTesting", "TallystickRehearsal", "BenchmarkFigures", "tallystick-bench",
            "TallystickSimulation", "tallystick-simulator",
        ]
        #expect(untested.allSatisfy { aids.contains($0) || $0.hasSuffix("Tests") })
    }

    /// What decides has no clock, no disk and no text formatting of the system's.
    @Test func theCoreImportsNoFoundation() {
        for file in sources {
            guard let layer = package[file.target]?.layer, layer <= 4 else { continue }
            for (module, line) in file.imports
            where ["Foundation", "FoundationEssentials", "Glibc", "Dispatch"].contains(module) {
                let place = "\(file.target): \(module)"
                #expect(
                    LayerTests.coreExceptions[place] != nil, "\(file.path):\(line) imports \(module)")
            }
        }
    }

    private static let coreExceptions = [
        "BrokerProjections: Foundation": "GRDB takes and gives bytes as Data",
        "KeyFiles: Foundation": "reads and writes key files",
        "KeyFiles: Glibc": "sets the rights of key files",
        "NodeProjections: Foundation": "GRDB takes and gives bytes as Data",
        "Sealing: Foundation": "HPKE takes and gives bytes as Data",
        "Sealing: FoundationEssentials": "HPKE takes and gives bytes as Data",
    ]

    @Test func testsUseSwiftTestingOnly() {
        for file in tests { #expect(!file.imports.contains { $0.module == "XCTest" }, "\(file.path)") }
    }
}

/// The broker never holds what opens content (DESIGN §8).
@Suite struct BrokerClosureTests {
    static let opensContent = [
        "Sealing", "Casework", "Disclosures", "NodeProjections", "NodeService",
    ]
    private let package: PackageDescription

    init() throws { package = try PackageDescription.read.get() }

    @Test func theBrokerIsBuiltWithoutWhatOpensContent() {
        let closure = package.closure(of: "tallystick-broker")
        #expect(closure.contains("TransparencyLog"))
        #expect(closure.isDisjoint(with: BrokerClosureTests.opensContent), "\(closure.sorted())")
    }

    @Test func theNodeIsBuiltWithBoth() {
        let closure = package.closure(of: "tallystick-node")
        #expect(closure.contains("TransparencyLog"))
        #expect(closure.isSuperset(of: BrokerClosureTests.opensContent))
    }

    @Test func onlyTheNodeAndTheCommandLineReachSealing() {
        let direct = package.targets.filter { $0.own.contains("Sealing") && $0.kind != .test }
        #expect(direct.filter { $0.layer != nil }.map(\.name) == ["NodeService", "tallystick"])
        // The simulation misuses it and the benchmarks measure it; no part of the product is built from either.
        #expect(direct.filter { $0.layer == nil }.map(\.name) == ["TallystickSimulation", "tallystick-bench"])
    }

    private static func isBuilt(_ name: String) -> Bool {
        SourceTree.package.exists(".build/debug/\(name)")
    }

    @Test(.enabled("the broker has not been built") { isBuilt("tallystick-broker") })
    func theBuiltBrokerHoldsNothingThatOpensContent() throws {
        let program = try Program("tallystick-broker")
        #expect(program.mentions(module: "TransparencyLog"))
        for module in BrokerClosureTests.opensContent {
            #expect(!program.mentions(module: module), "\(module)")
        }
    }

    @Test(.enabled("the node has not been built") { isBuilt("tallystick-node") })
    func theBuiltNodeHoldsBoth() throws {
        let program = try Program("tallystick-node")
        #expect(program.mentions(module: "TransparencyLog"))
        for module in BrokerClosureTests.opensContent {
            #expect(program.mentions(module: module), "\(module)")
        }
    }
}

/// The bytes of a built program.
private struct Program {
    private let bytes: Data

    init(_ name: String) throws {
        bytes = try Data(
            contentsOf: SourceTree.package.root.appending(path: ".build/debug/\(name)"),
            options: .alwaysMapped)
    }

    /// Whether the module's mangled name is in it: the length of the name and the name.
    func mentions(module: String) -> Bool {
        let name = Data("\(module.utf8.count)\(module)".utf8)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        var rest = bytes.startIndex..<bytes.endIndex
        while let found = bytes.range(of: name, in: rest) {
            if found.lowerBound == bytes.startIndex || !digits.contains(bytes[found.lowerBound - 1]) {
                return true
            }
            rest = found.upperBound..<bytes.endIndex
        }
        return false
    }
}
