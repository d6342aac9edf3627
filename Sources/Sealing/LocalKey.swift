import Crypto
public import TallystickPrimitives

/// The key under which a node keeps the keys it was given, and its snapshots: nothing readable lies
/// on disk.
///
/// Each use has a key of its own derived from it, so that a wrapped content key never opens as a
/// circle key.
public struct LocalKey: Sendable {
    private let secret: SymmetricKey
    // Derived once: every entry needs the first, every start of a node all three.
    private let contentWrapKey: SymmetricKey
    private let circleWrapKey: SymmetricKey
    private let sealKey: SymmetricKey

    /// Draws a new key.
    /// - Precondition: the source returns as many bytes as it is asked for.
    public init(from entropy: any Entropy) { self.init(secret: SymmetricKey(from: entropy)) }

    /// Restores a key from its 32 bytes; nil for any other length.
    public init?(bytes: [UInt8]) {
        guard let secret = SymmetricKey(secret: bytes) else { return nil }
        self.init(secret: secret)
    }

    private init(secret: SymmetricKey) {
        self.secret = secret
        contentWrapKey = secret.expanded("tallystick/local/content/v1")
        circleWrapKey = secret.expanded("tallystick/local/circle/v1")
        sealKey = secret.expanded("tallystick/local/seal/v1")
    }

    /// The 32 bytes, for a key file and for nothing else.
    public var bytes: [UInt8] { secret.secretBytes }

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
