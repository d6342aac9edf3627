/// How somebody misbehaves, by script. Each must be reported by somebody honest, and nothing else may be.
public enum Misconduct: String, Hashable, Sendable, CaseIterable {
    /// The broker leaves a statement out of a member's feed.
    case withheldStatement = "withheld-statement"
    /// The broker shows one agency another register, signed, than everybody else.
    case secondRegister = "second-register"
    /// The broker shows one agency another register, signed, and never goes back to the first.
    case lastingRegister = "lasting-register"
    /// The broker sends an agency compartments that are for others.
    case misroutedCompartment = "misrouted-compartment"
    /// The broker sends an agency a grant that is for another.
    case misroutedGrant = "misrouted-grant"
    /// The broker sends an agency a stream that it has no part in.
    case misroutedStatement = "misrouted-statement"
    /// The broker changes a compartment on its way.
    case changedCompartment = "changed-compartment"
    /// The broker changes a statement on its way.
    case rewrittenStatement = "rewritten-statement"
    /// The broker sends a page again in place of the next.
    case repeatedPage = "repeated-page"
    /// The broker signs a receipt for a place where something else comes to stand.
    case falseReceipt = "false-receipt"
    /// An agency signs two statements for one place of its log.
    case forkedLog = "forked-log"
    /// An agency pushes to another one's log.
    case anothersLog = "anothers-log"
    /// A second machine runs with an agency's keys and disk, and both write on.
    case clonedNode = "cloned-node"
    /// An agency records an event again.
    case repeatedEvent = "repeated-event"
    /// An agency puts statements of a stream out of their order.
    case brokenSequence = "broken-sequence"
    /// An agency dates an entry into the future.
    case postDatedEntry = "post-dated-entry"
    /// An agency signs with a key that it never announced.
    case foreignSignature = "foreign-signature"
    /// An agency names a register head that never was.
    case falseSeenHead = "false-seen-head"
    /// An agency gives a member another key than the one it commits to.
    case wrongKey = "wrong-key"
    /// An agency sends a member what no key opens.
    case garbledPart = "garbled-part"

    /// Who must report it, and how; one of these is enough.
    var evidence: [(Report.Reporter, String)] {
        switch self {
        case .withheldStatement: [(.member, "stream-gap")]
        // A co-signer may meet the two in heads that it is offered, before the next page comes.
        case .secondRegister: [(.node, "register-root"), (.node, "two-stories")]
        case .lastingRegister: [(.node, "two-stories")]
        case .misroutedCompartment: [(.member, "compartment-not-for-us")]
        case .misroutedGrant: [(.member, "grant-not-for-us")]
        case .misroutedStatement: [(.member, "stream-not-for-us")]
        case .changedCompartment: [(.member, "compartment-mismatch")]
        case .rewrittenStatement: [(.node, "not-registered"), (.node, "statement-form")]
        case .repeatedPage: [(.node, "feed-position")]
        case .falseReceipt: [(.node, "receipt-contradicted")]
        case .forkedLog: [(.broker, "two-stories"), (.broker, "log-fork")]
        case .clonedNode: [(.broker, "two-stories"), (.broker, "log-fork"), (.node, "log-forked")]
        case .anothersLog: [(.broker, "not-your-log")]
        case .repeatedEvent: [(.register, "event-repeated")]
        case .brokenSequence: [(.register, "stream-sequence")]
        case .postDatedEntry: [(.register, "issued-ahead")]
        case .foreignSignature: [(.register, "key-unknown"), (.register, "signature")]
        case .falseSeenHead: [(.register, "seen-head")]
        case .wrongKey: [(.member, "wrong-key-commitment")]
        case .garbledPart: [(.member, "wrap")]
        }
    }

    /// What else it leads to, besides its evidence.
    private var consequences: [(Report.Reporter, String)] {
        switch self {
        // Whoever follows another register names heads that never were, and nothing it writes is admitted.
        case .secondRegister, .lastingRegister:
            [
                (.register, "seen-head"), (.register, "no-circle"), (.register, "epoch"),
                (.register, "request-unknown"), (.node, "two-stories"), (.auditor, "otherView"),
                (.auditor, "twoStories"),
            ]
        // What shows it goes to everybody.
        case .forkedLog: [(.node, "two-stories"), (.auditor, "twoStories")]
        // One second store for both: whoever comes late finds it changed, in what it says as in what it pushes.
        case .clonedNode: [(.node, "two-stories"), (.auditor, "twoStories"), (.node, "head-store-changed")]
        // What is sealed for a key that was not given stays closed.
        case .wrongKey: [(.member, "key-missing")]
        // A stream that is sent once and never again has gaps.
        case .misroutedStatement: [(.member, "stream-gap")]
        default: []
        }
    }

    /// Whether a report comes of it.
    func explains(_ report: Report) -> Bool {
        (evidence + consequences).contains { $0.0 == report.reporter && $0.1 == report.code }
    }

    /// Whether it has been reported.
    func isReported(in reports: Set<Report>) -> Bool {
        reports.contains { report in evidence.contains { $0.0 == report.reporter && $0.1 == report.code } }
    }

    /// Whether a script of the broker's does it; else it is one of an agency's.
    var isBrokers: Bool {
        switch self {
        case .withheldStatement, .secondRegister, .lastingRegister, .misroutedCompartment, .misroutedGrant,
            .misroutedStatement, .changedCompartment, .rewrittenStatement, .repeatedPage, .falseReceipt:
            true
        case .forkedLog, .anothersLog, .clonedNode, .repeatedEvent, .brokenSequence, .postDatedEntry,
            .foreignSignature, .falseSeenHead, .wrongKey, .garbledPart:
            false
        }
    }
}
