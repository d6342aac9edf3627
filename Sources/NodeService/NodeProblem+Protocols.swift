import HTTPTransport
import TallystickPrimitives

/// What is answered where an agreement cannot be signed or commented on.
extension NodeProblem {
    static let noSuchProtocol = bad("protocol", "the code of a published protocol; see 'tallystick protocol status'")

    static func notAParty(_ code: ProtocolCode, _ agency: AgencyCode) -> ProblemDetails {
        bad("protocol", "a protocol that names \(agency) as a party; \(code) does not")
    }

    static func notActivated(_ code: ProtocolCode) -> ProblemDetails {
        ProblemDetails(
            code: "protocol-not-activated", title: "This agreement is out for consultation", status: 409,
            detail: """
                The board has published \(code) and not activated it, so nobody can sign it yet. Say what you think of it \
                with 'tallystick protocol respond \(code)'.
                """)
    }

    static func consultationOver(_ code: ProtocolCode) -> ProblemDetails {
        ProblemDetails(
            code: "consultation-over", title: "The consultation is over", status: 409,
            detail: "\(code) is out for signature or in force: see 'tallystick protocol status \(code)'.")
    }

    static func notRead(_ code: ProtocolCode, _ version: UInt64) -> ProblemDetails {
        ProblemDetails(
            code: "changes-not-read", title: "Read what changes first", status: 409,
            detail: """
                You signed an earlier version of \(code). See what version \(version) changes, for whom, with \
                'tallystick protocol adopt \(code) --read', and give the rules named there with --rules.
                """)
    }

    static func otherRules(_ bundle: String) -> ProblemDetails {
        ProblemDetails(
            code: "other-rules", title: "These are not the rules you read", status: 409,
            detail: """
                What would be signed now has the rules \(bundle). Read it again with --read, and give at least the first \
                eight characters with --rules.
                """)
    }

    static let wordsTooLong = bad("words", "at most \(Limits.consultationWordsByteCount) bytes: a page of text")

    static func riskyWords(_ passages: [String]) -> ProblemDetails {
        ProblemDetails(
            code: "words-about-people", title: "Everybody reads these words", status: 422,
            detail: """
                Every enrolled party reads them, for ever. They are about an agreement, and must say nothing about a \
                person. Leave out: \(passages.joined(separator: ", ")).
                """)
    }
}
