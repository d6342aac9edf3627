public import EventLogs
public import SignedStatements
public import TallystickPrimitives

/// An enrolled party as the roster knows it at a register position.
public struct Party: Hashable, Sendable {
    /// The newest enrolment.
    public internal(set) var enrolment: Enrolment
    /// Its root key, parsed.
    public let rootKey: VerificationKey
    /// Whether its genesis has been admitted.
    public internal(set) var hasGenesis = false
    /// Its keys in force, from its newest key set.
    public internal(set) var keys: [KeySetEntry] = [] { didSet { heldSigningKeys = keys.compactMap(HeldKey.init) } }
    /// Where in the register it announced other KEM keys than before; nil while it has its first.
    public internal(set) var newestKEMChange: TreeSize?
    /// The signing keys among them, parsed once.
    private(set) var heldSigningKeys: [HeldKey] = []
    /// Every signing key it has ever announced: only these can its REVOKE name.
    public internal(set) var heldKeys: Set<Hash256> = []
    /// The bundles it has signed at some time, each with since when and until when.
    public internal(set) var adoptions: [Hash256: Adoption] = [:]
    /// The TLS certificate of its newest enrolment; of everybody but the broker no earlier one counts any more.
    public var certificate: [UInt8] { enrolment.certificate }
    /// The broker's certificate before that: it shows one to all, and not everybody has followed its newest enrolment.
    public internal(set) var formerCertificate: [UInt8]?

    init(_ enrolment: Enrolment, rootKey: VerificationKey) {
        self.enrolment = enrolment
        self.rootKey = rootKey
        origin = enrolment.origin
    }

    /// The party's code.
    public var code: AgencyCode { enrolment.agency }
    /// Its log: the one that it is enrolled with, or the newest that went on in its place.
    public internal(set) var origin: Origin
    /// The logs that it went on from, the oldest first.
    public internal(set) var closedLogs: [ClosedLog] = []
    /// All its logs, the one that it writes last.
    public var origins: [Origin] { closedLogs.map(\.origin) + [origin] }

    /// Whether the enrolment covers an instant.
    public func isEnrolled(at now: Timestamp) -> Bool { enrolment.expires.map { now < $0 } ?? true }

    /// The keys of one role, parsed; a key set is refused as a whole when one does not parse.
    public func verificationKeys(_ role: KeyRole) -> [VerificationKey] {
        heldSigningKeys.filter { $0.role == role }.map(\.key)
    }

    /// Takes a key set that stands.
    mutating func take(_ entries: [KeySetEntry], at position: TreeSize) {
        func kems(_ entries: [KeySetEntry]) -> [[UInt8]] { entries.filter { $0.role == .kem }.map(\.key) }
        if !keys.isEmpty, kems(keys) != kems(entries) { newestKEMChange = position }
        keys = entries
    }

    /// The KEM key that content is sealed to: the first of the key set that is live.
    public func kemKey(at now: Timestamp) -> [UInt8]? {
        keys.first { $0.role == .kem && ($0.expires.map { now < $0 } ?? true) }?.key
    }
}

/// One signing key of a key set, parsed, with its term.
struct HeldKey: Hashable, Sendable {
    let role: KeyRole
    let key: VerificationKey
    let expires: Timestamp?

    init?(_ entry: KeySetEntry) {
        guard entry.role != .kem, let key = try? VerificationKey(bytes: entry.key) else { return nil }
        role = entry.role
        self.key = key
        expires = entry.expires
    }

    func isLive(at now: Timestamp) -> Bool { expires.map { now < $0 } ?? true }
}
