import Glibc

/// Who may own a file of secrets and who else may read it.
struct SecretFileRule {
    let acceptsRootAsOwner: Bool
    let refusedBits: mode_t

    /// A file that the operator made: ours alone.
    static let own = SecretFileRule(acceptsRootAsOwner: false, refusedBits: 0o077)

    /// A file that systemd made: root's, with our access granted by an access control list, whose
    /// mask shows as the group's bits. The directory is closed to everybody else.
    static let credential = SecretFileRule(acceptsRootAsOwner: true, refusedBits: 0o037)

    /// Reads the file at `path`, after checking the very file that was opened.
    func read(_ path: String) throws(SecretFileError) -> [UInt8] {
        let file = try SystemFile(path: path, flags: O_RDONLY | O_NOFOLLOW)
        let status = try file.status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegularFile(path: path) }
        let own = geteuid()
        guard status.st_uid == own || acceptsRootAsOwner && status.st_uid == 0 else {
            throw .wrongOwner(path: path, owner: status.st_uid, expected: own)
        }
        guard status.st_mode & refusedBits == 0 else {
            throw .openToOthers(path: path, mode: status.st_mode & 0o777)
        }
        return try file.read(atMost: KeyFileLimits.byteCount)
    }
}
