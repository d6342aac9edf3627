/// Why there is no passphrase to use. Never holds any of it.
public enum PassphraseError: Error, Hashable, Sendable {
    /// Its file was not read.
    case file(SecretFileError)
    /// systemd gave this process no credentials.
    case noCredentialsDirectory(name: String)
    /// The name is not one that a credential can have.
    case credentialName
    /// The content is not UTF-8 text.
    case notText
    /// Fewer characters than the least accepted.
    case tooShort(minimum: Int)
}

extension PassphraseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let error): "the passphrase cannot be read: \(error)"
        case .noCredentialsDirectory(let name):
            "there is no credentials directory; set LoadCredential=\(name):PATH in the unit"
        case .credentialName:
            "the name of the credential is empty or has other characters than A-Z a-z 0-9 . _ -"
        case .notText: "the passphrase is not UTF-8 text; make a new one and seal the keys again"
        case .tooShort(let minimum):
            "the passphrase has fewer than \(minimum) characters; make a longer one"
        }
    }
}

/// Where the passphrase of a key file comes from.
public enum PassphraseSource: Hashable, Sendable {
    /// A file of our own with mode 600 or 400.
    case file(path: String)
    /// A credential that systemd passes (`LoadCredential=`, `LoadCredentialEncrypted=`).
    case systemdCredential(name: String)

    /// Reads the passphrase, without its final newline.
    /// - Parameter credentialsDirectory: the value of `CREDENTIALS_DIRECTORY`, if it is set.
    /// - Throws: `PassphraseError`.
    public func read(credentialsDirectory: String?) throws(PassphraseError) -> SecretBytes {
        let (path, rule) = try location(in: credentialsDirectory)
        let bytes: [UInt8]
        do throws(SecretFileError) { bytes = try rule.read(path) } catch { throw .file(error) }
        return try PassphraseSource.passphrase(from: bytes)
    }

    /// Cuts one final newline and refuses what is too short to be a passphrase.
    static func passphrase(from bytes: [UInt8]) throws(PassphraseError) -> SecretBytes {
        let line = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard let text = String(validating: line, as: UTF8.self) else { throw .notText }
        guard text.count >= KeyFileLimits.passphraseLength else {
            throw .tooShort(minimum: KeyFileLimits.passphraseLength)
        }
        return SecretBytes(Array(line))
    }

    private func location(
        in credentialsDirectory: String?
    ) throws(PassphraseError) -> (path: String, rule: SecretFileRule) {
        switch self {
        case .file(let path): return (path, .own)
        case .systemdCredential(let name):
            // A name with a slash would lead out of the directory.
            guard !name.isEmpty, name != ".", name != "..", name.utf8.allSatisfy(isNameUnit) else {
                throw .credentialName
            }
            guard let credentialsDirectory, !credentialsDirectory.isEmpty else {
                throw .noCredentialsDirectory(name: name)
            }
            return (credentialsDirectory + "/" + name, .credential)
        }
    }
}

private func isNameUnit(_ unit: UInt8) -> Bool {
    switch unit {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: Array("._-".utf8).contains(unit)
    }
}
