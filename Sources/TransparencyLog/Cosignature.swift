public import SignedStatements
public import TallystickPrimitives

/// A witness's statement that it saw a tree head, consistent with all it saw before, at a time
/// (c2sp.org/tlog-cosignature, `cosignature/v1`).
public struct Cosignature: Hashable, Sendable {
    /// The witness's key.
    public let key: NoteVerifierKey
    /// Whole seconds since the Unix epoch, exactly as signed; at most 2⁶³-1.
    public let seconds: UInt64
    /// The line to put under the note.
    public let noteSignature: NoteSignature

    /// When the witness says it saw the head.
    public var timestamp: Timestamp { Timestamp(wholeSeconds: seconds) }

    /// Signs the text of a tree head as a witness.
    ///
    /// The caller must first have checked the head against the last one that it cosigned, and
    /// stored it.
    public static func sign(
        _ head: TreeHead, at time: Timestamp, name: NoteKeyName, with signer: any Signer
    ) throws -> Cosignature {
        let key = NoteVerifierKey(name: name, kind: .cosignature, key: signer.publicKey)
        let seconds = time.wholeSeconds
        let signature = try signer.sign(signedBytes(seconds: seconds, text: head.noteText))
        return Cosignature(
            key: key, seconds: seconds,
            noteSignature: NoteSignature(
                name: name, keyID: key.keyID, signature: NoteText.bigEndian(seconds) + signature))
    }

    /// Checks that a line is the cosignature of a key over a tree head; nil when it is not.
    public init?(verifying line: NoteSignature, of head: TreeHead, key: NoteVerifierKey) {
        self.init(verifying: line, over: head.noteText, key: key)
    }

    init?(verifying line: NoteSignature, over text: [UInt8], key: NoteVerifierKey) {
        let seconds = NoteText.number(line.signature.prefix(8))
        guard key.kind == .cosignature, line.name == key.name, line.keyID == key.keyID,
            line.signature.count == 8 + 64, seconds <= UInt64(Int64.max),
            key.key.isValid(
                signature: Array(line.signature.dropFirst(8)),
                over: Cosignature.signedBytes(seconds: seconds, text: text))
        else { return nil }
        self.init(key: key, seconds: seconds, noteSignature: line)
    }

    private init(key: NoteVerifierKey, seconds: UInt64, noteSignature: NoteSignature) {
        self.key = key
        self.seconds = seconds
        self.noteSignature = noteSignature
    }

    private static func signedBytes(seconds: UInt64, text: [UInt8]) -> [UInt8] {
        Array("cosignature/v1\ntime \(seconds)\n".utf8) + text
    }
}
