import DeterministicCBOR
import EventLogs
public import KeyFiles
import PartyFiles
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// What an agency holds of the register: every leaf as it has followed them, and its own entries as it pushed them. A
/// register that was lost with the broker's disk is put together from these.
///
/// It answers as a broker does, so that whoever fetches from a broker can fetch from it.
public struct RegisterPart: Sendable {
    private let store: NodeStore
    private let origin: Origin
    private let size: TreeSize
    private let registerNote: [UInt8]
    private let own: SignedTreeHead
    /// Where each own statement stands in the register, in order.
    private let places: [(index: LeafIndex, position: UInt64)]

    /// Reads a node's directory while no node runs on it. The log's key signs a head over what the register has of the log,
    /// and nothing else.
    ///
    /// - Throws: `EventStoreError`, `PartyFileError`; `RegisterPartFault` where nothing is followed.
    public init(of path: String, passphrase: SecretBytes) throws {
        let directory = PartyDirectory(path: path)
        let request = try directory.enrolment()
        origin = request.log
        store = try NodeStore.open(in: path)
        let edge = try store.verifyRightEdge()
        let sets = try OwnKeySets(store, rootKey: try VerificationKey(bytes: request.rootKey))
        let keys = try NodeKeys(try directory.openKeys(passphrase: passphrase), sets: sets)
        try store.verifyHeadSignature(origin: origin, keys: keys.headKeys)
        guard let register = try store.registerHead() else { throw RegisterPartFault.nothingFollowed }
        size = register.frontier.size
        registerNote = register.note
        var places: [(index: LeafIndex, position: UInt64)] = []
        while true {
            let next = LeafIndex(UInt64(places.count))
            let page = try store.admissions(from: next, limit: Limits.pageLeafCount)
            for admission in page {
                guard admission.index.value == UInt64(places.count), admission.registerPosition < size.value else {
                    break
                }
                places.append((admission.index, admission.registerPosition))
            }
            guard places.count > Int(next.value) else { break }
        }
        self.places = places
        let admitted = TreeSize(UInt64(places.count))
        guard admitted != .empty, admitted <= edge.frontier.size else { throw RegisterPartFault.nothingFollowed }
        own = try SignedTreeHead.sign(
            TreeHead(origin: origin, size: admitted, root: try store.frontier(at: admitted).root), with: keys.log)
    }

    /// Answers one of the questions that a fetch asks.
    public func answer(_ path: String, _ query: [String: String]) throws -> [UInt8] {
        switch path {
        case "/v1/feed": try page(from: query["from"].flatMap { UInt64($0) } ?? size.value).encoded
        case "/v1/heads": CBOR.map(of: [(.origin(origin), .bytes(own.note))]).encoded
        // Nobody has been asked for cosignatures or evidence here.
        default: CBOR.array([.map(of: []), .array([]), .array([])]).encoded
        }
    }

    /// The leaves from a position on with the own statements among them; a head stands over the last page alone.
    func page(from: UInt64) throws -> FeedPage {
        var leaves = try store.registerLeaves(from: from, limit: Limits.pageLeafCount)
        var entries: [FeedEntry] = []
        var byteCount = 0
        let within = from..<from + UInt64(leaves.count)
        let first = places.firstIndex { $0.position >= from } ?? places.endIndex
        var ahead: ArraySlice<CarriedStatement> = []
        for (index, position) in places[first...] {
            guard within.contains(position) else { break }
            if ahead.isEmpty { ahead = try PushBatch(store: store).statements(from: index)[...] }
            guard let carried = ahead.popFirst() else { break }
            let count = carried.byteCount
            if entries.count == Limits.pageStatementCount || byteCount + count > Limits.pageByteCount, !entries.isEmpty
            {
                leaves = Array(leaves.prefix(Int(position - from)))
                break
            }
            byteCount += count
            entries.append(
                FeedEntry(position: position, statementPosition: position, index: index, statement: carried))
        }
        let isLast = from + UInt64(leaves.count) == size.value && !leaves.isEmpty
        return FeedPage(
            from: TreeSize(from), leaves: leaves, headNote: isLast ? registerNote : [], entries: entries)
    }
}

/// Why a node has nothing of a register to give.
public enum RegisterPartFault: Error, Hashable, Sendable {
    /// It has followed no leaf of it, or none about its own log.
    case nothingFollowed
}

extension RegisterPartFault: CustomStringConvertible {
    /// What is wrong, and what to do.
    public var description: String {
        """
        this node has followed nothing of the register that is about its own log; its copy is not needed to put the \
        register back
        """
    }
}
