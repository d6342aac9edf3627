import EventLogs
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import TransparencyLog

/// Puts a node's copy of the register right, with what others wrote and what the register says of the own log: the feed is
/// followed once more from its beginning, and believed as it was the first time.
struct RegisterRepair {
    private let repair: StoreRepair
    private let party: EnrolmentRequest
    private let now: Timestamp
    private var follower: RegisterFollower

    /// - Parameter heard: revocations that came by another way than the register.
    init(
        _ repair: StoreRepair, party: EnrolmentRequest, roster: Roster, heard: HeardRevocations, now: Timestamp
    ) {
        self.repair = repair
        self.party = party
        self.now = now
        follower = RegisterFollower(roster: roster, ownCode: party.agency, ownLog: party.log, heard: heard)
    }

    mutating func run(ask: NodeRepair.Ask) async throws {
        let known = try repair.registerNote().flatMap { try? UnverifiedTreeHead(parsing: $0) }
        var newest: (frontier: TreeFrontier, note: [UInt8])?
        while true {
            let bytes = try await ask("/v1/feed", ["from": "\(follower.size)", "wait": "0"])
            guard let page = try? FeedPage(decoding: bytes) else { throw RepairObstacle.feed("feed-form") }
            guard !page.leaves.isEmpty else { break }
            let before = follower.frontier
            let followed: FollowedPage
            do throws(FollowFault) {
                followed = try follower.take(
                    page, now: now, own: { [repair] in try? repair.copy.readLog(from: $0, limit: 1).first?.statement },
                    registered: { [repair] in RegisterRepair.record(at: $0, in: repair.copy) })
            } catch { throw RepairObstacle.feed(error.code) }
            // What was followed before the damage ends where it ended, if its head is one that this register signed.
            let end = try known.flatMap { try edge(of: $0, in: page, after: before) }
            try put(page, followed, upTo: end?.size ?? follower.size)
            if let end, let known { return try repair.write { try $0.putRegister(end, note: known.bytes) } }
            newest = (follower.frontier, page.headNote)
        }
        if let known, known.claimed.size > follower.size, isSigned(known.bytes) {
            throw RepairObstacle.registerShorter(follower.size, ours: known.claimed.size)
        }
        if let newest { try repair.write { try $0.putRegister(newest.frontier, note: newest.note) } }
    }

    private static func record(at position: UInt64, in store: NodeStore) -> AdmissionRecord? {
        guard let bytes = try? store.registerLeaves(from: position, limit: 1).first,
            case .verdict(let record)? = try? RegisterLeaf(decoding: bytes)
        else { return nil }
        return record
    }

    /// The right edge that a stored head states, if it lies on this page and is signed.
    ///
    /// - Throws: `RepairObstacle.feed` where the register signed the head and does not lead to it any more: the copy that is
    ///   here is evidence then, and no other takes its place.
    private func edge(
        of head: UnverifiedTreeHead, in page: FeedPage, after before: TreeFrontier
    ) throws -> TreeFrontier? {
        let size = head.claimed.size
        guard size > before.size, size <= follower.size, isSigned(head.bytes) else { return nil }
        var frontier = before
        for leaf in page.leaves.prefix(Int(size.value - before.size.value)) {
            frontier.append(MerkleTree.leafHash(leaf))
        }
        guard head.claimed.root == frontier.root else { throw RepairObstacle.feed("register-root") }
        return frontier
    }

    private func isSigned(_ note: [UInt8]) -> Bool {
        guard let register = follower.roster.registerOrigin else { return false }
        return follower.roster.logKeys(of: register).contains { key in
            (try? SignedTreeHead(verifying: note, origin: register, key: key)) != nil
        }
    }

    private func put(_ page: FeedPage, _ followed: FollowedPage, upTo end: TreeSize) throws {
        let admissions = followed.leaves.compactMap { position, leaf in
            position < end.value ? wrongAdmission(by: leaf, at: position) : nil
        }
        let contradictions = admissions.compactMap { contradiction(of: $0) }
        try repair.write { editor in
            for (offset, leaf) in page.leaves.enumerated() where page.from.value + UInt64(offset) < end.value {
                try editor.put(leaf: leaf, at: page.from.value + UInt64(offset))
            }
            for statement in followed.statements where statement.position < end.value {
                try put(statement, with: &editor)
            }
            for receipt in contradictions { try editor.keep(receipt) }
            for admission in admissions { try editor.put(admission) }
        }
    }

    private func put(_ followed: FollowedStatement, with editor: inout StoreEditor) throws {
        let (statement, index) = (followed.statement, followed.record.index)
        try editor.putReceived(statement, at: index, position: followed.statementPosition)
        try editor.removeStray(of: statement, at: index)
        try editor.putParts(
            of: statement, at: index, compartments: followed.compartments, grants: followed.grants,
            addsGrants: !isOver(statement))
    }

    /// What was given until a day and is over was destroyed here, and stays so.
    private func isOver(_ statement: Statement) -> Bool {
        guard case .share(let share) = statement.payload.control, let expires = share.expires else { return false }
        return expires <= now
    }

    /// What the stored receipt of a statement says, if the register signed it and its leaf says otherwise: evidence.
    private func contradiction(of admission: Admission) -> Admission? {
        guard let stored = try? repair.copy.admission(of: admission.index),
            let (leaf, position) = stored.receipted(by: follower.roster),
            case .verdict(let record) = leaf, record.origin == party.log, record.index == admission.index
        else { return nil }
        let said = RegisterRepair.admission(record, at: position, proof: stored.proof)
        let isTheSame =
            said.registerPosition == admission.registerPosition && said.isAccepted == admission.isAccepted
            && said.reason == admission.reason
        return isTheSame ? nil : said
    }

    private static func admission(_ record: AdmissionRecord, at position: UInt64, proof: [UInt8]) -> Admission {
        var reason: ReasonCode?
        if case .refused(let code) = record.verdict { reason = code }
        return Admission(
            index: record.index, registerPosition: position, isAccepted: reason == nil, reason: reason, proof: proof)
    }

    /// What the register says of an own statement, where something else is recorded.
    private func wrongAdmission(by leaf: RegisterLeaf, at position: UInt64) -> Admission? {
        guard case .verdict(let record) = leaf, record.origin == party.log else { return nil }
        let stored = try? repair.copy.admission(of: record.index)
        if let stored, stored.registerPosition == position,
            stored.isBorne(by: leaf.encoded, roster: follower.roster)
        {
            return nil
        }
        return RegisterRepair.admission(record, at: position, proof: [])
    }
}
