import EventLogs
import HTTPTransport
import Replication
import TallystickPrimitives

/// What the broker answers when it does not do what it was asked (RFC 9457). No answer carries content.
enum BrokerProblem {
    static func notYourLog(_ origin: Origin) -> ProblemDetails {
        ProblemDetails(
            code: "not-your-log", title: "This is not your log", status: 403,
            detail: "Your certificate does not belong to the agency whose log is \(origin). Push your own log only.")
    }

    static func goesOnElsewhere(_ origin: Origin, _ code: ReasonCode) -> ProblemDetails {
        ProblemDetails(
            code: "log-not-continued", title: "This log does not go on from where yours ends", status: 409,
            detail: """
                The first statement of \(origin) cannot stand (\(code)), and nothing of it was registered. Stop every node \
                that still writes in the log before it, and make the new log again with 'tallystick-node continue'.
                """)
    }

    static func logGap(expected: LeafIndex, found: LeafIndex) -> ProblemDetails {
        ProblemDetails(
            code: "log-gap", title: "Statements are missing before these", status: 409,
            detail: "The next index is \(expected), the push begins at \(found). Push from \(expected) on.")
    }

    static func fork(_ origin: Origin, _ index: LeafIndex) -> ProblemDetails {
        ProblemDetails(
            code: "log-fork", title: "This log says something else at the same place", status: 409,
            detail: """
                Index \(index) of \(origin) is registered with other bytes. Two histories of one log cannot both \
                stand: stop this node, and ask whether it was restored from a backup or copied.
                """)
    }

    static func malformedStatement(_ index: LeafIndex, _ fault: StatementFault) -> ProblemDetails {
        if case .payload(.unknownKind(let kind)) = fault {
            return ProblemDetails(
                code: "program-too-old", title: "This broker's program is too old for a statement", status: 422,
                detail: """
                    The statement at index \(index) is of kind \(kind), which this broker's program does not know. Update \
                    the broker; what waits at the node is kept, and it tries again by itself.
                    """)
        }
        return ProblemDetails(
            code: "statement-malformed", title: "A statement does not read", status: 422,
            detail: "The statement at index \(index) is not of format 1 (\(StatementFaultCode.text(fault))).")
    }

    /// Who begins so far back needs a head by a key that the broker no longer holds.
    static let formerKeyLost = ProblemDetails(
        code: "register-key-lost", title: "A former key of the register is lost", status: 503,
        detail: """
            The register's heads of that time are signed by a key that is not in the broker's key file any more. Its \
            operator puts the key file back that has it.
            """)

    static func headUnsigned(_ origin: Origin) -> ProblemDetails {
        ProblemDetails(
            code: "head-unsigned", title: "The head is not signed by this log's key", status: 422,
            detail: "Sign the three lines of the head of \(origin), no more, with the log key of its newest key set.")
    }

    static func headMismatch(_ origin: Origin, size: TreeSize) -> ProblemDetails {
        ProblemDetails(
            code: "head-mismatch", title: "The head is not the head of these statements", status: 409,
            detail: """
                With these statements the log \(origin) has size \(size) and another root than the head says. Stop this \
                node and run 'tallystick audit verify' on its log.
                """)
    }

    static func beyondRegister(_ from: TreeSize, size: TreeSize) -> ProblemDetails {
        ProblemDetails(
            code: "beyond-register", title: "The register is shorter than that", status: 409,
            detail: """
                You asked from position \(from), the register has \(size) leaves. If it was longer before, the broker \
                has lost part of it: keep your copy and tell the partnership board.
                """)
    }

    static func quota(seconds: Int) -> ProblemDetails {
        ProblemDetails(
            code: "quota", title: "Your agency has used its quota", status: 429,
            detail: "Try again in \(seconds) seconds. Recording at your node is not affected.")
    }

    static func rulesLacked(_ words: String) -> ProblemDetails {
        ProblemDetails(
            code: "rules-lacked", title: "The broker's program is older than the rules in force", status: 503,
            detail: "Nothing is registered until it has been updated. Tell the broker's operator: \(words).")
    }

    static let viewsBehind = ProblemDetails(
        code: "views-behind", title: "The view is behind the register", status: 503,
        detail: """
            What the broker shows lacks something that is registered, so it answers no look-up, and registered none. Try \
            again later, and tell the broker's operator. Sharing is not affected.
            """)

    static func malformedBody(_ fault: WireFault) -> ProblemDetails {
        let reason =
            switch fault {
            case .cbor(let text): "not deterministic CBOR: \(text.text)"
            case .shape(let expected): "expected \(expected)"
            case .statement(let fault): StatementFaultCode.text(fault)
            }
        return ProblemDetails(
            code: "body-malformed", title: "The request does not read", status: 400, detail: reason)
    }

    static func badQuery(_ name: String) -> ProblemDetails {
        ProblemDetails(
            code: "query-malformed", title: "A parameter does not read", status: 400,
            detail: "The parameter '\(name)' must be a whole number.")
    }

    static let notFound = ProblemDetails(
        code: "not-found", title: "There is nothing here", status: 404,
        detail: """
            The paths are /v1/push, /v1/feed, /v1/heads, /v1/cosigned, /v1/own, /v1/own/edge and /v1/visibility; for witnesses \
            /v1/witness/heads and /v1/witness/answers.
            """)

    static let noWitness = ProblemDetails(
        code: "no-witness", title: "The board does not list your key", status: 403,
        detail: "Only witnesses on the board's list are offered heads. Carry your cosigner.line to the board.")

    static let noEvidence = ProblemDetails(
        code: "no-evidence", title: "This is no evidence", status: 422,
        detail: "The heads do not contradict each other, or the log did not sign both.")

    static func twoStories(_ origin: Origin) -> ProblemDetails {
        ProblemDetails(
            code: "two-stories", title: "This log has told two stories", status: 409,
            detail: """
                Two heads of \(origin) contradict each other, and both are signed. Nothing more of it is admitted. Stop \
                this node, and tell the partnership board; 'tallystick-broker status' names the evidence.
                """)
    }

    static let notForYou = ProblemDetails(
        code: "not-for-you", title: "Your enrolment does not cover this", status: 403,
        detail: "Enrolled agencies push and read; so do auditors, for the time of their mandate.")

    static func store(_ error: EventStoreError) -> ProblemDetails {
        switch error {
        case .diskFull:
            ProblemDetails(
                code: "disk-full", title: "The broker's disk is full", status: 507,
                detail: "Nothing was admitted. Your statements stay at your node and are pushed again by themselves.")
        case .damaged:
            ProblemDetails(
                code: "store-damaged", title: "What the broker has stored is damaged", status: 503,
                detail: "Keep your own log and copy of the register; the broker's operator has to repair its store.")
        default:
            ProblemDetails(
                code: "store", title: "The broker's store is not available", status: 503,
                detail: "Nothing that was receipted is lost. Your node tries again by itself.")
        }
    }
}

/// A statement's fault in words without its content.
enum StatementFaultCode {
    static func text(_ fault: StatementFault) -> String {
        switch fault {
        case .envelope(let error): "envelope: \(error)"
        case .payload(let error): "payload: \(error)"
        case .subjectIsNotStream: "the sub claim is not the stream"
        case .unreadable: "unreadable"
        }
    }
}
