public import SignedStatements
public import TallystickPrimitives

/// A parsed tree head of which no signature has been checked.
public struct UnverifiedTreeHead: Hashable, Sendable {
    /// What the note claims.
    public let claimed: TreeHead
    /// The note as parsed.
    public let note: SignedNote
    /// The bytes of the note.
    public let bytes: [UInt8]

    /// Parses a signed note whose text is a tree head.
    public init(parsing note: [UInt8]) throws(TreeHeadError) {
        do throws(NoteError) {
            self.note = try SignedNote(parsing: note)
        } catch { throw .note(error) }
        claimed = try TreeHead(parsing: self.note.text)
        bytes = note
    }
}

/// A tree head with a valid signature of its log, and whatever cosignatures came with it.
public struct SignedTreeHead: Hashable, Sendable {
    /// What the log signed.
    public let head: TreeHead
    /// The signed note, byte for byte.
    public let note: [UInt8]

    /// Accepts a head that the log of `origin` signed with `key`.
    public init(
        verifying unverified: UnverifiedTreeHead, origin: Origin, key: VerificationKey
    ) throws(TreeHeadError) {
        _ = try SignedTreeHead.signatures(of: unverified, origin: origin, key: key)
        self.init(head: unverified.claimed, note: unverified.bytes)
    }

    /// Accepts a head as above, and keeps of its note the text and the log's signature alone: whatever else stands under
    /// it says nothing of the log, and leaves no room for those who cosign.
    public init(
        bare unverified: UnverifiedTreeHead, origin: Origin, key: VerificationKey
    ) throws(TreeHeadError) {
        let own = try SignedTreeHead.signatures(of: unverified, origin: origin, key: key).prefix(1)
        do throws(NoteError) {
            let note = try SignedNote(text: unverified.note.text, signatures: Array(own))
            self.init(head: unverified.claimed, note: note.encoded)
        } catch { throw .note(error) }
    }

    private static func signatures(
        of unverified: UnverifiedTreeHead, origin: Origin, key: VerificationKey
    ) throws(TreeHeadError) -> [NoteSignature] {
        let head = unverified.claimed
        guard head.origin == origin else {
            throw .wrongOrigin(expected: origin, found: head.origin)
        }
        let own: [NoteSignature]
        do throws(NoteError) {
            own = try unverified.note.verify(with: [.log(origin, key: key)]).map(\.signature)
        } catch { throw .note(error) }
        guard head.size != .empty || head.root == MerkleTree.emptyRoot else {
            throw .wrongEmptyRoot(head.root)
        }
        return own
    }

    /// Parses a note and accepts it as above.
    public init(
        verifying note: [UInt8], origin: Origin, key: VerificationKey
    ) throws(TreeHeadError) {
        try self.init(verifying: UnverifiedTreeHead(parsing: note), origin: origin, key: key)
    }

    /// Signs a head as its log. The name of the log's key is its origin.
    public static func sign(_ head: TreeHead, with signer: any Signer) throws -> SignedTreeHead {
        let key = NoteVerifierKey.log(head.origin, key: signer.publicKey)
        let signature = NoteSignature(
            name: key.name, keyID: key.keyID, signature: try signer.sign(head.noteText))
        let note = try SignedNote(text: head.noteText, signatures: [signature])
        return SignedTreeHead(head: head, note: note.encoded)
    }

    /// The same head with one more cosignature below the others.
    public func adding(_ cosignature: Cosignature) throws(NoteError) -> SignedTreeHead {
        let extended = try SignedNote(parsing: note).adding(cosignature.noteSignature)
        return SignedTreeHead(head: head, note: extended.encoded)
    }

    /// The cosignatures by the given witnesses' keys, one for each key, the latest where a key has
    /// several.
    ///
    /// Lines by other keys are ignored.
    /// - Throws: `NoteError.invalidSignature` when a line names a given key and is not by it.
    public func cosignatures(by keys: [NoteVerifierKey]) throws(NoteError) -> [Cosignature] {
        let lines = try SignedNote(parsing: note).signatures
        var found: [Cosignature] = []
        for key in Set(keys) where key.kind == .cosignature {
            var latest: Cosignature?
            for line in lines where line.name == key.name && line.keyID == key.keyID {
                guard let next = Cosignature(verifying: line, of: head, key: key) else {
                    throw .invalidSignature(name: key.name)
                }
                if next.seconds >= latest?.seconds ?? 0 { latest = next }
            }
            if let latest { found.append(latest) }
        }
        return found.sorted { ($0.key.name, $0.key.keyID) < ($1.key.name, $1.key.keyID) }
    }

    private init(head: TreeHead, note: [UInt8]) {
        self.head = head
        self.note = note
    }
}
