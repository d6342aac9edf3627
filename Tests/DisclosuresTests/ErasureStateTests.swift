import Disclosures
import EventLogs
import TallystickPrimitives
import TallystickTesting
import Testing

/// Who may have something destroyed, and when (PRACTICE P11, decision 0030).
@Suite("An erasure takes two people and thirty days") struct ErasureStateTests {
    private let now = Timestamp(wholeSeconds: 1_772_355_000)

    private func proposed() throws -> ErasureState {
        let log = try #require(Origin("harbour-homes.example/log"))
        let stream = StreamAddress(origin: log, stream: StreamID(from: SeededEntropy(seed: 1)))
        return ErasureState(
            id: EventID(from: SeededEntropy(seed: 2)),
            proposal: ErasureProposal(
                places: [ErasurePlace(stream: stream, through: LeafIndex(4))], reason: .retention, by: "Ruth",
                words: nil),
            proposedAt: now)
    }

    /// Every run of four acts by three names, two of which are one person: it is approved exactly when two people stand in
    /// it before anybody brings it back.
    @Test func onlyTwoPeopleApprove() throws {
        let acts = ["Ruth Records", " ruth records", "Dev Privacy", "stop"]
        for first in acts {
            for second in acts {
                for third in acts {
                    for fourth in acts {
                        try check([first, second, third, fourth])
                    }
                }
            }
        }
    }

    private func check(_ acts: [String]) throws {
        var state = try proposed()
        var people: Set<String> = []
        var isStopped = false
        for act in acts {
            if act == "stop" {
                let events = try? bringBack(state, by: "Ruth", words: "A claim", hasBegun: false)
                #expect((events == nil) == isStopped)
                for event in events ?? [] { state.evolve(event, at: now) }
                isStopped = true
                continue
            }
            let person = act.filter { $0 != " " }.lowercased()
            let isAllowed = !isStopped && !people.contains(person) && people.count < 2
            let events = try? approve(state, by: act, backupDays: Limits.backupDays, holds: [], at: now)
            #expect((events != nil) == isAllowed, "\(acts)")
            for event in events ?? [] { state.evolve(event, at: now) }
            if isAllowed { people.insert(person) }
            #expect(state.isApproved == (people.count == ErasureState.approverCount && !isStopped))
        }
        #expect(state.isApproved == (people.count == 2 && !isStopped), "\(acts)")
    }

    /// A record of two approvals by one name, as a node that is made to lie could write it, is one.
    @Test func whatIsRecordedTwiceIsOne() throws {
        var state = try proposed()
        for _ in 0..<2 {
            state.evolve(
                .erasureApproved(
                    ErasureApproval(erasure: state.id, by: "Ruth", due: now, backupDays: Limits.backupDays)), at: now)
        }
        #expect(!state.isApproved && state.approvers == ["Ruth"])
    }

    @Test func itIsDueAfterTheQuarantineToTheSecond() throws {
        var state = try proposed()
        for officer in ["Ruth", "Dev"] {
            for event in try approve(state, by: officer, backupDays: 1, holds: [], at: now) {
                state.evolve(event, at: now)
            }
        }
        let end = now.adding(seconds: Limits.quarantineDays * 86_400)
        #expect(Limits.quarantineDays == 30)
        #expect(!state.isDue(at: end.adding(seconds: -1)))
        #expect(state.isDue(at: end))
        #expect(state.backupDays == 1)
    }

    @Test func whatIsHeldIsNotApproved() throws {
        let state = try proposed()
        #expect(throws: DisclosureRefusal.onHold(["inquest"])) {
            try approve(state, by: "Ruth", backupDays: Limits.backupDays, holds: ["inquest"], at: now)
        }
    }

    @Test func boundsAreKept() throws {
        let state = try proposed()
        for days in [0, Limits.backupDaysAtMost + 1] {
            #expect(throws: DisclosureRefusal.backupDays(Limits.backupDaysAtMost)) {
                try approve(state, by: "Ruth", backupDays: days, holds: [], at: now)
            }
        }
        #expect(throws: DisclosureRefusal.nothingToErase) {
            try decide(ErasureProposal(places: [], reason: .error, by: "Ruth", words: nil), others: [])
        }
        #expect(throws: DisclosureRefusal.erasedAlready) {
            try decide(state.proposal, others: Set(state.proposal.streams))
        }
        #expect(throws: DisclosureRefusal.erasedAlready) {
            try bringBack(state, by: "Ruth", words: "A claim", hasBegun: true)
        }
        #expect(throws: DisclosureRefusal.keptUntilPast) { try decideKept(until: now, by: "Ruth", at: now) }
        #expect(throws: (any Error).self) { try decideHold(by: " ", words: nil) }
    }
}
