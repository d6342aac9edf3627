import DeterministicCBOR

/// The secrets of one key file, each under a name such as `statement` or `kem-2026-1`.
///
/// Names are not secret in memory and may appear in messages; in the file they are sealed too.
public struct KeyFileContents: Hashable, Sendable {
    /// The secrets by name.
    public let secrets: [String: SecretBytes]

    /// Collects named secrets.
    public init(_ secrets: [String: [UInt8]]) { self.secrets = secrets.mapValues(SecretBytes.init) }

    /// The secret of that name, if there is one.
    public subscript(name: String) -> SecretBytes? { secrets[name] }

    /// These secrets and one more; a secret of the same name is replaced.
    public func adding(_ name: String, _ secret: [UInt8]) -> KeyFileContents {
        KeyFileContents(secrets.mapValues(\.bytes).merging([name: secret]) { _, new in new })
    }

    /// These secrets without those of some names.
    public func removing(_ names: Set<String>) -> KeyFileContents {
        KeyFileContents(secrets.filter { !names.contains($0.key) }.mapValues(\.bytes))
    }

    var encoded: [UInt8] {
        CBOR.map(of: secrets.map { (.text($0.key), .bytes($0.value.bytes)) }).encoded
    }

    /// Decodes contents; nil unless the bytes are a map from text to byte strings.
    init?(decoding bytes: [UInt8]) {
        guard let item = try? CBOR(decoding: bytes, limit: KeyFileLimits.byteCount),
            let map = try? item.entries()
        else { return nil }
        var secrets: [String: [UInt8]] = [:]
        for pair in map.pairs {
            guard let name = try? pair.key.string(), let secret = try? pair.value.byteString()
            else {
                return nil
            }
            // Text that differs in bytes can be equal as a `String` (Unicode equivalence), and a
            // secret must not vanish behind another.
            guard secrets.updateValue(secret, forKey: name) == nil else { return nil }
        }
        self.init(secrets)
    }
}
