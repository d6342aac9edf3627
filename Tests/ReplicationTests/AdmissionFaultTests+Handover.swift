import EventLogs
import Partnership
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import Replication

extension Scene {
    /// The case, by the stream that the police opened it in.
    var matter: StreamAddress { StreamAddress(origin: record.statement.origin, stream: caseStream) }

    /// A step of the police's, in the case.
    func handover(_ step: HandoverControl.Step, in stream: StreamID? = nil) -> Sketch {
        Sketch(
            World.police, .handover(HandoverControl(matter: matter, step: step)), in: stream ?? caseStream,
            decision: world.decision(of: World.police))
    }

    /// A step of the council's, in its stream with the police.
    func councils(_ step: HandoverControl.Step, in stream: StreamID? = nil) -> Sketch {
        Sketch(World.council, .handover(HandoverControl(matter: matter, step: step)), in: stream ?? requestStream)
    }

    /// Offered to the council.
    mutating func offered() throws -> EventAddress {
        try world.accept(handover(.offer(lead: nil, to: World.council, due: nil))).statement.address
    }

    /// Offered and accepted.
    mutating func accepted() throws -> EventAddress {
        let offer = try offered()
        return try world.accept(councils(.accept(offer: offer))).statement.address
    }

    /// Let go: the council leads.
    mutating func released() throws -> EventAddress {
        let acceptance = try accepted()
        return try world.accept(handover(.release(lead: nil, to: World.council, because: acceptance))).statement.address
    }

    /// An act of the board about leads.
    func boardAct<Decision: BoardDecision>(
        _ decision: Decision, _ kind: StatementKind, by signers: Int? = nil,
        _ control: (BoardAct<Decision>) -> ControlBody
    ) throws -> Sketch {
        let event = EventID(from: world.entropy)
        let keys = signers.map { Array(world.board.members.prefix($0)) }
        let act = try world.board.act(decision, kind, event: event, by: keys)
        return Sketch(Sketch.board, control(act)).with { $0.event = event }
    }

    /// The council takes the place of the police.
    func succession(
        _ schedule: Succession.Schedule? = nil, keeper: AgencyCode? = World.council, from position: TreeSize = .empty,
        by signers: Int? = nil
    ) throws -> Sketch {
        try boardAct(
            Succession(
                predecessor: World.police, successor: World.council, schedule: schedule, position: position,
                keeper: keeper), .succession, by: signers
        ) { .succession($0) }
    }

    /// Decided, given and taken: it holds.
    mutating func succeeded(
        _ schedule: Succession.Schedule? = nil, keeper: AgencyCode? = World.council
    ) throws -> EventAddress {
        let act = try world.accept(succession(schedule, keeper: keeper)).statement.address
        for (agency, word) in [(World.police, SuccessionWord.Word.gives), (World.council, .takes)] {
            try world.accept(Sketch(agency, .successionWord(SuccessionWord(act: act.event, word: word))))
        }
        return act
    }

    func word(_ word: SuccessionWord.Word, of act: EventAddress, by agency: AgencyCode) -> Sketch {
        Sketch(agency, .successionWord(SuccessionWord(act: act.event, word: word)))
    }

    func reassignment(lead: EventAddress? = nil, _ acceptance: EventAddress, by signers: Int? = nil) throws -> Sketch {
        let move = Reassignment.Move(
            matter: matter, lead: lead, recipient: World.council, acceptance: acceptance)
        return try boardAct(Reassignment(moves: [move], reason: "node-lost"), .reassign, by: signers) { .reassign($0) }
    }

    var nothing: EventAddress { EventAddress(origin: matter.origin, event: EventID(from: world.entropy)) }
}

extension AdmissionFaultTests {
    /// Who leads, who takes whose place, and what nobody may say of it alone.
    static let handoverFaults: [FaultCase] = handoverStepFaults + reassignFaults + successionFaults + windingUpFaults

    private static let handoverStepFaults: [FaultCase] = [
        FaultCase(name: "a case that no stream opened", code: "handover-case-unknown") { scene in
            let other = StreamAddress(origin: scene.matter.origin, stream: StreamID(from: scene.world.entropy))
            return try scene.world.submission(
                scene.handover(.accept(offer: nil)).with {
                    $0.control = .handover(HandoverControl(matter: other, step: .accept(offer: nil)))
                })
        },
        FaultCase(name: "an offer by an agency that does not lead", code: "handover-not-lead") { scene in
            try scene.world.submission(scene.councils(.offer(lead: nil, to: World.police, due: nil)))
        },
        FaultCase(name: "an offer to oneself", code: "handover-recipient") { scene in
            try scene.world.submission(scene.handover(.offer(lead: nil, to: World.police, due: nil)))
        },
        FaultCase(name: "an offer to an agency that is not on the case", code: "handover-recipient") { scene in
            try scene.world.submission(scene.handover(.offer(lead: nil, to: World.meadow, due: nil)))
        },
        FaultCase(name: "an offer in a stream that gives the other nothing", code: "no-protocol") { scene in
            try scene.world.submission(
                scene.handover(.offer(lead: nil, to: World.council, due: nil), in: scene.pairStream))
        },
        FaultCase(name: "a second offer", code: "handover-offer-stands") { scene in
            _ = try scene.offered()
            return try scene.world.submission(scene.handover(.offer(lead: nil, to: World.homes, due: nil)))
        },
        FaultCase(name: "an acceptance of no offer", code: "handover-no-offer") { scene in
            try scene.world.submission(scene.councils(.accept(offer: scene.nothing)))
        },
        FaultCase(name: "an acceptance after the offer was taken back", code: "handover-no-offer") { scene in
            let offer = try scene.offered()
            try scene.world.accept(scene.handover(.withdraw(offer: offer)))
            return try scene.world.submission(scene.councils(.accept(offer: offer)))
        },
        FaultCase(name: "an acceptance by a third agency", code: "handover-not-offered") { scene in
            let stream = StreamID(from: scene.world.entropy)
            let epoch = EpochID(from: scene.world.entropy)
            try scene.world.accept(
                Sketch(World.homes, scene.world.circle([World.homes, World.police], epoch: epoch), in: stream))
            let offer = try scene.offered()
            let step = HandoverControl(matter: scene.matter, step: .accept(offer: offer))
            return try scene.world.submission(Sketch(World.homes, .handover(step), in: stream))
        },
        FaultCase(name: "a release that nobody accepted", code: "handover-not-accepted") { scene in
            let offer = try scene.offered()
            return try scene.world.submission(
                scene.handover(.release(lead: nil, to: World.council, because: offer)))
        },
        FaultCase(name: "a release to another than accepted", code: "handover-not-accepted") { scene in
            let acceptance = try scene.accepted()
            return try scene.world.submission(
                scene.handover(.release(lead: nil, to: World.homes, because: acceptance)))
        },
        FaultCase(name: "a release after the acceptance was taken back", code: "handover-not-accepted") { scene in
            let offer = try scene.offered()
            let acceptance = try scene.world.accept(scene.councils(.accept(offer: offer))).statement.address
            try scene.world.accept(scene.councils(.decline(offer: offer)))
            return try scene.world.submission(
                scene.handover(.release(lead: nil, to: World.council, because: acceptance)))
        },
        FaultCase(name: "a case let go twice", code: "handover-lead-moved") { scene in
            let acceptance = try scene.accepted()
            let release = scene.handover(.release(lead: nil, to: World.council, because: acceptance))
            try scene.world.accept(release)
            return try scene.world.submission(release)
        },
        FaultCase(name: "the lead claimed by an agency that nobody let it go to", code: "handover-not-lead") { scene in
            try scene.world.submission(scene.councils(.lead(by: scene.nothing)))
        },
        FaultCase(name: "the lead claimed after it was let go", code: "handover-not-lead") { scene in
            let release = try scene.released()
            return try scene.world.submission(scene.handover(.lead(by: release)))
        },
        FaultCase(name: "the lead claimed by another act than began it", code: "handover-lead-moved") { scene in
            _ = try scene.released()
            return try scene.world.submission(scene.councils(.lead(by: scene.nothing)))
        },
        FaultCase(name: "a release after it was taken back what nobody had asked for", code: "handover-not-accepted") {
            scene in
            let would = try scene.world.accept(scene.councils(.accept(offer: nil))).statement.address
            try scene.world.accept(scene.councils(.decline(offer: would)))
            return try scene.world.submission(
                scene.handover(.release(lead: nil, to: World.council, because: would)))
        },
        FaultCase(name: "an offer of the term before", code: "handover-lead-moved") { scene in
            _ = try scene.released()
            return try scene.world.submission(scene.handover(.offer(lead: nil, to: World.homes, due: nil)))
        },
    ]

    private static let reassignFaults: [FaultCase] = [
        FaultCase(name: "a case given by too few of the board", code: "board-threshold") { scene in
            let would = try scene.world.accept(scene.councils(.accept(offer: nil))).statement.address
            return try scene.world.submission(scene.reassignment(would, by: 1))
        },
        FaultCase(name: "a case given to an agency that would not take it", code: "handover-not-accepted") { scene in
            try scene.world.submission(scene.reassignment(scene.nothing))
        },
        FaultCase(name: "a case given of a term that is over", code: "handover-lead-moved") { scene in
            let acceptance = try scene.accepted()
            try scene.world.accept(scene.handover(.release(lead: nil, to: World.council, because: acceptance)))
            return try scene.world.submission(scene.reassignment(acceptance))
        },
        FaultCase(name: "a case given by an agency", code: "kind-not-allowed", goesOn: true) { scene in
            let act = try scene.reassignment(scene.nothing)
            return try scene.world.submission(act.with { $0.author = World.police })
        },
    ]

    private static let successionFaults: [FaultCase] = [
        FaultCase(name: "a succession decided by too few", code: "board-threshold") { scene in
            try scene.world.submission(scene.succession(by: 1))
        },
        FaultCase(name: "everything goes and nobody keeps the log", code: "succession-parties") { scene in
            try scene.world.submission(scene.succession(keeper: nil))
        },
        FaultCase(name: "the board's act in an agency's log", code: "kind-not-allowed", goesOn: true) { scene in
            let act = try scene.succession()
            return try scene.world.submission(act.with { $0.author = World.police })
        },
        FaultCase(name: "a word about an act that the board never decided", code: "succession-unknown", goesOn: true) {
            scene in
            try scene.world.submission(scene.word(.gives, of: scene.nothing, by: World.police))
        },
        FaultCase(name: "the predecessor takes for its successor", code: "succession-side", goesOn: true) { scene in
            let act = try scene.world.accept(scene.succession()).statement.address
            return try scene.world.submission(scene.word(.takes, of: act, by: World.police))
        },
        FaultCase(name: "an end before both sides began", code: "succession-not-yet", goesOn: true) { scene in
            let act = try scene.world.accept(scene.succession()).statement.address
            try scene.world.accept(scene.word(.gives, of: act, by: World.police))
            return try scene.world.submission(scene.word(.gave(0), of: act, by: World.police))
        },
        FaultCase(name: "a case that moves on the word of one side and the board", code: "handover-not-successor") {
            scene in
            let act = try scene.world.accept(scene.succession()).statement.address
            try scene.world.accept(scene.word(.gives, of: act, by: World.police))
            return try scene.world.submission(scene.handover(.release(lead: nil, to: World.council, because: act)))
        },
        FaultCase(name: "a case that moves to another than the successor", code: "handover-not-successor") { scene in
            let act = try scene.succeeded()
            return try scene.world.submission(scene.handover(.release(lead: nil, to: World.homes, because: act)))
        },
        FaultCase(name: "a case more than the schedule has", code: "succession-count") { scene in
            let act = try scene.succeeded(Succession.Schedule(hash: .zero, caseCount: 0), keeper: nil)
            return try scene.world.submission(scene.handover(.release(lead: nil, to: World.council, because: act)))
        },
        FaultCase(name: "an end with another number of cases", code: "succession-count", goesOn: true) { scene in
            let act = try scene.succeeded()
            try scene.world.accept(scene.handover(.release(lead: nil, to: World.council, because: act)))
            return try scene.world.submission(scene.word(.gave(2), of: act, by: World.police))
        },
    ]

    private static let windingUpFaults: [FaultCase] = [
        FaultCase(name: "a new case of a party whose place another takes", code: "party-succeeded") { scene in
            _ = try scene.succeeded()
            let stream = StreamID(from: scene.world.entropy)
            let epoch = EpochID(from: scene.world.entropy)
            try scene.world.accept(
                Sketch(World.police, scene.world.circle([World.police], epoch: epoch), in: stream))
            return try scene.world.submission(
                Sketch(World.police, .record, in: stream, parts: [scene.world.part("account", in: nil)]))
        },
        FaultCase(name: "casework in a closed log", code: "log-closed") { scene in
            let act = try scene.succeeded()
            try scene.world.accept(scene.handover(.release(lead: nil, to: World.council, because: act)))
            try scene.world.accept(scene.word(.gave(1), of: act, by: World.police))
            return try scene.world.submission(scene.sound())
        },
    ]
}

/// What stands of successions and of what the board gives.
@Suite("What the board, and both sides, move stands") struct SuccessionAdmissionTests {
    @Test("A case moves once all three have said so, and counts that agree end it")
    func moves() throws {
        var scene = try Scene.set.get()
        let act = try scene.succeeded()
        let state = try #require(scene.world.register.admission.roster.successions[act.event])
        #expect(state.holds(at: scene.world.register.tree.size))
        try scene.world.accept(scene.sound())
        try scene.world.accept(scene.handover(.release(lead: nil, to: World.council, because: act)))
        #expect(scene.world.register.admission.leads.moved[act.event] == 1)
        try scene.world.accept(scene.word(.gave(1), of: act, by: World.police))
        try scene.world.accept(scene.word(.took(1), of: act, by: World.council))
        let roster = scene.world.register.admission.roster
        #expect(roster.keeper(of: World.police, at: scene.world.register.tree.size) == World.council)
        // Whoever keeps the log still answers for it, and takes back what was given in error.
        try scene.world.accept(scene.answer())
        try scene.world.accept(scene.recall())
    }

    @Test("The board gives a case to an agency that would take it, where its lead is lost")
    func reassigns() throws {
        var scene = try Scene.set.get()
        let would = try scene.world.accept(scene.councils(.accept(offer: nil))).statement.address
        try scene.world.accept(scene.reassignment(would))
        let admission = scene.world.register.admission
        #expect(admission.leads.lead(of: scene.matter, in: admission.roster) == World.council)
        // The lost lead, back again, leads no more.
        let late = scene.handover(.offer(lead: nil, to: World.homes, due: nil))
        #expect(scene.world.admit(try scene.world.submission(late)).verdict == .refused("handover-lead-moved"))
    }

    @Test("What the predecessor signed binds nobody else")
    func signaturesStay() throws {
        var scene = try Scene.set.get()
        let event = try scene.world.accept(
            scene.boardAct(
                Succession(
                    predecessor: World.police, successor: World.county, schedule: nil, position: .empty,
                    keeper: World.county), .succession
            ) { .succession($0) }
        ).statement.address
        for (agency, word) in [(World.police, SuccessionWord.Word.gives), (World.county, .takes)] {
            try scene.world.accept(scene.word(word, of: event, by: agency))
        }
        let roster = scene.world.register.admission.roster
        let size = scene.world.register.tree.size
        #expect(roster.isInForce(scene.world.bundle.hash, between: World.council, and: World.police, at: size))
        #expect(!roster.isInForce(scene.world.bundle.hash, between: World.council, and: World.county, at: size))
        let life = try #require(roster.lives(at: size, moment: scene.world.now).first)
        #expect(life.succeeded.map(\.successor) == [World.county] && life.succeeded.allSatisfy { !$0.hasSigned })
        let page = ProtocolLifePage(life)
        #expect(page.text.contains("what northshire-police signed does not bind northshire-county"))
    }

    @Test("A follower believes no release to itself that it never accepted, whatever the register says")
    func followerChecks() throws {
        var scene = try Scene.set.get()
        var leads = CaseLeads()
        let roster = scene.world.register.admission.roster
        let release = HandoverControl(
            matter: scene.matter, step: .release(lead: nil, to: World.council, because: scene.nothing))
        let size = scene.world.register.tree.size
        #expect(
            leads.fault(in: release, by: World.police, at: size, own: World.council, roster: roster) == .notAccepted)
        #expect(leads.fault(in: release, by: World.homes, at: size, own: World.council, roster: roster) == .notLead)
        let offer = try scene.world.accept(scene.handover(.offer(lead: nil, to: World.council, due: nil)))
        leads.take(offer.statement, at: 40, admittedAt: scene.world.now, in: roster)
        let accept = HandoverControl(matter: scene.matter, step: .accept(offer: offer.statement.address))
        #expect(
            leads.fault(in: accept, by: World.homes, at: size, own: World.council, roster: roster) == .notOffered)
        #expect(leads.fault(in: accept, by: World.council, at: size, own: World.homes, roster: roster) == nil)
    }

    @Test("Who came late takes the register's word for who leads; whoever leads itself does not")
    func claimedLead() throws {
        let scene = try Scene.set.get()
        var leads = CaseLeads()
        let roster = scene.world.register.admission.roster
        let size = scene.world.register.tree.size
        let claim = HandoverControl(matter: scene.matter, step: .lead(by: scene.nothing))
        let address = EventAddress(origin: scene.matter.origin, event: EventID(from: scene.world.entropy))
        #expect(
            leads.fault(in: claim, by: World.council, at: size, own: World.police, roster: roster) == .notLead)
        #expect(leads.fault(in: claim, by: World.council, at: size, own: World.meadow, roster: roster) == nil)
        leads.take(
            claim, of: address, by: World.council, at: 40, admittedAt: scene.world.now, in: roster)
        let standing = try #require(leads.standing(of: scene.matter, in: roster))
        #expect(standing.terms.map(\.agency) == [World.police, World.council])
        #expect(standing.shown(upTo: 40).map(\.agency) == [World.police], "it is shown once it is final")
        // Told again by a later circle, it is one term still.
        leads.take(claim, of: address, by: World.council, at: 50, admittedAt: scene.world.now, in: roster)
        #expect(leads.standing(of: scene.matter, in: roster) == standing)
    }
}
