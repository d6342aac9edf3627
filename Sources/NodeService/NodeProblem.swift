import Casework
import Disclosures
import EventLogs
import HTTPTransport
import SharingProtocols
import TallystickPrimitives

/// What a node answers on its local socket when it does not do what it was asked: what is wrong and what to do.
enum NodeProblem {
    static func refused(_ refusal: CaseRefusal) -> ProblemDetails {
        ProblemDetails(code: "not-recorded", title: "This was not recorded", status: 422, detail: "\(refusal)")
    }

    static func refused(_ refusal: DisclosureRefusal) -> ProblemDetails {
        ProblemDetails(code: "not-recorded", title: "This was not recorded", status: 422, detail: "\(refusal)")
    }

    static func notShared(_ refusals: [ShareRefusal], recipient: AgencyCode, label: Label) -> ProblemDetails {
        let gateways = Set(refusals.flatMap(\.gatewaysThatWork)).sorted().map(\.text)
        let hint = gateways.isEmpty ? "" : " It would work under: \(gateways.joined(separator: ", "))."
        return ProblemDetails(
            code: "not-permitted", title: "The protocol does not allow this", status: 422,
            detail: "\(label) to \(recipient): \(refusals.map(\.sentence).joined(separator: " "))\(hint)")
    }

    static func notInForce(_ code: ProtocolCode, between agencies: [AgencyCode]) -> ProblemDetails {
        ProblemDetails(
            code: "protocol-not-in-force", title: "The protocol is not in force here", status: 422,
            detail: """
                \(code) is not in force with \(agencies.map(\.text).joined(separator: ", ")). Each of you must have \
                signed it: see 'tallystick protocol list'.
                """)
    }

    static func nothingPermitted(_ code: ProtocolCode, purpose: PurposeCode, to agencies: [AgencyCode])
        -> ProblemDetails
    {
        ProblemDetails(
            code: "not-permitted", title: "The protocol does not allow this", status: 422,
            detail: """
                Nothing of this may go to \(agencies.map(\.text).joined(separator: ", ")) under \(code) for the \
                purpose \(purpose). See 'tallystick protocol explain', or ask for another purpose.
                """)
    }

    static func unknownCase(_ text: String, matches: Int) -> ProblemDetails {
        let detail =
            matches == 0
            ? "There is no case '\(text)' here. See 'tallystick case list'."
            : "\(matches) cases begin with '\(text)'. Type more of the reference."
        return ProblemDetails(code: "case-unknown", title: "Which case?", status: 404, detail: detail)
    }

    static let unknownRequest = ProblemDetails(
        code: "request-unknown", title: "Which request?", status: 404,
        detail: "There is no such request here. See 'tallystick request list'.")

    static func bad(_ field: String, _ expected: String) -> ProblemDetails {
        ProblemDetails(
            code: "form-malformed", title: "A field does not read", status: 400,
            detail: "'\(field)' should be \(expected).")
    }

    static let malformed = ProblemDetails(
        code: "form-malformed", title: "The form does not read", status: 400,
        detail: "Send the JSON that 'tallystick' sends: use the same version for the command and the daemon.")

    static let notFound = ProblemDetails(
        code: "not-found", title: "There is nothing here", status: 404,
        detail: "Use the same version of 'tallystick' and of the daemon.")

    static func append(_ failure: AppendFailure) -> ProblemDetails {
        switch failure {
        case .refused(.wrongExpectedVersion):
            ProblemDetails(
                code: "changed-meanwhile", title: "Somebody else wrote here first", status: 409,
                detail: "Look at the case again, then repeat what you did.")
        case .refused(.partlyRecorded):
            ProblemDetails(
                code: "partly-recorded", title: "Part of this is recorded already", status: 409,
                detail: "Look at what is there before you repeat it.")
        case .refused(.tooLarge(_, let byteCount)):
            ProblemDetails(
                code: "too-large", title: "This is too large", status: 413,
                detail: "It has \(byteCount) bytes; one entry takes \(Limits.statementByteCount).")
        case .store(.diskFull):
            ProblemDetails(
                code: "disk-full", title: "The disk is full", status: 507,
                detail: "Nothing was recorded. Free some space, then repeat what you did.")
        case .store:
            ProblemDetails(
                code: "store", title: "The log could not be written", status: 503,
                detail: "It is not known whether this was recorded. Look before you repeat it.")
        case .stopping:
            ProblemDetails(
                code: "stopping", title: "The node is stopping", status: 503,
                detail: "Nothing was recorded. Start the node, then repeat what you did.")
        }
    }

    static let internalFault = ProblemDetails(
        code: "internal", title: "Something went wrong in the node", status: 500,
        detail: "See the node's log for the error code; nothing of what you sent is in it.")
}

extension NodeProblem {
    static func badFile(_ title: String, _ detail: String) -> ProblemDetails {
        ProblemDetails(code: "file-unusable", title: title, status: 422, detail: detail)
    }
}
