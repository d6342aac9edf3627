import EventLogs
import Partnership
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// What a node has after following a register.
struct Followed {
    var leaves = 0
    var statements: [FollowedStatement] = []
    var findings: [ReceivedFinding] = []
}

extension World {
    func follower(of agency: AgencyCode) throws -> RegisterFollower {
        let roster = try Roster.bootstrap(
            fingerprint: fingerprint, statements: boardStatements, now: now)
        return RegisterFollower(roster: roster, ownCode: agency)
    }

    /// Takes in one page, as it comes over the wire.
    func take(
        _ page: FeedPage, into follower: inout RegisterFollower, of agency: AgencyCode
    ) throws -> FollowedPage {
        let origin = logs[agency]?.origin
        let own = register.admitted.filter { $0.statement.origin == origin }
        return try follower.take(
            try FeedPage(decoding: page.encoded), now: now,
            own: { index in own.first { $0.submission.index == index }?.statement },
            registered: { register.record(at: $0) })
    }

    /// Follows to the end of the register in pages that end at the given sizes.
    func followToEnd(
        _ follower: inout RegisterFollower, of agency: AgencyCode, cuts: [UInt64] = []
    ) throws -> Followed {
        var followed = Followed()
        for end in cuts + [register.tree.size.value] where end >= follower.size.value {
            let page = try register.page(for: agency, from: follower.size.value, to: end)
            let taken = try take(page, into: &follower, of: agency)
            followed.leaves += taken.leaves.count
            followed.statements += taken.statements
            followed.findings += taken.findings
        }
        return followed
    }
}

extension FeedPage {
    func with(
        from: TreeSize? = nil, leaves: [[UInt8]]? = nil, headNote: [UInt8]? = nil,
        entries: [FeedEntry]? = nil
    ) -> FeedPage {
        FeedPage(
            from: from ?? self.from, leaves: leaves ?? self.leaves,
            headNote: headNote ?? self.headNote, entries: entries ?? self.entries)
    }
}

extension FeedEntry {
    func with(
        position: UInt64? = nil, statementPosition: UInt64? = nil, index: LeafIndex? = nil,
        bytes: [UInt8]? = nil, compartments: [CarriedCompartment]? = nil, grants: [[UInt8]]? = nil
    ) -> FeedEntry {
        FeedEntry(
            position: position ?? self.position,
            statementPosition: statementPosition ?? self.statementPosition,
            index: index ?? self.index,
            statement: CarriedStatement(
                bytes: bytes ?? statement.bytes,
                compartments: compartments ?? statement.compartments,
                grants: grants ?? statement.grants))
    }
}
