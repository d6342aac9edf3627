import SignedStatements

/// One signature line of a note, by a key that may be unknown.
public struct NoteSignature: Hashable, Sendable {
    /// Who is said to have signed.
    public let name: NoteKeyName
    /// Which of that name's keys is said to have signed; see `NoteVerifierKey.keyID`.
    public let keyID: UInt32
    /// What follows the key id: 64 bytes of Ed25519, or a time and those, or what an unknown kind
    /// of key signs.
    public let signature: [UInt8]

    /// States a signature; nothing is verified.
    public init(name: NoteKeyName, keyID: UInt32, signature: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.signature = signature
    }

    /// The line, with its line feed: an em dash, the name, and the base64 of key id and signature.
    public var line: [UInt8] {
        NoteSignature.opening + Array(name.text.utf8) + [UInt8(ascii: " ")]
            + Base64.encode(NoteText.bigEndian(keyID) + signature) + [NoteText.lineFeed]
    }

    /// U+2014 and a space in UTF-8.
    static let opening = Array("\u{2014} ".utf8)

    /// Parses a line without its line feed; nothing is verified.
    public init?(parsing line: [UInt8]) {
        guard line.starts(with: NoteSignature.opening) else { return nil }
        let parts = line.dropFirst(NoteSignature.opening.count)
            .split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let text = String(validating: parts[0], as: UTF8.self),
            let name = NoteKeyName(text), let blob = Base64.decode(parts[1]), blob.count > 4
        else { return nil }
        self.init(
            name: name, keyID: UInt32(truncatingIfNeeded: NoteText.number(blob.prefix(4))),
            signature: Array(blob.dropFirst(4)))
    }
}

extension NoteVerifierKey {
    /// Whether the signature is by this key over a note with that text.
    func isValid(_ signature: NoteSignature, over text: [UInt8]) -> Bool {
        switch kind {
        case .ed25519: key.isValid(signature: signature.signature, over: text)
        case .cosignature: Cosignature(verifying: signature, over: text, key: self) != nil
        }
    }
}
