import Casework
import Disclosures
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("A withdrawal's state")
struct WithdrawalStateTests {
    private static let id = EventID(from: SeededEntropy(seed: 7))
    private static let start = Timestamp(wholeSeconds: 1_772_355_000)
    private static let law = KeptOnLaw(until: start.adding(seconds: 1_000_000_000), law: "Limitation Act 1980 s.11")

    private static func state(
        _ answer: WithdrawalStanding? = nil, decided: WithdrawalDecided? = nil, onward: [WithdrawalOnward] = []
    ) -> WithdrawalState {
        var state = WithdrawalState(id: id, author: landlord, holder: police, made: nil)
        if let answer {
            state.evolve(
                .withdrawalAnswered(
                    WithdrawalAnswer(
                        withdrawal: id, standing: answer, stoppedAt: start, kept: answer == .kept ? law : nil,
                        onward: onward)), by: police)
        }
        if let decided { state.evolve(.withdrawalDecided(decided), by: police) }
        return state
    }

    @Test("ends by itself after twenty-eight days, to the second, unless somebody decided otherwise")
    func endsByItself() {
        let end = WithdrawalState.answerDays * 86_400
        #expect(Self.state().due(at: Self.start.adding(seconds: end * 9)) == .stopped, "its node has not stopped yet")
        #expect(Self.state(.stopped).due(at: Self.start.adding(seconds: end - 1)) == .stopped)
        #expect(Self.state(.stopped).due(at: Self.start.adding(seconds: end)) == .ended)
        let kept = WithdrawalDecided(withdrawal: Self.id, kept: Self.law, words: nil)
        #expect(Self.state(.stopped, decided: kept).due(at: Self.start.adding(seconds: end)) == .kept)
        #expect(Self.state(.kept, decided: kept).due(at: Self.law.until.adding(seconds: -1)) == .kept)
        #expect(Self.state(.kept, decided: kept).due(at: Self.law.until) == .ended)
        let over = WithdrawalDecided(withdrawal: Self.id, kept: nil, words: nil)
        #expect(Self.state(.kept, decided: over).due(at: Self.start) == .ended)
        #expect(Self.state(.ended, decided: kept).due(at: Self.start) == .ended, "what is destroyed stays so")
    }

    @Test("is outstanding until everybody has answered, and again when the day of keeping has come")
    func outstanding() {
        #expect(Self.state().isOutstanding(at: Self.start))
        #expect(Self.state(.stopped).isOutstanding(at: Self.start))
        #expect(!Self.state(.ended).isOutstanding(at: Self.start))
        #expect(!Self.state(.kept).isOutstanding(at: Self.law.until.adding(seconds: -1)))
        #expect(Self.state(.kept).isOutstanding(at: Self.law.until))
        for (standing, isWaitedFor) in [
            (WithdrawalStanding?.none, true), (.stopped, true), (.ended, false), (.kept, false),
        ] {
            let onward = WithdrawalOnward(agency: "northshire-fire", standing: standing, since: Self.start)
            #expect(Self.state(.ended, onward: [onward]).isOutstanding(at: Self.start) == isWaitedFor)
        }
    }

    @Test("heeds its holder alone, and only about itself")
    func heeds() {
        var state = Self.state()
        let answer = WithdrawalAnswer(withdrawal: Self.id, standing: .ended, stoppedAt: Self.start)
        state.evolve(.withdrawalAnswered(answer), by: landlord)
        let other = EventID(from: SeededEntropy(seed: 8))
        state.evolve(
            .withdrawalAnswered(WithdrawalAnswer(withdrawal: other, standing: .ended, stoppedAt: Self.start)),
            by: police)
        state.evolve(.withdrawalDecided(WithdrawalDecided(withdrawal: Self.id, kept: nil, words: nil)), by: landlord)
        #expect(state == Self.state())
    }

    @Test("owes an answer exactly where the newest does not say it, and keeps since when it stopped")
    func owes() throws {
        let later = Self.start.adding(seconds: 60)
        let first = try #require(Self.state().answerOwed(.stopped, onward: [], at: Self.start))
        #expect(first.stoppedAt == Self.start)
        #expect(Self.state(.stopped).answerOwed(.stopped, onward: [], at: later) == nil)
        let ended = try #require(Self.state(.stopped).answerOwed(.ended, onward: [], at: later))
        #expect(ended.stoppedAt == Self.start && ended.kept == nil)
        let onward = WithdrawalOnward(agency: "northshire-fire", standing: nil, since: later)
        #expect(Self.state(.stopped).answerOwed(.stopped, onward: [onward], at: later)?.onward == [onward])
        let kept = WithdrawalDecided(withdrawal: Self.id, kept: Self.law, words: "A claim is coming")
        #expect(Self.state(.stopped, decided: kept).answerOwed(.kept, onward: [], at: later)?.kept == Self.law)
    }

    @Test("is decided by its holder, with a day still to come and a law, until it is destroyed")
    func decides() throws {
        let kept = WithdrawalDecided(withdrawal: Self.id, kept: Self.law, words: nil)
        #expect(try decide(kept, given: Self.state(.stopped), as: police, at: Self.start) == [.withdrawalDecided(kept)])
        #expect(throws: DisclosureRefusal.notOurWithdrawal(holder: police)) {
            try decide(kept, given: Self.state(.stopped), as: landlord, at: Self.start)
        }
        #expect(throws: DisclosureRefusal.keptUntilPast) {
            try decide(
                WithdrawalDecided(withdrawal: Self.id, kept: KeptOnLaw(until: Self.start, law: "A law"), words: nil),
                given: Self.state(.stopped), as: police, at: Self.start)
        }
        #expect(throws: DisclosureRefusal.withdrawalEnded) {
            try decide(kept, given: Self.state(.ended), as: police, at: Self.start)
        }
        let blank = WithdrawalDecided(
            withdrawal: Self.id, kept: KeptOnLaw(until: Self.law.until, law: " "), words: nil)
        #expect(throws: DisclosureRefusal.self) {
            try decide(blank, given: Self.state(.stopped), as: police, at: Self.start)
        }
    }

    @Test("takes from each agency exactly what was chosen and it has")
    func chooses() throws {
        let all: [Label] = ["identity", "record", "risk", "safe-contact"]
        let agencies: [AgencyCode] = ["a", "b", "c"]
        try checkProperty { generator in
            var given: [AgencyCode: Set<Label>] = [:]
            for agency in agencies {
                let labels = Set(all.filter { _ in generator.bool() })
                if !labels.isEmpty { given[agency] = labels }
            }
            let labels = all.filter { _ in generator.bool() && generator.bool() }
            let from = agencies.filter { given[$0] != nil && generator.bool() && generator.bool() }
            guard let found = try? decideWithdrawal(of: given, labels: labels, from: from, words: nil) else {
                let chosen = from.isEmpty ? Set(given.keys) : Set(from)
                let isWanting = labels.contains { label in !chosen.contains { given[$0]?.contains(label) == true } }
                try #require(given.isEmpty || isWanting)
                return
            }
            for agency in agencies {
                let wanted = from.isEmpty || from.contains(agency)
                let expected = (given[agency] ?? []).filter { wanted && (labels.isEmpty || labels.contains($0)) }
                try #require(Set(found[agency] ?? []) == expected)
            }
        }
    }
}
