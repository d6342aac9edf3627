public import TallystickPrimitives

/// A party's signature under one rules bundle, in register order: signed, ended, signed again.
///
/// It holds from after the register position at which the last of the offices that must sign had signed, up to and
/// including that of its end, so that whoever has seen neither or both agrees with the register about it.
public struct Adoption: Hashable, Sendable {
    /// How a signature was taken back.
    public struct Ending: Hashable, Sendable {
        /// The register position of the statement that says so.
        public let position: TreeSize
        /// When the party wrote it, as it claims.
        public let statedAt: Timestamp
        /// Why, as a code.
        public let reason: ReasonCode
        /// The offices that ended it.
        public let offices: [OfficeCode]

        /// States an ending.
        public init(position: TreeSize, statedAt: Timestamp, reason: ReasonCode, offices: [OfficeCode] = []) {
            self.position = position
            self.statedAt = statedAt
            self.reason = reason
            self.offices = offices
        }
    }

    /// The offices of one party that signed by one statement.
    private struct Signing: Hashable, Sendable {
        let position: TreeSize
        let offices: Set<OfficeCode>
    }

    private struct Term: Hashable, Sendable {
        var signings: [Signing]
        /// Where the last office that must sign had signed; nil while one has not.
        var signedAt: TreeSize?
        var ending: Ending?

        var offices: Set<OfficeCode> { signings.reduce(into: []) { $0.formUnion($1.offices) } }

        func covers(_ position: TreeSize) -> Bool {
            guard let signedAt, signedAt < position else { return false }
            return ending.map { position <= $0.position } ?? true
        }

        func isOpen(at position: TreeSize) -> Bool {
            guard let first = signings.first, first.position < position else { return false }
            return ending.map { position <= $0.position } ?? true
        }

        mutating func require(_ required: Set<OfficeCode>) {
            var signed: Set<OfficeCode> = []
            signedAt = nil
            for signing in signings {
                signed.formUnion(signing.offices)
                guard required.isSubset(of: signed) else { continue }
                signedAt = signing.position
                return
            }
        }
    }

    private var terms: [Term] = []
    /// The offices that must sign for the party; nil until the protocol says so.
    private var required: Set<OfficeCode>?

    /// Whether one more signature can be taken in: one that is in force, or not yet ended too often.
    public var canBeSigned: Bool {
        terms.last.map { $0.ending == nil } == true || terms.count < Limits.adoptionTermCount
    }

    /// Nothing is signed.
    init() {}

    /// Takes in which offices must sign, whatever they have signed before that was known.
    mutating func require(_ offices: Set<OfficeCode>) {
        required = offices
        for place in terms.indices { terms[place].require(offices) }
    }

    /// The signature of some offices. One that has signed already does not postpone anything by signing again; after an
    /// end all of them sign anew.
    mutating func sign(at position: TreeSize, offices: [OfficeCode]) {
        if let last = terms.indices.last, terms[last].ending == nil {
            let isNew = !Set(offices).isSubset(of: terms[last].offices)
            guard isNew, terms[last].signings.count < Limits.adoptionTermCount else { return }
            terms[last].signings.append(Signing(position: position, offices: Set(offices)))
        } else {
            terms.append(Term(signings: [Signing(position: position, offices: Set(offices))]))
        }
        if let required, let last = terms.indices.last, terms[last].signedAt == nil { terms[last].require(required) }
    }

    /// Ends the signature in force; what is not in force stays as it ended first.
    mutating func end(_ ending: Ending) {
        guard let last = terms.indices.last, terms[last].ending == nil else { return }
        terms[last].ending = ending
    }

    /// Whether the signature holds at a register position.
    public func isInForce(at position: TreeSize) -> Bool { terms.contains { $0.covers(position) } }

    /// Whether the signature holds at both positions and was not ended in between.
    public func isInForce(since start: TreeSize, at position: TreeSize) -> Bool {
        terms.contains { $0.covers(start) && $0.covers(position) }
    }

    /// Since where the signature holds that holds at a register position; nil where none does.
    public func since(at position: TreeSize) -> TreeSize? {
        terms.first { $0.covers(position) }.flatMap(\.signedAt)
    }

    /// Whether any office has signed, whether or not that is enough, and it was not taken back.
    public func isSigned(at position: TreeSize) -> Bool { terms.contains { $0.isOpen(at: position) } }

    /// The offices whose signatures stand at a register position, enough or not.
    public func offices(at position: TreeSize) -> Set<OfficeCode> {
        let open = terms.first { $0.isOpen(at: position) }
        return open?.signings.reduce(into: []) { if $1.position < position { $0.formUnion($1.offices) } } ?? []
    }

    /// How the signature that stood last before a position ended; nil where it stands, and where there was none.
    public func ending(before position: TreeSize) -> Ending? {
        guard !isSigned(at: position) else { return nil }
        return terms.last { term in term.signings.first.map { $0.position < position } ?? false }?.ending
    }
}

extension Limits {
    /// How often a party may sign one rules bundle, ending it each time in between: everybody keeps each term for ever, and
    /// goes through them to judge a statement. A new version of the protocol begins anew. As many signings of single offices
    /// are kept of one term.
    public static let adoptionTermCount = 64
}
