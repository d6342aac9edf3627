import CommandLineSupport
import EventLogs
import Foundation
import GRDB
import PartyFiles
import Partnership
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import NodeService

/// A copy of a node's directory, and of the second store beside it, in the hands of somebody who may write its files and
/// has not all of its keys.
struct StoreCopy {
    let path: String
    private let origin: Origin

    init(of place: PartyDirectory, in directory: String) throws {
        path = "\(directory)/copy-\(try FileManager.default.contentsOfDirectory(atPath: directory).count)"
        origin = try place.enrolment().origin
        try FileManager.default.copyItem(atPath: place.path, toPath: path)
        let heads = (HeadStore(beside: place).path, HeadStore(beside: PartyDirectory(path: path)).path)
        if PublicFile.exists(heads.0) { try FileManager.default.copyItem(atPath: heads.0, toPath: heads.1) }
    }

    /// What `verify` finds, as "part at index".
    func damage() throws -> [String] {
        let found = try LogCheck(directory: path).damage
        // However much is looked at together, the same is found.
        for count in [1, 7] { #expect(try LogCheck(directory: path, pageCount: count).damage == found) }
        return found.map { found in found.part + (found.index.map { " at \($0)" } ?? "") }
    }

    /// Opens the copy as a node does at its start.
    func open(as world: OneProcess) async throws {
        _ = try await OpenedNode(
            PartyDirectory(path: path), passphrase: OneProcess.passphrase, entropy: world.entropy, time: world.time,
            logger: world.logger)
    }

    /// Replaces the log by one of the same name, founded with a key of the attacker's own.
    func found(by attacker: SigningKey, fingerprint: Hash256, entropy: any Entropy) throws {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: path + "/log.sqlite" + suffix)
        }
        let store = try NodeStore.create(in: path)
        let key = attacker.publicKey.bytes
        let genesis = ControlBody.genesis(Genesis(party: .agency, rootKey: key, boardFingerprint: fingerprint))
        let keys = ControlBody.keyset(
            [KeyRole.statement, .log].map {
                KeySetEntry(role: $0, algorithm: KeySetEntry.ed25519, key: key, expires: nil)
            })
        try append(
            [genesis, keys].map { draft($0, entropy: entropy) }, to: store, after: TreeFrontier(), streams: [:],
            signers: (attacker, attacker))
    }

    /// Appends an entry as the node's own sequencer would, with other keys.
    func add(statementSigner: SigningKey, headSigner: SigningKey, entropy: any Entropy) throws {
        let store = try NodeStore.open(in: path)
        let control = ControlBody.adopt(bundle: .zero, offices: ["nobody"])
        try append(
            [draft(control, entropy: entropy)], to: store, after: try store.verifyRightEdge().frontier,
            streams: try store.streamHeads([.control]), signers: (statementSigner, headSigner))
    }

    /// Removes every entry from a place on, and puts back the head that was signed then.
    func cutBack(to size: UInt64, signedBy signer: SigningKey) throws {
        let store = try NodeStore.open(in: path)
        let nodes = try TreeFrontier.coordinates(for: TreeSize(size)).map { try store.node($0) }
        let root = try TreeFrontier(size: TreeSize(size), nodes: nodes).root
        var heads: [StreamID: StreamHead] = [:]
        for placed in try store.readLog(from: LeafIndex(0), limit: Int(size)) {
            let payload = placed.statement.payload
            heads[payload.stream] = StreamHead(sequence: payload.sequence, hash: placed.statement.hash)
        }
        let rows = heads.map { "(X'\($0.hex)', \($1.sequence), X'\($1.hash.hex)')" }.joined(separator: ", ")
        let note = try SignedTreeHead.sign(TreeHead(origin: origin, size: TreeSize(size), root: root), with: signer)
            .note
        try StoreCopy.run(
            """
            DROP TRIGGER statements_delete; DROP TRIGGER admissions_delete; DROP TRIGGER tree_nodes_delete;
            DROP TRIGGER tree_head_update; DROP TRIGGER streams_delete;
            DELETE FROM streams;
            INSERT INTO streams (stream, sequence, hash) VALUES \(rows);
            DELETE FROM unadmitted WHERE idx >= \(size);
            DELETE FROM admissions WHERE idx >= \(size);
            DELETE FROM statements WHERE idx >= \(size);
            DELETE FROM tree_nodes WHERE (idx + 1) * (1 << level) > \(size);
            UPDATE tree_head SET size = \(size), note = X'\(Hex.encode(note))',
                note_hash = X'\(Hash256(hashing: note).hex)';
            """, in: path + "/log.sqlite")
    }

    /// Changes a store's file as its administrator can.
    static func run(_ sql: String, in file: String) throws {
        try DatabaseQueue(path: file).write { try $0.execute(sql: sql) }
    }

    private func draft(_ control: ControlBody, entropy: any Entropy) -> StatementDraft {
        StatementDraft(eventID: EventID(from: entropy), stream: .control, expectedVersion: .any, control: control)
    }

    private func append(
        _ drafts: [StatementDraft], to store: NodeStore, after frontier: TreeFrontier,
        streams: [StreamID: StreamHead], signers: (statement: SigningKey, head: SigningKey)
    ) throws {
        let now = Timestamp(wholeSeconds: 1_772_355_900)
        let sequencer = Sequencer(origin: origin, frontier: frontier, lastIssuedAt: now, seen: nil)
        let sequencing = try sequencer.sequence(
            [AppendRequest(drafts)],
            in: Sequencer.Context(streams: streams, recorded: [:], seen: nil, now: now),
            statementSigner: signers.statement, logSigner: signers.head)
        if let batch = sequencing.batch { try store.append(batch) }
    }
}
