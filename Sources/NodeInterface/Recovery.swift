/// A command that is kept and not yet recorded.
public struct KeptCommandRow: Codable, Hashable, Sendable {
    /// How it stands.
    public enum Standing: String, Codable, Sendable {
        /// It is recorded by itself once the node may write its log.
        case waiting
        /// It could not be recorded.
        case refused
    }

    /// Its number, by which it is named.
    public var number: Int
    /// When it was given, RFC 3339.
    public var keptAt: String
    /// What it asks for, in words.
    public var command: String
    /// Who gave it.
    public var officer: String?
    /// The case it is about, where it is about one.
    public var caseReference: String?
    /// What was typed, member by member; only where one command is asked for.
    public var words: [String: String]?
    /// How it stands.
    public var standing: Standing
    /// Why it could not be recorded, and what to do.
    public var reason: String?

    /// States a row.
    public init(number: Int, keptAt: String, command: String, standing: Standing, reason: String?) {
        self.number = number
        self.keptAt = keptAt
        self.command = command
        self.standing = standing
        self.reason = reason
    }
}

/// Which kept command.
public struct KeptCommandQuery: Codable, Hashable, Sendable {
    /// Its number.
    public var number: Int

    /// States a query.
    public init(number: Int) { self.number = number }
}

/// A part of one of this agency's own entries that did not come back when the log did.
public struct LostPartRow: Codable, Hashable, Sendable {
    /// The log.
    public var log: String
    /// The entry's place in it.
    public var index: Int
    /// The entry, 32 hexadecimal digits.
    public var entry: String
    /// Its kind.
    public var kind: String
    /// The part's label.
    public var label: String
    /// What did not come back: `content`, which never left this node, or `key`, without which it does not open here.
    public var loss: String

    /// States a row.
    public init(log: String, index: Int, entry: String, kind: String, label: String, loss: String) {
        self.log = log
        self.index = index
        self.entry = entry
        self.kind = kind
        self.label = label
        self.loss = loss
    }
}
