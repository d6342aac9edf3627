public import DeterministicCBOR

/// Why a key file cannot be sealed or opened. Never holds a secret or a passphrase.
public enum KeyFileError: Error, Hashable, Sendable {
    /// The bytes do not start with the line of this format and version.
    case notKeyFile
    /// More bytes than a key file may have.
    case tooLarge(byteCount: Int, limit: Int)
    /// The part after the first line is not deterministic CBOR.
    case cbor(CBORError)
    /// A part is not what its place calls for.
    case shape(CBORShapeError)
    /// The file asks for a scrypt cost outside the bounds.
    case costOutOfBounds
    /// There is no passphrase at all.
    case emptyPassphrase
    /// scrypt did not get the memory it needs.
    case derivationFailed
    /// The passphrase is another one, or the file was changed; which of them cannot be told.
    case wrongPassphraseOrDamaged
    /// The sealed contents are not named secrets.
    case contents
}

extension KeyFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notKeyFile:
            "this is no key file of version 1; check the path, or use the release that made it"
        case .tooLarge(let byteCount, let limit):
            "the key file has \(byteCount) bytes, the limit is \(limit); split it or check the path"
        case .cbor(let error):
            "the key file is damaged (\(error)); restore it from its backup"
        case .shape(let error):
            "the key file is damaged (a part is not \(error.expected)); restore it from its backup"
        case .costOutOfBounds:
            "the key file asks for a scrypt cost outside the bounds; restore it from its backup"
        case .emptyPassphrase: "the passphrase is empty; check where it is read from"
        case .derivationFailed:
            "scrypt could not get its memory; free some, up to 256 MiB, and start again"
        case .wrongPassphraseOrDamaged:
            "the passphrase is wrong or the key file is damaged; check the passphrase first"
        case .contents:
            "the key file opened but holds no named secrets; restore it from its backup"
        }
    }
}
