public import TallystickPrimitives

/// A party's signature under one rules bundle, in register order: signed, ended, signed again.
///
/// It holds from after the register position of the signature up to and including that of its end, so that whoever has
/// seen neither or both agrees with the register about it.
public struct Adoption: Hashable, Sendable {
    /// How a signature was taken back.
    public struct Ending: Hashable, Sendable {
        /// The register position of the statement that says so.
        public let position: TreeSize
        /// When the party wrote it, as it claims.
        public let statedAt: Timestamp
        /// Why, as a code.
        public let reason: ReasonCode

        /// States an ending.
        public init(position: TreeSize, statedAt: Timestamp, reason: ReasonCode) {
            self.position = position
            self.statedAt = statedAt
            self.reason = reason
        }
    }

    private struct Term: Hashable, Sendable {
        let signedAt: TreeSize
        var ending: Ending?

        func covers(_ position: TreeSize) -> Bool {
            signedAt < position && (ending.map { position <= $0.position } ?? true)
        }
    }

    private var terms: [Term] = []

    /// Whether one more signature can be taken in: one that is in force, or not yet ended too often.
    public var canBeSigned: Bool {
        terms.last.map { $0.ending == nil } == true || terms.count < Limits.adoptionTermCount
    }

    /// Nothing is signed.
    init() {}

    /// A second signature does not postpone the first; one after an end begins anew.
    mutating func sign(at position: TreeSize) {
        if let last = terms.last, last.ending == nil { return }
        terms.append(Term(signedAt: position, ending: nil))
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

    /// How the signature that held last before a position ended; nil where it holds, and where there was none.
    public func ending(before position: TreeSize) -> Ending? {
        guard !isInForce(at: position) else { return nil }
        return terms.last { $0.signedAt < position }?.ending
    }
}

extension Limits {
    /// How often a party may sign one rules bundle, ending it each time in between: everybody keeps each term for ever, and
    /// goes through them to judge a statement. A new version of the protocol begins anew.
    public static let adoptionTermCount = 64
}
