import Casework
import EventLogs
import Foundation
import PartyFiles
import Sealing
import TallystickPrimitives

/// Carry files as they came: they hold nothing but what is signed and sealed, and wait beside the log until the register
/// has, or refuses, what they bring.
struct CarriedFiles: Sendable {
    let directory: String

    private static let (prefix, suffix) = ("carried-", ".carry")

    /// Keeps a file; the same one twice is kept once.
    func keep(_ bytes: [UInt8]) throws -> String {
        let name = CarriedFiles.prefix + Hash256(hashing: bytes).hex + CarriedFiles.suffix
        try PublicFile.write(bytes, to: directory + "/" + name)
        return name
    }

    /// The names of all, in an order that does not change.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).filter {
            $0.hasPrefix(CarriedFiles.prefix) && $0.hasSuffix(CarriedFiles.suffix)
        }.sorted()
    }

    func read(_ name: String) throws -> [UInt8] {
        try PublicFile.read(directory + "/" + name, limit: Limits.requestByteCount)
    }

    func remove(_ name: String) { PublicFile.remove(directory + "/" + name) }
}

/// What came by file and waits for the register.
struct CarriedStanding: Sendable {
    struct Place: Hashable {
        let origin: Origin
        let index: LeafIndex
    }

    /// One entry that waits.
    struct Waiting {
        let event: EventID
        let leafHash: Hash256
        /// The case that it is about.
        let reference: CaseReference?
        let file: String
    }

    private var waiting: [Place: Waiting] = [:]
    /// The keys of the circles that came, as long as anything waits: they are in no store.
    private(set) var keys: [CarriedKeyPlace: CircleKey] = [:]
    /// How many files cannot be shown now.
    var unshownCount = 0
    /// How many did not come to be as they came.
    private(set) var droppedCount = 0

    var count: Int { waiting.count }

    /// The one case of what waits whose reference begins as typed; nil for none and for several.
    func reference(matching text: String) -> CaseReference? {
        let found = Set(waiting.values.compactMap(\.reference).filter { $0.text.hasPrefix(text) })
        return found.count == 1 ? found.first : nil
    }

    /// Whether a statement waits already: the place that a file claims for it is nobody's word.
    func holds(_ place: Place, _ statement: Statement) -> Bool {
        waiting[place] != nil || waiting.values.contains { $0.leafHash == statement.leafHash }
    }

    mutating func add(_ entry: Waiting, keys more: [CarriedKeyPlace: CircleKey], at place: Place) {
        waiting[place] = entry
        keys.merge(more) { first, _ in first }
    }

    /// Ends the waiting of an entry; also says whether its file waits for nothing else.
    mutating func take(_ place: Place) -> (entry: Waiting, isLastOfFile: Bool)? {
        guard let entry = waiting.removeValue(forKey: place) else { return nil }
        if waiting.isEmpty { keys = [:] }
        return (entry, !waiting.values.contains { $0.file == entry.file })
    }

    mutating func noteDropped() { droppedCount += 1 }
}
