import Glibc
public import KeyFiles
public import TallystickPrimitives

/// What can be wrong with a party's directory, in words for its operator.
public enum PartyFileError: Error, Hashable, Sendable {
    /// The directory has keys, and not what comes after them.
    case cutShort(String)
    /// The directory holds a party already.
    case alreadyInitialised(String)
    /// The directory holds no party.
    case notInitialised(String)
    /// The party has joined no partnership.
    case notJoined(String)
    /// A file is not what its name says.
    case unreadable(path: String)
    /// A file is longer than whoever reads it takes, in bytes.
    case tooLong(path: String, limit: Int)
    /// The bytes are no enrolment request.
    case notAnEnrolmentRequest
    /// The bytes are no partnership file.
    case notAPartnershipFile
    /// The partnership file is another board's.
    case otherPartnership(expected: Hash256, found: Hash256)
    /// The bytes are no revocation, or not signed by whom they must be.
    case notARevocation
    /// The directory keeps as many revocations that came by file as it may.
    case tooManyRevocations(String)
    /// A key that the key file should hold is not there.
    case keyMissing(String)
    /// No certificate that is here is that of a TLS key in the key file.
    case noCertificate
    /// The root key is another than the board enrolled.
    case otherRootKey(path: String)
    /// Keys have changed since the recovery file was made.
    case recoveryOutdated(path: String)
    /// Two shares do not open a recovery file.
    case otherShares(path: String)
    /// A file with secrets cannot be used.
    case secretFile(SecretFileError)
    /// A key file does not open.
    case keyFile(path: String, KeyFileError)
    /// The passphrase cannot be had.
    case passphrase(PassphraseError)
    /// The operating system refused; the number is its error code.
    case system(path: String, code: Int32)
}

extension PartyFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cutShort(let path):
            """
            making \(path) was cut short; nobody has been told of what is in it, so nothing is lost: remove it and begin \
            again
            """
        case .alreadyInitialised(let path):
            "\(path) holds a party already; choose another directory"
        case .notInitialised(let path):
            "\(path) holds no party; run the init command first, or check --dir"
        case .notJoined(let path):
            "\(path) belongs to no partnership yet; run the join command first"
        case .unreadable(let path): "\(path) is not what its name says; restore it from a backup"
        case .tooLong(let path, let limit): "\(path) has more than \(limit) bytes; split it, or check the name"
        case .notAnEnrolmentRequest:
            "this file is no enrolment request; use the file that the init command wrote"
        case .notAPartnershipFile:
            "this file is no partnership file; ask the board for the output of 'tallystick board export'"
        case .otherPartnership(let expected, let found):
            """
            this partnership file is another board's: its fingerprint is \(found.hex), yours is \(expected.hex); \
            compare with what the board told you over another channel
            """
        case .notARevocation:
            "this file revokes nothing: neither the agency's root key nor the board signed it; ask them for it again"
        case .tooManyRevocations(let path):
            "\(path) holds \(Limits.heardRevocationCount) revocations that came by file; remove those the register has"
        case .keyMissing(let name): "the key file holds no key '\(name)'; use the key file of this party"
        case .noCertificate:
            """
            no certificate here fits the TLS key in the key file, which was renewed since: put the newer \
            enrolment.request into the directory, or join again with the board's newest export
            """
        case .otherRootKey(let path):
            "\(path) holds another root key than the one the board enrolled for this party; give that one"
        case .recoveryOutdated(let path):
            "the shares open \(path), but keys have changed since it was made; make it anew with 'recovery make'"
        case .otherShares(let path):
            """
            these two shares do not open \(path): they are of another making of it, or the file is damaged; take the shares \
            that were handed out last, or the copy of the file from then
            """
        case .secretFile(let error): "\(error)"
        case .keyFile(let path, let error): "\(path): \(error)"
        case .passphrase(let error): "\(error)"
        case .system(let path, let code): "\(path): \(systemWords(code))"
        }
    }

    private func systemWords(_ code: Int32) -> String {
        switch code {
        case ENOENT: "there is no such file or directory; check the name"
        case EISDIR: "this is a directory; name a file in it"
        case ENOTDIR: "a part of this path is no directory; check the name"
        case EACCES, EPERM: "permission denied; check whose it is and its mode"
        case ENOSPC, EDQUOT: "there is no space left; free some and repeat"
        case EROFS: "this cannot be written to; choose another place"
        default: "the operating system refused (error \(code)); check the file and its disk"
        }
    }
}
