import Casework
import HTTPTransport
import Replication
import TallystickPrimitives

/// What is answered where the lead of a case cannot go where it was to go.
extension NodeProblem {
    static func notTheLead(_ lead: AgencyCode) -> ProblemDetails {
        ProblemDetails(
            code: "not-the-lead", title: "Another agency leads this case", status: 422,
            detail: "\(lead) leads this case and decides who is on it. Ask them; 'tallystick handover list' shows it.")
    }

    static func notOnCase(_ agency: AgencyCode) -> ProblemDetails {
        ProblemDetails(
            code: "not-on-case", title: "They are not on this case", status: 422,
            detail: """
                \(agency) receives nothing of this case yet, so it cannot lead it. Share the case with it first, under a \
                protocol that both of you have signed: 'tallystick case share'.
                """)
    }

    static func leadNotOnCase(_ lead: AgencyCode) -> ProblemDetails {
        ProblemDetails(
            code: "lead-not-on-case", title: "Whoever leads the case would not hear it", status: 422,
            detail: """
                \(lead) leads this case and receives nothing that you write in it, because no protocol binds the two of you \
                there any more. Telephone them; what both sign again counts from then on: 'tallystick protocol status'.
                """)
    }

    static let stepUnderWay = ProblemDetails(
        code: "step-under-way", title: "Your last step is on its way", status: 409,
        detail: """
            What you said last about who leads this case is not confirmed yet. Wait until 'tallystick node status' says that \
            nothing waits for the broker, look at 'tallystick handover list', and say the next step then.
            """)

    static let noOffer = ProblemDetails(
        code: "no-offer", title: "There is no such offer", status: 409,
        detail: "No offer of this case stands that you could answer or take back. See 'tallystick handover list'.")

    static let notAccepted = ProblemDetails(
        code: "not-accepted", title: "Nobody has accepted this case", status: 409,
        detail: """
            A case goes only to an agency that has accepted it, and the broker has confirmed that. See 'tallystick \
            handover list'; if it is urgent, telephone them.
            """)

    static func handover(_ fault: HandoverFault, lead: AgencyCode) -> ProblemDetails {
        switch fault {
        case .notLead, .leadMoved: notTheLead(lead)
        case .noOffer, .notOffered: noOffer
        case .notAccepted: notAccepted
        case .unknownCase: unknownCase("", matches: 0)
        case .recipient: bad("to", "another agency than the one that leads the case")
        case .offerStands:
            ProblemDetails(
                code: "offer-stands", title: "The case is offered already", status: 409,
                detail: """
                    One offer at a time. Take it back with 'tallystick handover withdraw' before offering the case to \
                    somebody else.
                    """)
        case .notSuccessor, .count:
            ProblemDetails(
                code: "not-successor", title: "The board's act does not cover this", status: 422,
                detail: "See 'tallystick successor status' for what moves to whom under which act.")
        }
    }

    static let noSuchSuccession = ProblemDetails(
        code: "succession-unknown", title: "Which act of the board?", status: 404,
        detail: """
            No act of the board in which this agency is that side begins so. See 'tallystick successor status'; at least \
            four digits.
            """)

    static let successionNotHeld = ProblemDetails(
        code: "succession-not-held", title: "Nothing moves under this act now", status: 409,
        detail: """
            It holds once the board has decided, both sides have said so ('tallystick successor start') and its register \
            position has come; and it ends when the predecessor has finished. See 'tallystick successor status'.
            """)

    static let successionNotGiven = ProblemDetails(
        code: "succession-not-given", title: "The predecessor has not finished", status: 409,
        detail: "It says first with how many cases it ended. See 'tallystick successor status'.")

    static func successionUnfinished(_ count: Int) -> ProblemDetails {
        ProblemDetails(
            code: "succession-unfinished", title: "Cases are still to move", status: 409,
            detail: """
                \(count) cases are to move, or have moved and the broker has not confirmed that. Give 'tallystick successor \
                move' again, and finish after that.
                """)
    }

    static func successionStaying(_ count: Int, said: Int?) -> ProblemDetails {
        ProblemDetails(
            code: "succession-staying", title: "Cases would stay behind", status: 409,
            detail: """
                \(count) cases cannot go to the successor, and \(said ?? 0) were named. See why with 'tallystick successor \
                plan'; to leave them with whoever keeps the log, give --staying \(count).
                """)
    }

    static func successionRequests(_ count: Int) -> ProblemDetails {
        ProblemDetails(
            code: "succession-requests", title: "Requests wait for an answer", status: 409,
            detail: "\(count) requests to this agency are not answered. Answer them first: 'tallystick request list'.")
    }

    static func successionCounts(gave: UInt64, here: UInt64) -> ProblemDetails {
        ProblemDetails(
            code: "succession-counts", title: "The numbers differ", status: 409,
            detail: """
                The predecessor let go of \(gave) cases, and \(here) have come here. Wait until this node has followed the \
                register; if they still differ, ask the predecessor and have the log audited.
                """)
    }

    static func successionStrangers(_ cases: [CaseReference]) -> ProblemDetails {
        ProblemDetails(
            code: "succession-strangers", title: "Cases came that the schedule does not name", status: 409,
            detail: """
                The numbers agree, and the cases do not: \(cases.map(\.text).joined(separator: ", ")). Ask the predecessor why \
                these came, and which stayed behind in their place; nothing was recorded.
                """)
    }

    static func successorNeedsProtocol(_ successor: AgencyCode) -> ProblemDetails {
        ProblemDetails(
            code: "successor-protocol", title: "Under which agreement?", status: 422,
            detail: """
                Nobody shares this case yet. Name with --protocol the agreement, signed by you and \(successor), under \
                which it goes to them.
                """)
    }

    static let badSchedule = bad(
        "schedule", "the file that the act names, lines of 'case AGENCY/STREAM' or 'uprn NUMBER'")

    static func otherSchedule(_ sum: Hash256) -> ProblemDetails {
        bad("schedule", "the file whose SHA-256 the board's act has: \(sum)")
    }
}
