import TallystickPrimitives

/// Why bytes are not a signed note, or not one to trust.
public enum NoteError: Error, Hashable, Sendable {
    /// More bytes than `Limits.noteByteCount`.
    case tooLarge(Int)
    /// The text is empty, does not end its last line, or has bytes that are not plain UTF-8 text.
    case badText
    /// No blank line between a text and its signatures, or no line feed at the end.
    case noBlankLine
    /// No signature line, or more than `Limits.noteSignatureCount`.
    case signatureCount(Int)
    /// The signature line with that number, counted from 1, is not of the right form.
    case badSignatureLine(number: Int)
    /// A line names a trusted key and is not its signature.
    case invalidSignature(name: NoteKeyName)
    /// No line names a trusted key.
    case noKnownSignature
}

extension NoteError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLarge(let count):
            "the note has \(count) bytes, more than \(Limits.noteByteCount); refuse its sender"
        case .badText: "the note's text is not lines of plain UTF-8; have it made again"
        case .noBlankLine: "the note has no blank line before its signatures; fetch it again whole"
        case .signatureCount(let count):
            "the note has \(count) signature lines; 1 to \(Limits.noteSignatureCount) are accepted"
        case .badSignatureLine(let number):
            "signature line \(number) is not an em dash, a name and base64; fetch the note again"
        case .invalidSignature(let name):
            "the line of the trusted key \(name) is not its signature; reject the whole note"
        case .noKnownSignature: "no trusted key has signed the note; check the list of keys"
        }
    }
}
