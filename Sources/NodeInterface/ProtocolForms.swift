/// What offices of this agency say of a published protocol.
public struct ConsultationForm: Codable, Hashable, Sendable {
    /// Who enters it.
    public var officer: String
    /// The protocol's code.
    public var protocolCode: String
    /// The offices that say so.
    public var offices: [String]
    /// `agree`, `concern` or `object`.
    public var response: String
    /// In words, which every enrolled party reads.
    public var words: String?

    /// States a response.
    public init(officer: String, protocolCode: String, offices: [String], response: String, words: String? = nil) {
        self.officer = officer
        self.protocolCode = protocolCode
        self.offices = offices
        self.response = response
        self.words = words
    }
}

/// A protocol to be told of.
public struct ProtocolStatusForm: Codable, Hashable, Sendable {
    /// Its code; every protocol if left out.
    public var protocolCode: String?

    /// States it.
    public init(protocolCode: String? = nil) { self.protocolCode = protocolCode }
}

/// A protocol to be read before it is signed.
public struct AdoptionQuery: Codable, Hashable, Sendable {
    /// Its code.
    public var protocolCode: String

    /// States it.
    public init(protocolCode: String) { self.protocolCode = protocolCode }
}

/// What there is to read before a protocol is signed.
public struct AdoptionReading: Codable, Hashable, Sendable {
    /// Its code.
    public var code: String
    /// Its version.
    public var version: Int
    /// Its title.
    public var title: String
    /// The hash of its rules bundle.
    public var bundle: String
    /// The offices of this agency that must sign.
    public var offices: [String]
    /// Those of them that have.
    public var signed: [String]
    /// The local choices that nobody has settled.
    public var openChoices: [String] = []
    /// What of the law in it was only reported and must be checked by whoever signs.
    public var lawToCheck: [String] = []
    /// The version that this agency signed before.
    public var replaces: Int?
    /// What changes for whom, or what it is for where nothing was signed before.
    public var changes = ""

    /// States it.
    public init(code: String, version: Int, title: String, bundle: String, offices: [String], signed: [String]) {
        self.code = code
        self.version = version
        self.title = title
        self.bundle = bundle
        self.offices = offices
        self.signed = signed
    }
}

/// Offices signed a protocol.
public struct ProtocolSigned: Codable, Hashable, Sendable {
    /// The entry, 32 hexadecimal digits.
    public var entry: String
    /// The offices of this agency that have still to sign before it holds.
    public var stillToSign: [String]
    /// How far the entry has got.
    public var standing: EntryStanding?

    /// States it.
    public init(entry: String, stillToSign: [String]) {
        self.entry = entry
        self.stillToSign = stillToSign
        standing = EntryStanding(entry: entry)
    }
}

/// A protocol file to be simulated on this agency's own log.
public struct SimulationForm: Codable, Hashable, Sendable {
    /// The file's text.
    public var file: String
    /// Its name, for diagnostics.
    public var fileName: String
    /// How many days back.
    public var days: Int

    /// States it.
    public init(file: String, fileName: String, days: Int) {
        self.file = file
        self.fileName = fileName
        self.days = days
    }
}
