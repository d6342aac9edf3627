public import SignedStatements
public import TallystickPrimitives

/// The name of a key in signed notes (c2sp.org/signed-note): not empty, no spaces, no `+`.
public struct NoteKeyName: Hashable, Comparable, Sendable {
    /// The text of the name.
    public let text: String

    /// Accepts 1 to 255 bytes of text without white space, control characters or `+`; nil for
    /// anything else.
    public init?(_ text: String) {
        let isAcceptable = text.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar != "+"
                && scalar.properties.generalCategory != .control
        }
        guard (1...255).contains(text.utf8.count), isAcceptable else { return nil }
        self.text = text
    }

    /// The name of a log's own key: its origin (c2sp.org/tlog-checkpoint).
    public init(_ origin: Origin) { text = origin.text }

    public static func < (left: NoteKeyName, right: NoteKeyName) -> Bool { left.text < right.text }
}

extension NoteKeyName: CustomStringConvertible {
    public var description: String { text }
}

/// What a key of a signed note signs; the number is the type byte of c2sp.org/signed-note.
public enum NoteKeyKind: UInt8, Hashable, Sendable, CaseIterable {
    /// Ed25519 over the text of the note: a log's key.
    case ed25519 = 0x01
    /// Ed25519 over a time and the text: a witness's key (c2sp.org/tlog-cosignature,
    /// `cosignature/v1`).
    case cosignature = 0x04
}

/// A trusted key for signed notes, in the `vkey` form of c2sp.org/signed-note.
public struct NoteVerifierKey: Hashable, Sendable {
    /// Who signs with it.
    public let name: NoteKeyName
    /// What it signs.
    public let kind: NoteKeyKind
    /// The Ed25519 public key.
    public let key: VerificationKey
    /// The first four bytes of SHA-256(name || 0x0A || kind || key), big-endian: a hint which key
    /// signed.
    public let keyID: UInt32

    /// Puts a name and a key together.
    public init(name: NoteKeyName, kind: NoteKeyKind, key: VerificationKey) {
        self.name = name
        self.kind = kind
        self.key = key
        let digest = Hash256(
            hashing: Array(name.text.utf8) + [NoteText.lineFeed, kind.rawValue] + key.bytes)
        keyID = UInt32(truncatingIfNeeded: NoteText.number(digest.bytes.prefix(4)))
    }

    /// The key with which the log of that origin signs its tree heads.
    public static func log(_ origin: Origin, key: VerificationKey) -> NoteVerifierKey {
        NoteVerifierKey(name: NoteKeyName(origin), kind: .ed25519, key: key)
    }

    /// Parses `<name>+<key id in hex>+<base64 of kind and key>`.
    public init(parsing text: String) throws(NoteKeyError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].utf8.count == 8,
            let idBytes = Hex.decode(String(parts[1])),
            let body = Base64.decode(Array(parts[2].utf8)), let kindByte = body.first
        else { throw .malformed }
        guard let name = NoteKeyName(String(parts[0])) else { throw .badName }
        guard let kind = NoteKeyKind(rawValue: kindByte) else { throw .unsupportedKind(kindByte) }
        guard let key = try? VerificationKey(bytes: Array(body.dropFirst())) else { throw .badKey }
        self.init(name: name, kind: kind, key: key)
        let stated = UInt32(truncatingIfNeeded: NoteText.number(idBytes))
        guard stated == keyID else { throw .wrongKeyID(stated: stated, computed: keyID) }
    }

    /// The `vkey` text of the key, to publish.
    public var text: String {
        let body = Base64.encode([kind.rawValue] + key.bytes)
        let id = Hex.encode(NoteText.bigEndian(keyID))
        return "\(name)+\(id)+\(String(decoding: body, as: UTF8.self))"
    }
}

extension NoteVerifierKey: CustomStringConvertible {
    public var description: String { text }
}

/// Why a text is not a verifier key.
public enum NoteKeyError: Error, Hashable, Sendable {
    /// Not of the form `<name>+<8 hex digits>+<base64>`.
    case malformed
    /// The name is empty, too long, or has a space, a control character or a plus sign.
    case badName
    /// A type byte other than 0x01 and 0x04.
    case unsupportedKind(UInt8)
    /// Not an Ed25519 public key of 32 bytes.
    case badKey
    /// The key id is not the one of this name and key: a misprint in either.
    case wrongKeyID(stated: UInt32, computed: UInt32)
}

extension NoteKeyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed: "not a verifier key; write it as name+keyid+base64"
        case .badName:
            "the key's name may have no spaces, control characters or plus signs; rename it"
        case .unsupportedKind(let kind):
            "key type \(kind) is not supported; use type 1 for logs or 4 for witnesses"
        case .badKey:
            "the key is not an Ed25519 public key of 32 bytes; copy it again from its owner"
        case .wrongKeyID(let stated, let computed):
            """
            the key id is \(Hex.encode(NoteText.bigEndian(stated))), but this name and key give \
            \(Hex.encode(NoteText.bigEndian(computed))); copy the key again from its owner
            """
        }
    }
}
