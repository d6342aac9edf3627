import Glibc
public import TallystickPrimitives

/// Files without secrets: whole reads with a bound, and writes that are complete or not there.
public enum PublicFile {
    /// Reads a file of at most the size of the largest partnership file.
    public static func read(_ path: String, limit: Int = Limits.publicFileByteCount) throws(PartyFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw .system(path: path, code: errno) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw .tooLong(path: path, limit: limit) }
        }
    }

    /// Takes a file away; that there is none is as good.
    public static func remove(_ path: String) { unlink(path) }

    /// Whether there is a file.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Takes a file away, so that a power loss does not bring it back; that there is none is as good.
    public static func removeDurably(_ path: String) throws(PartyFileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .system(path: path, code: errno) }
        try synchroniseDirectory(of: path)
    }

    /// The names of the files in a directory, in order; none where there is no such directory.
    public static func names(in directory: String) throws(PartyFileError) -> [String] {
        guard let stream = opendir(directory) else {
            guard errno == ENOENT else { throw .system(path: directory, code: errno) }
            return []
        }
        defer { closedir(stream) }
        var found: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { found.append(name) }
        }
        return found.sorted()
    }

    /// Makes a directory that its owner alone can use; it is durable when this returns, and that it is there is as good.
    public static func makeDirectory(_ path: String) throws(PartyFileError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .system(path: path, code: errno) }
        try synchroniseDirectory(of: path)
    }

    /// Moves a finished file to its name; the move is durable when this returns.
    public static func move(_ from: String, to path: String) throws(PartyFileError) {
        guard rename(from, path) == 0 else { throw .system(path: path, code: errno) }
        try synchroniseDirectory(of: path)
    }

    /// Writes beside the place, makes it durable and moves it there; the move is durable too when this returns.
    public static func write(_ bytes: [UInt8], to path: String) throws(PartyFileError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(path: temporary, code: errno) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .system(path: temporary, code: errno) }
            written += count
        }
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw .system(path: path, code: errno) }
        try synchroniseDirectory(of: path)
    }

    /// Until the directory is on disk, a power loss may bring the file's old content back.
    private static func synchroniseDirectory(of path: String) throws(PartyFileError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: directory, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(path: directory, code: errno) }
    }
}

extension Limits {
    /// Bytes in a file that is read whole: a partnership file or an import.
    public static let publicFileByteCount = 64 << 20
}
