import BoardOffice
import EventLogs
import PartyFiles
import TallystickPrimitives
import TallystickTesting
import Testing

/// The board decides who takes whose place, and gives cases whose lead is lost (decisions 0033, 0034).
@Suite("Acts of the board about successors and leads") struct SuccessionActTests {
    private func founded() throws -> OfficeFixture {
        let fixture = try OfficeFixture()
        for code in ["harbour-homes", "meadow-housing", "haven-homes"] {
            try fixture.commit(try fixture.enrolling(try fixture.request(code)))
        }
        return fixture
    }

    private func succession(
        to successor: AgencyCode = "haven-homes", _ schedule: Succession.Schedule? = nil,
        keeper: AgencyCode? = "haven-homes"
    ) -> Succession {
        Succession(
            predecessor: "harbour-homes", successor: successor, schedule: schedule, position: .empty, keeper: keeper)
    }

    @Test("A succession travels by file, is written once, and stands in the status")
    func written() throws {
        let fixture = try founded()
        let motion = try BoardMotion.succeeding(succession(), on: fixture.log())
        let proposal = try fixture.proposal(motion, signedBy: [1, 2])
        #expect(try BoardProposal(decoding: proposal.encoded) == proposal)
        #expect(try fixture.office().commit(proposal, now: fixture.now) == LeafIndex(4))
        #expect(try fixture.commit(motion) == LeafIndex(4), "written once")
        #expect(BoardStatus(try fixture.log()).text.contains("haven-homes takes the place of harbour-homes"))
        #expect(motion.summary.contains("haven-homes keeps the log of harbour-homes"))
    }

    @Test("What cannot be is refused before anybody signs, with what to do")
    func refused() throws {
        let fixture = try founded()
        let log = try fixture.log()
        let schedule = Succession.Schedule(hash: .zero, caseCount: 4)
        #expect(throws: BoardOfficeError.succession(.keeperMissing)) {
            try BoardMotion.succeeding(succession(keeper: nil), on: log)
        }
        #expect(throws: BoardOfficeError.succession(.keepsItself)) {
            try BoardMotion.succeeding(succession(schedule, keeper: "harbour-homes"), on: log)
        }
        #expect(throws: BoardOfficeError.notEnrolled("nobody")) {
            try BoardMotion.succeeding(succession(to: "nobody"), on: log)
        }
        _ = try BoardMotion.succeeding(succession(schedule, keeper: nil), on: log)
        try fixture.commit(try BoardMotion.succeeding(succession(schedule), on: log))
        // Beside one for a part there may be another for a part, and none for the whole.
        _ = try BoardMotion.succeeding(succession(to: "meadow-housing", schedule), on: fixture.log())
        #expect(throws: BoardOfficeError.succession(.wholeBefore)) {
            try BoardMotion.succeeding(succession(to: "meadow-housing"), on: fixture.log())
        }
        for problem in [SuccessionProblem.keeperMissing, .keepsItself, .wholeBefore] {
            #expect(problem.description.contains("keeper") || problem.description.contains("--schedule"))
        }
    }

    @Test("Cases of a lost lead are given by an act that travels by file")
    func reassigned() throws {
        let fixture = try founded()
        let origin = try #require(Origin("harbour-homes.example/log"))
        let move = Reassignment.Move(
            matter: StreamAddress(origin: origin, stream: StreamID(from: fixture.entropy)), lead: nil,
            recipient: "meadow-housing",
            acceptance: EventAddress(origin: origin, event: EventID(from: fixture.entropy)))
        let motion = BoardMotion.reassign(Reassignment(moves: [move], reason: "node-lost"))
        let proposal = try fixture.proposal(motion, signedBy: [2, 3])
        #expect(try BoardProposal(decoding: proposal.encoded) == proposal)
        #expect(try fixture.office().commit(proposal, now: fixture.now) == LeafIndex(4))
        #expect(try fixture.commit(motion) == LeafIndex(4))
        #expect(motion.summary.contains("to meadow-housing"))
    }
}
