/// What is to leave by file, and for whom.
public struct CarryForm: Codable, Hashable, Sendable {
    /// The agency that it is for.
    public var agency: String
    /// One stream, in hexadecimal; nil for all in which something waits for the broker.
    public var stream: String?
    /// One case instead.
    public var caseReference: String?

    /// States it.
    public init(agency: String, stream: String? = nil, caseReference: String? = nil) {
        self.agency = agency
        self.stream = stream
        self.caseReference = caseReference
    }
}

/// What a carry file brought.
public struct CarryAnswer: Codable, Hashable, Sendable {
    /// Whose entries they are.
    public var agency: String
    /// Entries that are shown now, until the broker confirms or refuses them.
    public var taken: Int
    /// Entries that were here already.
    public var known: Int

    /// States it.
    public init(agency: String, taken: Int, known: Int) {
        self.agency = agency
        self.taken = taken
        self.known = known
    }
}
