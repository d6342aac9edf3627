public import SignedStatements
public import TallystickPrimitives

/// Two heads that one log signed and that no consistency proof can join: whoever shows both shows that the log has told
/// two stories.
///
/// Heads of one size contradict each other by their roots. Of two sizes, the larger head's own tree must be shown to
/// have another root at the smaller size; the proof is the log's, because nobody else can make one for a signed root.
public struct Equivocation: Hashable, Sendable {
    /// What the tree of the larger head is at the size of the smaller.
    public struct Beginning: Hashable, Sendable {
        /// Its root there.
        public let root: Hash256
        /// The consistency proof from there to the larger head.
        public let proof: [Hash256]

        /// States a beginning.
        public init(root: Hash256, proof: [Hash256]) {
            self.root = root
            self.proof = proof
        }
    }

    /// The head of the smaller size, or either of two of one size.
    public let smaller: UnverifiedTreeHead
    /// The other head.
    public let larger: UnverifiedTreeHead
    /// Nil for two heads of one size.
    public let beginning: Beginning?
    /// The statements, signed by the party's root key, that announced the keys of these heads; none for the board's log.
    public let keyStatements: [[UInt8]]

    /// Puts the evidence together; it is for `check` and `verify` to say whether it is any.
    public init(
        smaller: UnverifiedTreeHead, larger: UnverifiedTreeHead, beginning: Beginning?, keyStatements: [[UInt8]] = []
    ) {
        self.smaller = smaller
        self.larger = larger
        self.beginning = beginning
        self.keyStatements = keyStatements
    }

    /// The log, as both heads name it.
    public var origin: Origin { larger.claimed.origin }

    /// The same evidence with the statements that announced the keys.
    public func adding(keyStatements: [[UInt8]]) -> Equivocation {
        Equivocation(smaller: smaller, larger: larger, beginning: beginning, keyStatements: keyStatements)
    }

    /// Whether the heads contradict each other, whoever signed them.
    public func check() throws(EquivocationFault) {
        let (first, second) = (smaller.claimed, larger.claimed)
        guard first.origin == second.origin else { throw .otherLogs }
        guard let beginning else {
            guard first.size == second.size else { throw .proofMissing }
            guard first.root != second.root else { throw .noContradiction }
            return
        }
        guard first.size < second.size else { throw .noContradiction }
        do throws(ProofError) {
            try TreeProofs.verifyConsistency(
                from: first.size, root: beginning.root, to: second.size, root: second.root, proof: beginning.proof)
        } catch { throw .proof(error) }
        guard beginning.root != first.root else { throw .noContradiction }
    }

    /// Whether the heads contradict each other and the log signed both, with some of these keys.
    public func verify(keys: [VerificationKey]) throws(EquivocationFault) {
        try check()
        for (number, head) in [smaller, larger].enumerated() {
            guard keys.contains(where: { (try? SignedTreeHead(verifying: head, origin: origin, key: $0)) != nil })
            else { throw .unsigned(number: number + 1) }
        }
    }
}

/// Why two heads are no evidence.
public enum EquivocationFault: Error, Hashable, Sendable {
    /// Not an evidence file.
    case malformed
    /// The heads are of two logs.
    case otherLogs
    /// The heads agree.
    case noContradiction
    /// The heads are of two sizes, and nothing shows what the larger tree was at the smaller size.
    case proofMissing
    /// The proof does not lead to the larger head.
    case proof(ProofError)
    /// The first or second head is not signed by a key of the log.
    case unsigned(number: Int)
}

extension EquivocationFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed: "not an evidence file; see docs/evidence-file.md"
        case .otherLogs: "the two heads are of two logs"
        case .noContradiction: "the two heads agree: one log can have signed both honestly"
        case .proofMissing: "the heads are of two sizes, and the file has no proof that joins or parts them"
        case .proof: "the proof does not lead to the larger head, so it shows nothing"
        case .unsigned(let number): "head \(number) is not signed by a key that the log's owner announced"
        }
    }
}
