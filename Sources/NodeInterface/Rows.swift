/// A protocol as this node knows it.
public struct ProtocolRow: Codable, Hashable, Sendable {
    /// Its code.
    public var code: String
    /// Its version.
    public var version: Int
    /// Its title.
    public var title: String
    /// The hash of its rules bundle.
    public var bundle: String
    /// The parties that have signed.
    public var signed: [String]
    /// The parties that never have.
    public var unsigned: [String]
    /// The parties that had, and have ended it.
    public var ended: [EndedSignature]

    /// States it.
    public init(
        code: String, version: Int, title: String, bundle: String, signed: [String], unsigned: [String],
        ended: [EndedSignature]
    ) {
        self.code = code
        self.version = version
        self.title = title
        self.bundle = bundle
        self.signed = signed
        self.unsigned = unsigned
        self.ended = ended
    }
}

/// A signature under a protocol that its party has taken back.
public struct EndedSignature: Codable, Hashable, Sendable {
    /// Who.
    public var party: String
    /// When, as the party says.
    public var on: String
    /// Why, as a code.
    public var reason: String

    /// States it.
    public init(party: String, on: String, reason: String) {
        self.party = party
        self.on = on
        self.reason = reason
    }
}

/// One pointer of the broker's visibility view.
public struct VisibilityRow: Codable, Hashable, Sendable {
    /// Who holds something, or `ask the contact`.
    public var agency: String
    /// Ward or LSOA.
    public var area: String?
    /// The kind of behaviour.
    public var category: String?
    /// The week.
    public var week: String?

    /// States it.
    public init(agency: String, area: String?, category: String?, week: String?) {
        self.agency = agency
        self.area = area
        self.category = category
        self.week = week
    }
}
