public import TallystickPrimitives

/// What a log says about itself: its origin, how many statements it holds and their root.
///
/// Anyone can make one; `SignedTreeHead` is one that the log signed.
public struct TreeHead: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// How many statements it holds.
    public let size: TreeSize
    /// The root over them (RFC 6962 §2.1).
    public let root: Hash256
    /// The text of the note, with its last line feed; includes extension lines of logs that have
    /// them.
    public let noteText: [UInt8]

    /// States a tree head without extension lines.
    public init(origin: Origin, size: TreeSize, root: Hash256) {
        self.origin = origin
        self.size = size
        self.root = root
        let base64 = String(decoding: Base64.encode(root.bytes), as: UTF8.self)
        noteText = Array("\(origin)\n\(size)\n\(base64)\n".utf8)
    }

    /// Whether the text has lines beyond origin, size and root.
    public var isExtended: Bool { self != TreeHead(origin: origin, size: size, root: root) }

    /// Parses the text of a note (c2sp.org/tlog-checkpoint): origin, size, root, and maybe
    /// extension lines.
    public init(parsing noteText: [UInt8]) throws(TreeHeadError) {
        guard let lines = NoteText.lines(noteText), lines.count >= 3, !lines.contains([]) else {
            throw .malformed(line: nil)
        }
        guard let text = String(validating: lines[0], as: UTF8.self), let origin = Origin(text)
        else { throw .malformed(line: 1) }
        guard let size = NoteText.decimal(lines[1]) else { throw .malformed(line: 2) }
        guard let bytes = Base64.decode(lines[2]), let root = Hash256(bytes: bytes) else {
            throw .malformed(line: 3)
        }
        self.origin = origin
        self.size = TreeSize(size)
        self.root = root
        self.noteText = noteText
    }
}
