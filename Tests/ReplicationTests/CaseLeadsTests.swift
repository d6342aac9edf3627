import EventLogs
import Partnership
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import Replication

/// Who leads a case (decision 0033), tried out in full: two and three agencies, every step by every agency at every point.
@Suite("A case has one lead at every register position") struct CaseLeadsTests {
    /// Three agencies and a board whose register has them, without statements: steps are put to the fold itself.
    struct World {
        let roster: Roster
        let agencies: [AgencyCode]
        let matter: StreamAddress
        let board: Origin

        init(_ agencies: [AgencyCode]) throws {
            self.agencies = agencies
            let founding = try Founding(agencies: agencies)
            roster = founding.roster
            board = founding.board
            matter = StreamAddress(origin: founding.origins[0], stream: StreamID(from: founding.entropy))
        }

        func origin(of agency: AgencyCode) -> Origin { roster.parties[agency]?.origin ?? board }
    }

    /// What a word of the small language does, for an agency.
    enum Word: CaseIterable {
        case offerFirst, offerSecond, accept, takeUnasked, decline, takeBack, withdraw, release, releaseStale, lead,
            leadStale
    }

    struct Model: Hashable {
        var lead: AgencyCode
        var offeredTo: AgencyCode?
        var wouldTake: Set<AgencyCode> = []
    }

    /// A world with its fold, and the plain model beside it.
    struct State {
        var leads = CaseLeads()
        var model: Model
        var position: UInt64 = 10
        var entropy: SeededEntropy
        /// The terms that have been, oldest first.
        var terms: [EventAddress?] = [nil]
    }

    @Test(
        "Every run of seven steps by two agencies, and of five by three, leaves one lead, as the model has it",
        arguments: [(2, 7), (3, 5)])
    func exhaustive(count: Int, depth: Int) throws {
        let world = try World(Array(["agency-a", "agency-b", "agency-c"].prefix(count)))
        var seen = 0
        try explore(
            world, State(model: Model(lead: world.agencies[0]), entropy: SeededEntropy(seed: 4)), depth: depth, &seen)
        #expect(seen > 1_000)
    }

    private func explore(_ world: World, _ state: State, depth: Int, _ seen: inout Int) throws {
        guard depth > 0 else { return }
        for author in world.agencies {
            for word in Word.allCases {
                guard let next = try step(word, by: author, world, state) else { continue }
                seen += 1
                try explore(world, next, depth: depth - 1, &seen)
            }
        }
    }

    /// One step: what the judge says must be what the model says, and after it both have the same lead.
    private func step(_ word: Word, by author: AgencyCode, _ world: World, _ state: State) throws -> State? {
        var next = state
        let address = EventAddress(origin: world.origin(of: author), event: EventID(from: next.entropy))
        let standing = try #require(state.leads.standing(of: world.matter, in: world.roster))
        let others = world.agencies.filter { $0 != author }
        let (step, after) = try meaning(word, by: author, others: others, standing, state)
        guard let step else { return nil }
        let handover = HandoverControl(matter: world.matter, step: step)
        var fault: HandoverFault?
        do throws(HandoverFault) {
            try state.leads.judge(handover, by: author, at: TreeSize(state.position), in: world.roster)
        } catch { fault = error }
        #expect((fault == nil) == (after != nil), "\(word) by \(author): \(state.model), \(String(describing: fault))")
        // Nobody is the lead of two terms, and every term but the first has what began it.
        guard fault == nil, let after else { return nil }
        next.position += 1
        if case .lead = step {
            let before = next.leads.standing(of: world.matter, in: world.roster)
            next.leads.take(
                handover, of: address, by: author, at: next.position,
                admittedAt: Timestamp(wholeSeconds: next.position), in: world.roster)
            #expect(next.leads.standing(of: world.matter, in: world.roster) == before, "it changes nothing")
            return nil
        }
        next.leads.take(
            handover, of: address, by: author, at: next.position, admittedAt: Timestamp(wholeSeconds: next.position),
            in: world.roster)
        if after.lead != state.model.lead { next.terms.append(address) }
        next.model = after
        let terms = try #require(next.leads.standing(of: world.matter, in: world.roster)).terms
        #expect(terms.last?.agency == after.lead && terms.map(\.by) == next.terms)
        #expect(zip(terms, terms.dropFirst()).allSatisfy { $0.agency != $1.agency })
        return next
    }

    /// The step that a word is here, and what the model comes to; no model where it must be refused.
    private func meaning(
        _ word: Word, by author: AgencyCode, others: [AgencyCode], _ standing: CaseLeads.Standing, _ state: State
    ) throws -> (HandoverControl.Step?, Model?) {
        var after = state.model
        let isLead = state.model.lead == author
        let current = standing.terms.last?.by
        let nothing = EventAddress(
            origin: try #require(Origin("nobody.example/log")), event: EventID(from: state.entropy))
        switch word {
        case .offerFirst, .offerSecond:
            let place = word == .offerFirst ? 0 : 1
            guard place < others.count else { return (nil, nil) }
            after.offeredTo = others[place]
            let isRight = isLead && state.model.offeredTo == nil
            return (.offer(lead: current, to: others[place], due: nil), isRight ? after : nil)
        case .accept:
            after.wouldTake.insert(author)
            let isRight = state.model.offeredTo == author && !isLead
            return (.accept(offer: standing.offer?.address ?? nothing), isRight ? after : nil)
        case .takeUnasked:
            after.wouldTake.insert(author)
            return (.accept(offer: nil), isLead ? nil : after)
        case .decline:
            after.offeredTo = nil
            after.wouldTake.remove(author)
            let isRight = state.model.offeredTo == author
            return (.decline(offer: standing.offer?.address ?? nothing), isRight ? after : nil)
        case .takeBack:
            after.wouldTake.remove(author)
            let own = standing.acceptances[author]
            let isRight = own != nil && standing.offer?.acceptance != own
            return (.decline(offer: own ?? nothing), isRight ? after : nil)
        case .lead, .leadStale:
            let named = word == .lead ? current : state.terms.first { $0 != current } ?? nothing
            return (.lead(by: named ?? nothing), isLead && word == .lead && current != nil ? after : nil)
        case .withdraw:
            if let known = after.offeredTo { after.wouldTake.remove(known) }
            after.offeredTo = nil
            let isRight = isLead && state.model.offeredTo != nil
            return (.withdraw(offer: standing.offer?.address ?? nothing), isRight ? after : nil)
        case .release, .releaseStale:
            let to = others.first { state.model.wouldTake.contains($0) } ?? others[0]
            let acceptance = standing.acceptances[to] ?? nothing
            after = Model(lead: to)
            let lead = word == .release ? current : state.terms.first { $0 != current } ?? nothing
            let isRight = isLead && state.model.wouldTake.contains(to) && word == .release
            return (.release(lead: lead, to: to, because: acceptance), isRight ? after : nil)
        }
    }

    @Test("What is not final is not shown: the lead before it is, and answers")
    func finality() throws {
        let world = try World(["agency-a", "agency-b"])
        var leads = CaseLeads()
        let entropy = SeededEntropy(seed: 9)
        let accept = EventAddress(origin: world.origin(of: "agency-b"), event: EventID(from: entropy))
        leads.take(
            HandoverControl(matter: world.matter, step: .accept(offer: nil)), of: accept, by: "agency-b", at: 20,
            admittedAt: Timestamp(wholeSeconds: 20), in: world.roster)
        let release = EventAddress(origin: world.origin(of: "agency-a"), event: EventID(from: entropy))
        leads.take(
            HandoverControl(matter: world.matter, step: .release(lead: nil, to: "agency-b", because: accept)),
            of: release, by: "agency-a", at: 21, admittedAt: Timestamp(wholeSeconds: 21), in: world.roster)
        let standing = try #require(leads.standing(of: world.matter, in: world.roster))
        #expect(standing.shown(upTo: 0).map(\.agency) == ["agency-a"])
        #expect(standing.shown(upTo: 21).map(\.agency) == ["agency-a"])
        #expect(standing.shown(upTo: 22).map(\.agency) == ["agency-a", "agency-b"])
        #expect(standing.shown(upTo: nil).last?.agency == "agency-b", "where nothing can be final, what is accepted")
    }

    @Test("Every fault has a code of its own, in plain letters")
    func codes() {
        let codes = HandoverFault.allCases.map(\.code)
        #expect(Set(codes).count == codes.count)
    }
}

/// A board and agencies, enrolled.
private struct Founding {
    let roster: Roster
    let board: Origin
    let origins: [Origin]
    let entropy = SeededEntropy(seed: 77)

    init(agencies: [AgencyCode]) throws {
        let fixture = BoardFixture(entropy: entropy)
        let genesis = try fixture.log.statement(fixture.genesis, event: EventID(from: entropy))
        var roster = Roster(fingerprint: genesis.hash)
        try roster.fold(genesis, at: .empty, compartments: [])
        var log = fixture.log
        log.append(genesis)
        for code in agencies {
            let party = PartyLog(code, .agency, entropy: entropy)
            let event = EventID(from: entropy)
            let act = try fixture.act(party.enrolment(), .enrol, event: event)
            let statement = try log.statement(.enrol(act), event: event)
            log.append(statement)
            try roster.fold(statement, at: .empty, compartments: [])
        }
        self.roster = roster
        board = fixture.log.origin
        origins = agencies.compactMap { roster.parties[$0]?.origin }
    }
}
