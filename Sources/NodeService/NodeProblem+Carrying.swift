import HTTPTransport
import Replication
import TallystickPrimitives

extension NodeProblem {
    static func noCarryRecipient(_ text: String) -> ProblemDetails {
        ProblemDetails(
            code: "no-such-agency", title: "Nobody to carry it to", status: 422,
            detail: "'\(text)' is no other enrolled agency, as far as this node knows the board's acts.")
    }

    static func noStream(_ text: String) -> ProblemDetails {
        ProblemDetails(
            code: "no-such-stream", title: "That is no stream", status: 422,
            detail: "A stream has 32 hexadecimal digits; '\(text)' has not.")
    }

    static func nothingToCarry(_ code: AgencyCode) -> ProblemDetails {
        ProblemDetails(
            code: "nothing-to-carry", title: "There is nothing to carry", status: 409,
            detail: """
                Nothing that \(code) receives is waiting for the broker. Share the case first, or name the case that it \
                lacks with --case.
                """)
    }

    static let carryUncertain = ProblemDetails(
        code: "log-uncertain", title: "Nothing may leave this node now", status: 409,
        detail: "Its log may be older than what others have; 'tallystick node status' says why, and what to do.")

    static let noCarryFile = ProblemDetails(
        code: "no-carry-file", title: "This is no carry file", status: 422,
        detail: "It is another file, or is cut short. Nothing was taken in; ask for it again.")

    static let carryTooLong = ProblemDetails(
        code: "carry-too-long", title: "This is too much for one file", status: 413,
        detail: "Carry one case at a time: name it with --case.")

    static let carriedFull = ProblemDetails(
        code: "carried-full", title: "Too many files wait", status: 409,
        detail: """
            What came by file waits for the broker to confirm it. Try again once it has; files that cannot be shown are \
            counted by 'tallystick node status', and are carried-….carry in the node's directory.
            """)

    static func carry(_ fault: CarryFault) -> ProblemDetails {
        let place = fault.index.map { " The entry at index \($0) is the first that does not stand." } ?? ""
        let code = ProblemCode(fault.code) ?? "carry"
        switch fault {
        case .otherRecipient(let recipient):
            return ProblemDetails(
                code: code, title: "This file is for another agency", status: 422,
                detail: "It is for \(recipient), and opens nothing here. Nothing was taken in.")
        case .finding(_, "stream-gap"):
            return ProblemDetails(
                code: code, title: "Entries are missing before these", status: 422,
                detail: "Nothing was taken in.\(place) Ask for the whole stream again.")
        default:
            return ProblemDetails(
                code: code, title: "This file does not stand", status: 422,
                detail: "Nothing was taken in (\(fault.code)).\(place) Keep the file, and ask whoever gave it.")
        }
    }
}
