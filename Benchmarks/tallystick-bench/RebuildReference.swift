import Crypto
import EventLogs
import Foundation
import GRDB
import TallystickPrimitives

/// The least that a rebuild must do for an entry, with nothing else around it: open 1 KiB, hash what was opened, insert
/// the text into a full-text index.
enum RebuildReference {
    static let command = """
        AES-256-GCM open of 1 KiB + SHA-256 of it + one insert into an FTS5 table in memory (sqlite3, one transaction for \
        4,096), one task and one table for each core, texts of the same length and vocabulary
        """

    /// Entries a second on all cores.
    static func measure(entries: Int) async throws -> Double {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let loads = try (0..<cores).map { try Load(seed: UInt64($0), count: entries / cores) }
        let clock = ContinuousClock()
        let started = clock.now
        let digests = try await withThrowingTaskGroup(of: SHA256.Digest.self) { group in
            for load in loads { group.addTask { try load.run() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        guard Set(digests).count == cores else { throw BenchmarkFailure("two tasks hashed the same") }
        return Double(loads.reduce(0) { $0 + $1.sealed.count }) / ((clock.now - started) / .seconds(1))
    }

    private struct Load: Sendable {
        let key = SymmetricKey(size: .bits256)
        let sealed: [(combined: Data, textCount: Int)]

        init(seed: UInt64, count: Int) throws {
            var prose = Prose(seed: seed)
            let key = key
            sealed = try (0..<count).map { _ in
                var bytes = Array(prose.text(byteCount: 720).utf8)
                let textCount = bytes.count
                bytes += [UInt8](repeating: 0, count: 1024 - bytes.count)
                guard let combined = try AES.GCM.seal(bytes, using: key).combined else {
                    throw BenchmarkFailure("AES-GCM gave no combined form")
                }
                return (combined, textCount)
            }
        }

        /// The hash of everything, so that nothing of it can be left out.
        func run() throws -> SHA256.Digest {
            var hasher = SHA256()
            let queue = try DatabaseQueue()
            try queue.write {
                try $0.execute(
                    sql: """
                        CREATE VIRTUAL TABLE search USING fts5 (
                            words, content = '', tokenize = "unicode61 remove_diacritics 2");
                        INSERT INTO search (search, rank) VALUES ('hashsize', 33554432);
                        """)
            }
            for first in stride(from: 0, to: sealed.count, by: 4096) {
                try queue.write { database in
                    let insert = try database.cachedStatement(sql: "INSERT INTO search (words) VALUES (?)")
                    for (combined, textCount) in sealed[first..<min(sealed.count, first + 4096)] {
                        let opened = try AES.GCM.open(AES.GCM.SealedBox(combined: combined), using: key)
                        hasher.update(data: opened)
                        try insert.execute(arguments: [String(decoding: opened.prefix(textCount), as: UTF8.self)])
                    }
                }
            }
            return hasher.finalize()
        }
    }
}
