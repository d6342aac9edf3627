import EventLogs
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// A log that another is to go on from, as a node's copy has it and as the register has it.
struct EndedLog {
    /// One of its statements in the register.
    struct Place {
        let index: LeafIndex
        let position: UInt64
        let hash: Hash256
    }

    let request: EnrolmentRequest
    let next: Origin
    private let store: NodeStore
    /// What the register has and this copy does not.
    private(set) var missing: [LeafIndex: CarriedStatement] = [:]
    private(set) var places: [Place] = []
    private(set) var frontier = TreeFrontier()
    /// How many statements are here that the register does not have.
    private(set) var lostCount = 0

    /// - Parameter store: a copy of the node's store, which may be written.
    /// - Throws: `ContinuationFault.noName`.
    init(_ request: EnrolmentRequest, store: NodeStore) throws {
        guard let next = request.log.continued else { throw ContinuationFault.noName(request.log) }
        self.request = request
        self.next = next
        self.store = store
    }

    /// The statement that the register has at an index, as far as it is here or came from the broker.
    func statement(at index: LeafIndex) throws -> Statement? {
        if let carried = missing[index] { return try Statement(decoding: carried.bytes) }
        return try store.readLog(from: index, limit: 1).first.flatMap { $0.index == index ? $0.statement : nil }
    }

    /// Fetches what the broker has of the log and this copy does not. Each statement is held against its hash, which the
    /// register must have too, and against the keys that the log announced before it.
    mutating func fetchMissing(root: VerificationKey, ask: NodeContinuation.Ask) async throws {
        var hashes: [Hash256] = []
        while true {
            let edge = try OwnLogEdge(decoding: try await ask("/v1/own/edge", ["from": "\(hashes.count)"]))
            guard !edge.hashes.isEmpty else { break }
            hashes += edge.hashes
        }
        guard !hashes.isEmpty else { throw ContinuationFault.notRegistered }
        var keys: Set<VerificationKey> = [root]
        var page: [LeafIndex: CarriedStatement] = [:]
        for (place, hash) in hashes.enumerated() {
            let index = LeafIndex(UInt64(place))
            let known = try statement(at: index)
            var found = known?.leafHash == hash ? known : nil
            if found == nil {
                if page[index] == nil {
                    let body = try await ask("/v1/own", ["from": "\(index)"])
                    for (offset, carried) in try OwnLogPage(decoding: body).statements.enumerated() {
                        page[LeafIndex(index.value + UInt64(offset))] = carried
                    }
                }
                let came = page[index].flatMap { try? Statement(decoding: $0.bytes) }
                // The broker gives back what the agency writes now: another node goes on already.
                if let came, came.origin == next { throw ContinuationFault.continued(next) }
                guard let carried = page[index], let read = came, read.leafHash == hash, read.origin == request.log,
                    keys.contains(where: { (try? read.signed.verified(by: $0)) != nil })
                else { throw ContinuationFault.incomplete(index) }
                missing[index] = carried
                found = read
            }
            guard case .keyset(let entries)? = found?.payload.control else { continue }
            for entry in entries where entry.role == .statement {
                if let key = try? VerificationKey(bytes: entry.key) { keys.insert(key) }
            }
        }
    }

    /// Follows the register from where the copy had it to its end, with the log as the register has it.
    mutating func follow(
        _ follower: RegisterFollower, opener: Opener, now: Timestamp, ask: NodeContinuation.Ask
    ) async throws -> SeenHead {
        var follower = follower
        let taking = PageTaking(store: store, opener: opener, ownOrigin: request.log, now: now)
        while true {
            let body = try await ask("/v1/feed", ["from": "\(follower.size)", "wait": "0"])
            let page = try FeedPage(decoding: body)
            guard !page.leaves.isEmpty else { break }
            let followed = try follower.take(
                page, now: now, own: { try? statement(at: $0) },
                registered: { [store] in NodeCore.record(at: $0, in: store) })
            try taking.save(followed, frontier: follower.frontier.nodes, size: follower.size, leaves: page.leaves)
        }
        try readPlaces(follower.roster)
        guard let register = follower.roster.registerOrigin else { throw ContinuationFault.notRegistered }
        return SeenHead(origin: register, size: follower.size, root: follower.frontier.root)
    }

    private mutating func readPlaces(_ roster: Roster) throws {
        var position: UInt64 = 0
        while true {
            let leaves = try store.registerLeaves(from: position, limit: Limits.pageLeafCount)
            guard !leaves.isEmpty else { break }
            for bytes in leaves {
                try take(RegisterLeaf(decoding: bytes), at: position, roster)
                position += 1
            }
        }
        guard !places.isEmpty else { throw ContinuationFault.notRegistered }
        // What was written meanwhile comes from a copy that is still at work.
        guard missing.keys.allSatisfy({ $0.value < frontier.size.value }) else { throw ContinuationFault.stillWritten }
        var next = LeafIndex(0)
        while true {
            let page = try store.readLog(from: next, limit: Limits.pageStatementCount)
            guard let last = page.last else { break }
            lostCount += page.count { placed in
                placed.index.value >= frontier.size.value
                    || places[Int(placed.index.value)].hash != placed.statement.leafHash
            }
            next = LeafIndex(last.index.value + 1)
        }
    }

    private mutating func take(_ leaf: RegisterLeaf, at position: UInt64, _ roster: Roster) throws {
        guard case .verdict(let record) = leaf else { return }
        if record.goesOn(from: request.log, in: roster) { throw ContinuationFault.continued(record.origin) }
        guard record.origin == request.log else { return }
        guard record.index == frontier.size.nextIndex, try statement(at: record.index)?.leafHash == record.leafHash
        else {
            throw ContinuationFault.incomplete(record.index)
        }
        _ = frontier.append(record.leafHash)
        places.append(Place(index: record.index, position: position, hash: record.leafHash))
    }
}
