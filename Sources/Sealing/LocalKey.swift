import Crypto
public import TallystickPrimitives

/// The key under which a node keeps the keys it was given, and its snapshots: nothing readable lies
/// on disk.
///
/// Each use has a key of its own derived from it, so that a wrapped content key never opens as a
/// circle key. The key itself never comes out again: what identifiers need is derived too.
public struct LocalKey: Sendable {
    /// What is derived from the key without being a key of content.
    public enum DerivedUse: String, CaseIterable, Sendable {
        /// Keeps identifiers of imported rows from being guessed from the file.
        case importSalt = "import-salt"
        /// Names a day's stream of access records.
        case accessStream = "access"
        /// Stands for an officer for one day (PRACTICE P4).
        case actor
    }

    private let secret: SymmetricKey
    /// What stays of an earlier key, so that imported rows are known again.
    private let importSalt: [UInt8]?
    // Derived once: every entry needs the first, every start of a node all three.
    private let contentWrapKey: SymmetricKey
    private let circleWrapKey: SymmetricKey
    private let sealKey: SymmetricKey

    /// Draws a new key.
    /// - Precondition: the source returns as many bytes as it is asked for.
    public init(from entropy: any Entropy) { self.init(secret: SymmetricKey(from: entropy), importSalt: nil) }

    /// Restores a key from its 32 bytes; nil for any other length.
    ///
    /// - Parameter importSalt: what the first key derived for imports, once that was replaced.
    public init?(bytes: [UInt8], importSalt: [UInt8]? = nil) {
        guard let secret = SymmetricKey(secret: bytes) else { return nil }
        self.init(secret: secret, importSalt: importSalt)
    }

    private init(secret: SymmetricKey, importSalt: [UInt8]?) {
        self.secret = secret
        self.importSalt = importSalt
        contentWrapKey = secret.expanded("tallystick/local/content/v1")
        circleWrapKey = secret.expanded("tallystick/local/circle/v1")
        sealKey = secret.expanded("tallystick/local/seal/v1")
    }

    /// 32 bytes that nobody without this key can compute, always the same for the same use and subject.
    ///
    /// HKDF-Expand with SHA-256 (RFC 5869 §2.3) under `tallystick/local/USE/v1/SUBJECT`.
    public func derived(for use: DerivedUse, about subject: String = "") -> [UInt8] {
        if use == .importSalt, let importSalt { return importSalt }
        return secret.expanded("tallystick/local/\(use.rawValue)/v1/\(subject)").secretBytes
    }

    /// A content key as it is stored: 40 bytes (RFC 3394).
    public func wrap(_ key: ContentKey) -> [UInt8] { contentWrapKey.wrapped(key.secret) }

    /// A circle key as it is stored: 40 bytes (RFC 3394).
    public func wrap(_ key: CircleKey) -> [UInt8] { circleWrapKey.wrapped(key.secret) }

    /// The content key that was stored.
    /// - Throws: `OpeningFault.localKey`.
    public func unwrapContentKey(_ wrapped: [UInt8]) throws(OpeningFault) -> ContentKey {
        guard let key = contentWrapKey.unwrapped(wrapped) else { throw .localKey }
        return ContentKey(secret: key)
    }

    /// The circle key that was stored.
    /// - Throws: `OpeningFault.localKey`.
    public func unwrapCircleKey(_ wrapped: [UInt8]) throws(OpeningFault) -> CircleKey {
        guard let key = circleWrapKey.unwrapped(wrapped) else { throw .localKey }
        return CircleKey(secret: key)
    }

    /// Seals bytes of any length, such as a snapshot, so that they open under the same context
    /// only.
    ///
    /// AES-256-GCM under a random nonce; `context` is the additional data.
    public func seal(_ bytes: [UInt8], context: String, entropy: any Entropy) -> [UInt8] {
        AuthenticatedEncryption.seal(
            bytes, with: sealKey, authenticating: Array(context.utf8), entropy: entropy)
    }

    /// The bytes that were sealed.
    /// - Throws: `OpeningFault.badContent`, `unknownSuite` or `localKey`.
    public func open(_ sealed: [UInt8], context: String) throws(OpeningFault) -> [UInt8] {
        // The node wrote these bytes itself, so their own length is the only bound there is.
        let blob = try AuthenticatedEncryption.read(sealed, limit: sealed.count)
        guard
            let bytes = AuthenticatedEncryption.open(
                blob, with: sealKey, authenticating: Array(context.utf8))
        else { throw .localKey }
        return bytes
    }
}

extension LocalKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says that there is a key, never which.
    public var description: String { "LocalKey(withheld)" }

    /// Says that there is a key, never which.
    public var debugDescription: String { description }

    /// Shows nothing, so that dumps and test reports stay free of secrets.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
