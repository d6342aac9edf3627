import EventLogs
import Foundation
import KeyFiles
import GRDB
import PartyFiles
import Sealing
import TallystickPrimitives
import Testing

@testable import NodeService

/// Somebody who has every byte of some directories and every key that is still held in them, and looks for what was erased:
/// every kept key under every local key, every grant under every KEM key, every wrap under every circle's key that comes out,
/// and every byte of every file for the content keys themselves.
struct ErasureForensics {
    /// One compartment that is looked for.
    struct Target: Hashable {
        let address: CompartmentAddress
        let descriptor: CompartmentDescriptor
        let event: EventID
    }

    private var locals: [LocalKey] = []
    private var kems: [Sealing.KEMPrivateKey] = []
    private var agencies: [AgencyCode] = []
    private var contents: [Hash256: [UInt8]] = [:]
    private var wraps: [Hash256: [UInt8]] = [:]
    private var keptContentKeys: Set<[UInt8]> = []
    private var keptCircleKeys: Set<[UInt8]> = []
    private var grants: [(bytes: [UInt8], statement: EventLogs.Statement)] = []
    private var files: [String] = []

    /// - Parameters:
    ///   - nodes: directories with key files, whose keys are held.
    ///   - others: directories without: a broker's, and backups that were put back to look into them.
    ///   - holders: directories of which the keys are held, and nothing else is looked at.
    init(nodes: [PartyDirectory] = [], others: [String] = [], keysOf holders: [PartyDirectory] = []) throws {
        for place in nodes + holders {
            let keys = try place.openKeys(passphrase: OneProcess.passphrase)
            agencies.append(try place.enrolment().agency)
            locals += keys.locals.compactMap { LocalKey(bytes: $0.key.bytes) }
            kems += try keys.kems.map { try Sealing.KEMPrivateKey(seed: $0.key.bytes) }
        }
        for directory in nodes.map(\.path) + others {
            guard let all = FileManager.default.enumerator(atPath: directory) else { continue }
            for case let name as String in all {
                let path = directory + "/" + name
                var isDirectory: ObjCBool = false
                guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue
                else { continue }
                files.append(path)
                if name.hasSuffix("log.sqlite") || name.hasSuffix("broker.sqlite") { try read(path) }
            }
        }
    }

    /// Reads everything that a store, as it lies on the disk with the log beside it, holds of keys and content.
    private mutating func read(_ path: String) throws {
        let queue = try DatabaseQueue(path: path, configuration: ErasureForensics.reading)
        try queue.read { database in
            for row in try Row.fetchAll(database, sql: "SELECT content, wrap FROM compartments") {
                let content: Data = row[0]
                contents[Hash256(hashing: Array(content))] = Array(content)
                if let wrap: Data = row[1] { wraps[Hash256(hashing: Array(wrap))] = Array(wrap) }
            }
            let isNode = try database.tableExists("content_keys")
            if isNode {
                for row in try Row.fetchAll(database, sql: "SELECT wrapped FROM content_keys") {
                    keptContentKeys.insert(Array(row[0] as Data))
                }
                for row in try Row.fetchAll(database, sql: "SELECT wrapped FROM circle_keys") {
                    keptCircleKeys.insert(Array(row[0] as Data))
                }
            }
            let tables = isNode ? ["statements", "received"] : ["statements"]
            var statements: [Hash256: EventLogs.Statement] = [:]
            for table in tables {
                for row in try Row.fetchAll(database, sql: "SELECT bytes FROM \(table)") {
                    let statement = try EventLogs.Statement(decoding: Array(row[0] as Data))
                    for grant in statement.payload.grants { statements[grant] = statement }
                }
            }
            for row in try Row.fetchAll(database, sql: "SELECT bytes FROM grants") {
                let bytes = Array(row[0] as Data)
                if let statement = statements[Hash256(hashing: bytes)] { grants.append((bytes, statement)) }
            }
        }
    }

    private static var reading: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        return configuration
    }

    /// Every content key that comes out, by its commitment.
    private func contentKeys(for targets: Set<Target>) -> [Hash256: ContentKey] {
        var found: [Hash256: ContentKey] = [:]
        var circles: [CircleKey] = []
        for local in locals {
            for wrapped in keptContentKeys {
                if let key = try? local.unwrapContentKey(wrapped) { found[key.commitment] = key }
            }
            for wrapped in keptCircleKeys {
                if let key = try? local.unwrapCircleKey(wrapped) { circles.append(key) }
            }
        }
        for (bytes, statement) in grants {
            guard let grant = try? DirectGrant(decoding: bytes) else { continue }
            let context = GrantContext(
                origin: statement.origin, stream: statement.payload.stream, event: statement.eventID)
            for kem in kems {
                for agency in agencies {
                    guard let opened = try? GrantSeal.open(grant, with: kem, as: agency, in: context) else { continue }
                    circles += opened.circleKeys.values
                    for key in opened.contentKeys { found[key.key.commitment] = key.key }
                }
            }
        }
        for target in targets {
            guard let hash = target.descriptor.wrapHash, let wrap = wraps[hash] else { continue }
            let carried = CarriedCompartment(id: target.descriptor.id, content: [], wrap: wrap)
            for circle in circles {
                let key = try? CompartmentSeal.unwrap(carried, descriptor: target.descriptor, with: circle)
                if let key { found[key.commitment] = key }
            }
        }
        return found
    }

    /// Those of the targets of which the content key comes out, and those of which the plaintext does.
    func recovered(_ targets: Set<Target>) -> (keys: Set<Target>, plaintexts: Set<Target>) {
        let keys = contentKeys(for: targets)
        var (foundKeys, foundTexts): (Set<Target>, Set<Target>) = ([], [])
        for target in targets {
            guard let commitment = target.descriptor.keyCommitment, let key = keys[commitment] else { continue }
            foundKeys.insert(target)
            guard let content = contents[target.descriptor.contentHash] else { continue }
            let wrap = target.descriptor.wrapHash.flatMap { wraps[$0] }
            let carried = CarriedCompartment(id: target.descriptor.id, content: content, wrap: wrap)
            let context = SealingContext(origin: target.address.origin, event: target.event)
            let body = try? CompartmentSeal.open(
                carried, descriptor: target.descriptor, contentKey: key, in: context)
            if body?.fields.isEmpty == false { foundTexts.insert(target) }
        }
        return (foundKeys, foundTexts)
    }

    /// The content keys of the targets, and pieces of their ciphertext, for a search of every byte.
    func needles(_ targets: Set<Target>) -> [[UInt8]] {
        targets.flatMap { target -> [[UInt8]] in
            guard let content = contents[target.descriptor.contentHash], content.count > 128 else { return [] }
            return [Array(content[40..<72]), Array(content[96..<128])]
        }
    }

    /// How many of the needles stand in any file, and in which files.
    func hits(_ needles: [[UInt8]]) throws -> [String: Int] {
        var found: [String: Int] = [:]
        for path in files {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            let count = needles.count { data.range(of: Data($0)) != nil }
            if count > 0 { found[path] = count }
        }
        return found
    }

    /// How many grants to an agency there are.
    func grantCount(to agency: AgencyCode) -> Int {
        grants.count { (try? DirectGrant(decoding: $0.bytes))?.recipient == agency }
    }

    /// How many keys are held: so that a search that held none is not taken for one that found nothing.
    var keyCount: Int { locals.count + kems.count }
}
