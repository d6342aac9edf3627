public import TallystickPrimitives

/// What a log sends to a witness: a new tree head and the proof that it extends the last one
/// (c2sp.org/tlog-witness, `add-checkpoint`).
public struct WitnessRequest: Hashable, Sendable {
    /// The size that the log believes the witness saw last.
    public let older: TreeSize
    /// The consistency proof from there.
    public let proof: [Hash256]
    /// The new head; its signature is for the witness to check.
    public let head: UnverifiedTreeHead

    /// Most hashes in the proof of a request.
    public static let proofLimit = 63

    /// Puts a request together.
    /// - Precondition: the proof has at most 63 hashes.
    public init(older: TreeSize, proof: [Hash256], head: UnverifiedTreeHead) {
        precondition(proof.count <= WitnessRequest.proofLimit, "a request has at most 63 hashes")
        self.older = older
        self.proof = proof
        self.head = head
    }

    /// Parses the body of a request.
    /// - Throws: `WitnessRefusal.malformed`; `.untrusted` when a signature line cannot be read.
    public init(parsing body: [UInt8]) throws(WitnessRefusal) {
        let limit = Limits.noteByteCount
        guard body.count <= limit, let lines = NoteText.lines(body), let first = lines.first,
            let blank = lines.firstIndex(of: []), blank <= WitnessRequest.proofLimit + 1
        else { throw .malformed }
        let opening = Array("old ".utf8)
        guard first.starts(with: opening),
            let older = NoteText.decimal(Array(first.dropFirst(opening.count)))
        else { throw .malformed }
        var proof: [Hash256] = []
        for line in lines[1..<max(1, blank)] {
            guard let hash = Base64.decode(line).flatMap({ Hash256(bytes: $0) }) else {
                throw .malformed
            }
            proof.append(hash)
        }
        let prefix = lines[...blank].reduce(0) { $0 + $1.count + 1 }
        do throws(TreeHeadError) {
            let head = try UnverifiedTreeHead(parsing: Array(body.dropFirst(prefix)))
            self.init(older: TreeSize(older), proof: proof, head: head)
        } catch {
            // A signature with a character altered is a bad signature to other witnesses, not a bad
            // request.
            if case .note(.badSignatureLine) = error { throw .untrusted }
            throw .malformed
        }
    }

    /// The body to send.
    public var body: [UInt8] {
        let hashes = proof.flatMap { Base64.encode($0.bytes) + [NoteText.lineFeed] }
        return Array("old \(older)\n".utf8) + hashes + [NoteText.lineFeed] + head.bytes
    }
}
