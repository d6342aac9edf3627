import Foundation
import Imports
import TallystickPrimitives

/// A repeatable source of numbers (SplitMix64, Steele and others 2014).
struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// Everything that one file gave.
struct Reading {
    var rows: [ImportedRow] = []
    var rejected: [RejectedRow] = []
    var filteredCount = 0

    init(_ reader: ImportReader) {
        for outcome in reader {
            switch outcome {
            case .row(let row): rows.append(row)
            case .rejected(let row): rejected.append(row)
            case .filtered: filteredCount += 1
            }
        }
    }

    init(_ text: String, _ mapping: ImportMapping) throws {
        self.init(try ImportReader(bytes: Array(text.utf8), mapping: mapping))
    }

    init(_ bytes: [UInt8], _ mapping: ImportMapping) throws {
        self.init(try ImportReader(bytes: bytes, mapping: mapping))
    }

    func values(_ code: FieldCode) -> [String?] { rows.map { $0.fields[code] } }
}

func mapping(_ yaml: String) throws -> ImportMapping {
    try ImportMapping(parsing: Array(yaml.utf8), file: "test.yaml")
}

/// Columns `a` and `b`, kept as they are, and whatever else a test wants.
func plainMapping(_ more: String = "") throws -> ImportMapping {
    try mapping(
        """
        name: plain
        format: csv
        columns: [a, b]
        fields: {first: {column: a}, second: {column: b}}
        \(more)
        """)
}

/// Files that belong to the repository.
enum Samples {
    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: packageRoot.appending(path: "samples").appending(path: path)))
    }

    static func mapping(_ path: String) throws -> ImportMapping {
        try ImportMapping(parsing: bytes(path), file: path)
    }
}

/// The full files, which are not part of the repository.
enum FullData {
    static let directory: URL? = {
        let named = ProcessInfo.processInfo.environment["TALLYSTICK_DATA"].map {
            URL(filePath: $0, directoryHint: .isDirectory)
        }
        let beside = packageRoot.deletingLastPathComponent().appending(path: "shared/data")
        return [named, beside].compactMap(\.self).first {
            FileManager.default.fileExists(atPath: $0.appending(path: "police").path)
        }
    }()

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let directory else { throw CocoaError(.fileNoSuchFile) }
        return Array(try Data(contentsOf: directory.appending(path: path)))
    }
}

private let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
