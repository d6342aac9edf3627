import TallystickPrimitives

/// A text with signatures under it (c2sp.org/signed-note). Parsing verifies nothing.
public struct SignedNote: Hashable, Sendable {
    /// The signed text, including its last line feed.
    public let text: [UInt8]
    /// The signature lines, in order; 1 to 64.
    public let signatures: [NoteSignature]

    /// Puts signatures under a text.
    public init(text: [UInt8], signatures: [NoteSignature]) throws(NoteError) {
        guard text.last == NoteText.lineFeed, String(validating: text, as: UTF8.self) != nil,
            text.allSatisfy({ $0 >= 0x20 || $0 == NoteText.lineFeed })
        else { throw .badText }
        guard (1...Limits.noteSignatureCount).contains(signatures.count) else {
            throw .signatureCount(signatures.count)
        }
        self.text = text
        self.signatures = signatures
        guard encoded.count <= Limits.noteByteCount else { throw .tooLarge(encoded.count) }
    }

    /// Parses a note; the text ends at the last blank line.
    public init(parsing bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= Limits.noteByteCount else { throw .tooLarge(bytes.count) }
        guard let lines = NoteText.lines(bytes), let blank = lines.lastIndex(of: []), blank > 0
        else { throw .noBlankLine }
        let signatureLines = lines[(blank + 1)...]
        guard (1...Limits.noteSignatureCount).contains(signatureLines.count) else {
            throw .signatureCount(signatureLines.count)
        }
        var signatures: [NoteSignature] = []
        for line in signatureLines {
            guard let signature = NoteSignature(parsing: line) else {
                throw .badSignatureLine(number: signatures.count + 1)
            }
            signatures.append(signature)
        }
        let textCount = lines[..<blank].reduce(0) { $0 + $1.count + 1 }
        try self.init(text: Array(bytes[..<textCount]), signatures: signatures)
    }

    /// The whole note: text, blank line, signature lines.
    public var encoded: [UInt8] {
        text + [NoteText.lineFeed] + signatures.flatMap(\.line)
    }

    /// The note with one more signature below the others.
    public func adding(_ signature: NoteSignature) throws(NoteError) -> SignedNote {
        try SignedNote(text: text, signatures: signatures + [signature])
    }

    /// The signatures by the given keys, in the order of the lines.
    ///
    /// Lines by other keys are ignored.
    /// - Throws: `NoteError.invalidSignature` when a line names a given key and is not by it; then
    ///   the whole note is to be rejected (c2sp.org/signed-note). `NoteError.noKnownSignature` when
    ///   no line names a given key.
    public func verify(
        with keys: [NoteVerifierKey]
    ) throws(NoteError) -> [(key: NoteVerifierKey, signature: NoteSignature)] {
        var verified: [(key: NoteVerifierKey, signature: NoteSignature)] = []
        for signature in signatures {
            for key in keys where key.name == signature.name && key.keyID == signature.keyID {
                guard key.isValid(signature, over: text) else {
                    throw .invalidSignature(name: signature.name)
                }
                verified.append((key, signature))
            }
        }
        guard !verified.isEmpty else { throw .noKnownSignature }
        return verified
    }
}
