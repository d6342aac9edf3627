import EventLogs
import Foundation
import GRDB
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import SQLiteStore

/// A directory that only this process reads and that goes away with the value.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        let template = FileManager.default.temporaryDirectory.path + "/tallystick-XXXXXX"
        var name = Array(template.utf8CString)
        try #require(mkdtemp(&name) != nil)
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The bytes of every file, joined.
    func allBytes() throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            .reduce(into: Data()) { $0 += try Data(contentsOf: URL(filePath: "\(path)/\($1)")) }
    }

    func contains(_ bytes: [UInt8]) throws -> Bool {
        try allBytes().range(of: Data(bytes)) != nil
    }
}

/// A node's store with a log that writes to it.
struct NodeBench {
    let directory: ScratchDirectory
    let store: NodeStore
    var log = LogFixture()

    init() throws {
        directory = try ScratchDirectory()
        store = try NodeStore.create(in: directory.path)
    }

    /// Appends statements of one stream, each with compartments and a grant.
    @discardableResult
    mutating func append(_ count: Int, compartments: Int = 1) throws -> [SequencedStatement] {
        let stream = log.stream()
        let drafts = (0..<count).map { _ in
            log.draft(stream, compartments: compartments, grants: 1, byteCount: 64)
        }
        let size = log.sequencer.frontier.size
        try log.append(drafts.map { AppendRequest([$0]) }, to: store)
        return try store.readLog(from: size.nextIndex, limit: count)
    }
}

extension NodeBench {
    /// Where a compartment of one of our statements is.
    func address(of compartment: CarriedCompartment, in placed: SequencedStatement) -> CompartmentAddress {
        CompartmentAddress(origin: log.origin, index: placed.index, compartment: compartment.id)
    }
}

extension StoreConnection {
    /// Runs SQL as a careless administrator would.
    func execute(_ sql: String) throws {
        try pool.writeWithoutTransaction { try $0.execute(sql: sql) }
    }
}
