import Glibc

/// Key files on disk: written once, replaced only where that is what was asked for, read only when nobody else can.
public enum KeyFileStore {
    /// Creates the file at `path` with mode 600, all of it or nothing, safe against a power cut.
    ///
    /// Works through `path` with `.new` appended. If a crash left that behind, it is in the way
    /// of the next attempt until somebody has looked at it and removed it.
    /// - Throws: `SecretFileError`; `.alreadyExists` names which of the two is in the way.
    public static func write(_ bytes: [UInt8], to path: String) throws(SecretFileError) {
        let temporary = path + ".new"
        let file = try SystemFile(path: temporary, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        do throws(SecretFileError) {
            try file.setMode(0o600)
            try file.write(bytes)
            try file.synchronise()
            try link(temporary, as: path)
        } catch {
            unlink(temporary)
            throw error
        }
        unlink(temporary)
        try SystemFile(path: directory(of: path), flags: O_RDONLY | O_DIRECTORY).synchronise()
    }

    /// Puts other bytes in the place of the file at `path`: a power cut leaves the one or the other, whole.
    ///
    /// Works through `path` with `.next` appended; one that a crash left behind was never used and is removed. What the
    /// disk keeps of the former file is for the disk: on most of today's nothing can be overwritten in place.
    /// - Precondition: nobody else writes in the directory.
    /// - Throws: `SecretFileError`; the former file is in its place then, unless it is the directory's flush that failed.
    public static func replace(_ bytes: [UInt8], at path: String) throws(SecretFileError) {
        _ = try read(from: path)
        let temporary = path + ".next"
        unlink(temporary)
        let file = try SystemFile(path: temporary, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        do throws(SecretFileError) {
            try file.setMode(0o600)
            try file.write(bytes)
            try file.synchronise()
            guard rename(temporary, path) == 0 else { throw .system(path: path, code: errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        try SystemFile(path: directory(of: path), flags: O_RDONLY | O_DIRECTORY).synchronise()
    }

    /// Reads the file at `path`.
    /// - Throws: `SecretFileError` if the file is a link, is not ours, is open to the group or to
    ///   others, or has more than `KeyFileLimits.byteCount` bytes.
    public static func read(from path: String) throws(SecretFileError) -> [UInt8] {
        try SecretFileRule.own.read(path)
    }

    /// Gives the finished file its name. A link, unlike a renaming, fails when the name is taken.
    private static func link(_ temporary: String, as path: String) throws(SecretFileError) {
        guard Glibc.link(temporary, path) == 0 else {
            if errno == EEXIST { throw .alreadyExists(path: path) }
            throw .system(path: path, code: errno)
        }
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
