import EventLogs
import Foundation
import KeyFiles
public import PartyFiles
import Partnership
import Replication
import SQLiteStore
import Sealing
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// What going on in a new log made.
public struct ContinuationSummary: Codable, Hashable, Sendable {
    /// Whose.
    public let agency: String
    /// The log that ends.
    public let endedLog: String
    /// How many of its entries are registered, and stand.
    public let registered: Int
    /// How many of those were not here and came back from the broker.
    public let broughtBack: Int
    /// How many entries were here that the register does not have: they are lost, and stay in the former directory only.
    public let lost: Int
    /// The log that goes on.
    public let log: String
    /// The new directory.
    public let directory: String
}

/// Goes on in a new log where an agency's log cannot be written any more: others hold another history of it, and no node
/// has the whole (WIRE §2, rollback; decision 0042).
///
/// The former directory is only read. The new one has new keys, a log whose first statement says where the former one ends,
/// signed by the root key, and everything that the register has of the former log beside what others wrote.
public struct NodeContinuation: Sendable {
    /// Asks the broker as this agency: a path and a query; gives the body of a success.
    public typealias Ask = @Sendable (_ path: String, _ query: [String: String]) async throws -> [UInt8]

    private let former: PartyDirectory
    private let directory: PartyDirectory
    private let rootKeyFile: String?
    private let heads: HeadStore?
    private let entropy: any Entropy
    private let time: any TimeSource

    /// Works on a node's directory, in which no process may be at work.
    ///
    /// - Parameters:
    ///   - path: the new directory; nothing may be there.
    ///   - rootKeyFile: where the root key is, if not in the former directory.
    ///   - heads: the second store of the new log's head; the one beside the new directory if none is named.
    public init(
        of former: String, into path: String, rootKeyFile: String?, heads: HeadStore? = nil, entropy: any Entropy,
        time: any TimeSource
    ) {
        self.former = PartyDirectory(path: former)
        directory = PartyDirectory(path: path)
        self.rootKeyFile = rootKeyFile
        self.heads = heads
        self.entropy = entropy
        self.time = time
    }

    /// Makes the new directory. Its node pushes the first statement when it starts; from when the broker has admitted it, the
    /// former log has ended for everybody.
    ///
    /// - Throws: `ContinuationFault`, `PartyFileError`, `DirectoryInUse`, `EventStoreError`, and what `ask` throws. Nothing is
    ///   left in the new directory then.
    public func run(passphrases: KeyRotation.Passphrases, ask: Ask) async throws -> ContinuationSummary {
        guard !PublicFile.exists(directory.path) else { throw ContinuationFault.alreadyThere(path: directory.path) }
        let lock = try DirectoryLock(former)
        defer { withExtendedLifetime(lock) {} }
        let root = try former.openRootKey(at: rootKeyFile, passphrase: passphrases.root)
        do { return try await make(root: root, passphrase: passphrases.party, ask: ask) } catch {
            try? FileManager.default.removeItem(atPath: directory.path)
            throw error
        }
    }

    private func make(root: SigningKey, passphrase: SecretBytes, ask: Ask) async throws -> ContinuationSummary {
        let request = try former.enrolment()
        let (file, fingerprint) = try former.partnership()
        guard let next = request.log.continued else { throw ContinuationFault.noName(request.log) }
        // First: a directory that is cut short must never look like a node of the former log, which could write there.
        try PublicFile.makeDirectory(directory.path)
        try PublicFile.write(Array((next.text + "\n").utf8), to: directory.continuedLogFile)
        try copyFiles()
        let repair = try StoreRepair(of: directory.path)
        var ended = try EndedLog(request, store: repair.copy)
        try await ended.fetchMissing(root: root.publicKey, ask: ask)
        let keys = try former.openKeys(passphrase: passphrase)
        let local = try LocalKeys(keys, store: repair.copy)
        let sets = try OwnKeySets(repair.copy, rootKey: root.publicKey)
        let kems = try NodeKeys(keys, sets: sets, mayLack: true).kems
        let rebuild = NodeRebuild(
            repair.copy, of: request.agency, origin: request.log, localKey: local.key, kemKeys: kems,
            bootstrap: try file.bootstrap(fingerprint: fingerprint, now: time.now()), time: time)
        let opener = Opener(store: repair.copy, localKey: local.key, kemKeys: kems, agency: request.agency)
        let seen = try await ended.follow(rebuild.run().follower, opener: opener, now: time.now(), ask: ask)
        try end(ended, in: repair)
        try found(ended, seen: seen, root: root, passphrase: passphrase)
        return ContinuationSummary(
            agency: request.agency.text, endedLog: request.log.text, registered: ended.places.count,
            broughtBack: ended.missing.count, lost: ended.lostCount, log: ended.next.text, directory: directory.path)
    }

    /// Everything but the log, its second store, and what belongs to one running node. What the witness cosigned comes along:
    /// it is never begun anew.
    private func copyFiles() throws {
        for kind in StoreSnapshot.File.allCases { try StoreSnapshot.take(kind, in: former.path, to: directory.path) }
        for name in try PublicFile.names(in: former.path)
        where NodeContinuation.isTaken(name) && "\(directory.path)/\(name)" != directory.continuedLogFile {
            let bytes = try PublicFile.read("\(former.path)/\(name)")
            try PublicFile.write(bytes, to: "\(directory.path)/\(name)")
        }
        // What people gave while the log could not be written is recorded in the one that goes on.
        if PublicFile.exists(former.keptCommands) {
            try FileManager.default.copyItem(atPath: former.keptCommands, toPath: directory.keptCommands)
        }
        try KeyFileStore.write(try KeyFileStore.read(from: former.keyFile), to: directory.keyFile)
    }

    private static func isTaken(_ name: String) -> Bool {
        guard BackupFile.isTaken(name), StoreSnapshot.File(rawValue: name) == nil else {
            return name == "renewal.request"
        }
        return true
    }

    private func end(_ ended: EndedLog, in repair: StoreRepair) throws {
        let registered = try ended.places.map { place in
            guard let statement = try ended.statement(at: place.index) else {
                throw ContinuationFault.incomplete(place.index)
            }
            return RegisteredStatement(index: place.index, position: place.position, statement: statement)
        }
        try repair.write { editor in
            try editor.endOwnLog(ended.request.log, keeping: registered)
            for place in registered {
                guard let carried = ended.missing[place.index] else { continue }
                try editor.putParts(
                    of: place.statement, at: place.index, compartments: carried.compartments, grants: carried.grants,
                    addsGrants: true)
            }
        }
        try repair.finish()
        try repair.switchOver()
    }

    /// New keys, and the log's first two statements. No key of the former log signs anything in the new one: whoever has a
    /// copy of the node has those.
    private func found(_ ended: EndedLog, seen: SeenHead, root: SigningKey, passphrase: SecretBytes) throws {
        var file = try directory.openKeyFile(passphrase: passphrase)
        let (statement, log) = (SigningKey(from: entropy), SigningKey(from: entropy))
        let kemSeed = entropy.bytes(count: 32)
        file.add(statement.seed, as: PartySecret.statement)
        file.add(log.seed, as: PartySecret.log)
        file.add(kemSeed, as: PartySecret.kem)
        try file.save(entropy: entropy)
        let entries = [
            KeySetEntry(
                role: .statement, algorithm: KeySetEntry.ed25519, key: statement.publicKey.bytes, expires: nil),
            KeySetEntry(role: .log, algorithm: KeySetEntry.ed25519, key: log.publicKey.bytes, expires: nil),
            KeySetEntry(
                role: .kem, algorithm: KeySetEntry.xWing, key: try Sealing.KEMPrivateKey(seed: kemSeed).publicKey,
                expires: nil),
        ]
        let continues = ContinuesControl(
            origin: ended.request.log, size: ended.frontier.size, root: ended.frontier.root)
        let drafts = [ControlBody.continues(continues), .keyset(entries)].map { control in
            StatementDraft(
                eventID: EventID(from: entropy), stream: .control, expectedVersion: .any, control: control,
                rootSigner: root)
        }
        let now = time.now()
        let sequencing = try Sequencer(origin: ended.next, frontier: TreeFrontier(), lastIssuedAt: now, seen: seen)
            .sequence(
                [AppendRequest(drafts)],
                in: Sequencer.Context(streams: [:], recorded: [:], seen: seen, now: now),
                statementSigner: statement, logSigner: log)
        guard let batch = sequencing.batch else { throw ContinuationFault.incomplete(LeafIndex(0)) }
        let heads = try directory.headStore(heads)
        try heads.checkMissing()
        try NodeStore.open(in: directory.path).append(batch)
        try directory.keep(heads)
        _ = try heads.replace(nil, by: batch.head.head)
    }
}

/// Why a log is not gone on from.
public enum ContinuationFault: Error, Hashable, Sendable {
    /// There is something in the place of the new directory.
    case alreadyThere(path: String)
    /// The register has nothing of the log: nothing is lost, and there is nothing to go on from.
    case notRegistered
    /// Somebody writes in the log still.
    case stillWritten
    /// Another log goes on in this one's place already.
    case continued(Origin)
    /// No name can be made for the log that goes on.
    case noName(Origin)
    /// A statement that the register has is not here, and the broker did not give it.
    case incomplete(LeafIndex)
}

extension ContinuationFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .alreadyThere(let path):
            "\(path) is there already; name a directory that is not, with --into"
        case .notRegistered:
            "nothing of this log was ever registered: there is nothing to go on from. Start the node, or found it anew"
        case .stillWritten: "a node still writes in this log: find every copy of it, stop them all, and try again"
        case .continued(let origin):
            "\(origin) goes on in this log's place already; run the node that has it, or go on from that one"
        case .noName(let origin): "no name can be made for the log that would go on from \(origin): it is too long"
        case .incomplete(let index):
            "the register has entry \(index) of this log, and neither this node nor the broker gave it; ask the broker's people"
        }
    }
}
