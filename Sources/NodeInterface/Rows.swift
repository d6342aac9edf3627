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
    /// The parties that have not.
    public var unsigned: [String]

    /// States it.
    public init(code: String, version: Int, title: String, bundle: String, signed: [String], unsigned: [String]) {
        self.code = code
        self.version = version
        self.title = title
        self.bundle = bundle
        self.signed = signed
        self.unsigned = unsigned
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
