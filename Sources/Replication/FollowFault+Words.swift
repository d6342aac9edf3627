import EventLogs
import Partnership

extension FollowFault {
    /// A short code for logs and metrics.
    public var code: String {
        switch self {
        case .notOurPosition: "feed-position"
        case .leaf: "register-leaf"
        case .registerGap: "register-gap"
        case .registerUnknown: "register-unknown"
        case .head: "register-head"
        case .registerKey: "register-key"
        case .rootMismatch: "register-root"
        case .sizeMismatch: "register-size"
        case .statement(_, .payload(.unknownKind)), .statement(_, .payload(.unknownFormat)): "program-too-old"
        case .statement: "statement-form"
        case .notRegistered: "not-registered"
        case .rulesLacked: "rules-lacked"
        case .roster(_, let fault): fault.code.text
        }
    }

    /// What this program has not and a later one has, with what to do; nil for every fault that an update does not mend.
    public var updateNeeded: String? {
        switch self {
        case .rulesLacked(_, let rules): rules.description
        case .statement(_, .payload(.unknownKind(let kind))): FollowFault.later("of kind \(kind)")
        case .statement(_, .payload(.unknownFormat)): FollowFault.later("of a later format")
        case .notOurPosition, .leaf, .registerGap, .registerUnknown, .head, .registerKey, .rootMismatch, .sizeMismatch,
            .statement, .notRegistered, .roster:
            nil
        }
    }

    private static func later(_ what: String) -> String {
        """
        the broker has admitted an entry \(what), which this program does not know. Update it to a release that does; \
        nothing was lost, and it goes on from here by itself
        """
    }
}
