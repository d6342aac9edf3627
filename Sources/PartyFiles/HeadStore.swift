import Glibc
public import Replication
public import TallystickPrimitives
public import TransparencyLog

/// The second store of a log's head: one small file, on another medium where the operator has one.
///
/// Before anything of the log leaves the party, the newest head that leaves is on its disk. A party whose log was put
/// back to an earlier state is told from that, and asks others before it writes (DESIGN §4, "Restore must not fork").
///
/// The file is text: a line that names the format, the three lines of the head (c2sp.org/tlog-checkpoint), and the
/// SHA-256 of these four lines in hexadecimal digits.
public struct HeadStore: Hashable, Sendable {
    /// The file.
    public let path: String

    /// Names a file.
    public init(path: String) { self.path = path }

    /// The file beside a party's directory, for whoever names no other: a copy of the directory that is put back leaves
    /// it as it is.
    public init(beside directory: PartyDirectory) {
        var name = directory.path
        while name.count > 1, name.hasSuffix("/") { name.removeLast() }
        path = name + ".head"
    }

    /// The file as it is: its bytes, by which it is replaced, and what they say.
    public struct Content: Hashable, Sendable {
        /// The exact bytes; nil where there is no file.
        public let bytes: [UInt8]?
        /// What they say.
        public let kept: KeptHead
    }

    /// Reads the file.
    ///
    /// - Throws: `PartyFileError` when it cannot be known what is in it.
    public func read() throws(PartyFileError) -> Content {
        guard access(path, F_OK) == 0 else {
            guard errno == ENOENT else { throw .system(path: path, code: errno) }
            return Content(bytes: nil, kept: .missing)
        }
        let bytes: [UInt8]
        do { bytes = try PublicFile.read(path, limit: Limits.headStoreByteCount) } catch {
            guard case .tooLong = error else { throw error }
            // Longer than any head: there is something, and it is no head.
            return Content(bytes: [], kept: .unreadable)
        }
        return Content(bytes: bytes, kept: HeadStore.head(in: bytes).map(KeptHead.head) ?? .unreadable)
    }

    /// Sees that there is none, before a log is founded.
    ///
    /// - Throws: `LogFoundedBefore`.
    public func checkMissing() throws {
        guard try read().kept == .missing else { throw LogFoundedBefore(path: path) }
    }

    /// Replaces what the file held by a head; it survives power loss when this returns.
    ///
    /// - Parameter known: the bytes that were read, or written, last.
    /// - Throws: `HeadStoreChanged` when somebody else has written since; nothing was written then.
    /// - Returns: the bytes that the file has now.
    public func replace(_ known: [UInt8]?, by head: TreeHead) throws -> [UInt8] {
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw PartyFileError.system(path: path + ".lock", code: errno) }
        defer { close(lock) }
        // Held for the moment of one comparison and one writing.
        guard flock(lock, LOCK_EX) == 0 else { throw PartyFileError.system(path: path, code: errno) }
        guard try read().bytes == known else { throw HeadStoreChanged(path: path) }
        let bytes = HeadStore.bytes(of: head)
        try PublicFile.write(bytes, to: path)
        return bytes
    }

    private static let mark = Array("tallystick-head 1\n".utf8)

    private static func bytes(of head: TreeHead) -> [UInt8] {
        let text = mark + head.noteText
        return text + Array((Hash256(hashing: text).hex + "\n").utf8)
    }

    private static func head(in bytes: [UInt8]) -> TreeHead? {
        guard bytes.starts(with: mark), bytes.count > mark.count + 65 else { return nil }
        let head = try? TreeHead(parsing: Array(bytes[mark.count..<bytes.count - 65]))
        // What it says is what it would say if it were written now: the checksum is compared too.
        guard let head, HeadStore.bytes(of: head) == bytes else { return nil }
        return head
    }
}

extension PartyDirectory {
    /// The file that says where the second store of this party's log is, once one was named.
    public var headStoreFile: String { path + "/head-store" }

    /// The second store of this party's log: the one that is named now, or else was named last, or else lies beside the
    /// directory.
    ///
    /// - Throws: `PartyFileError` where it cannot be known which it is.
    public func headStore(_ named: HeadStore? = nil) throws(PartyFileError) -> HeadStore {
        if let named { return HeadStore(path: try HeadStore.absolute(named.path)) }
        guard PublicFile.exists(headStoreFile) else { return HeadStore(beside: self) }
        let bytes = try PublicFile.read(headStoreFile, limit: Int(PATH_MAX))
        guard let text = String(validating: bytes, as: UTF8.self), text.hasPrefix("/"), text.hasSuffix("\n") else {
            throw .unreadable(path: headStoreFile)
        }
        return HeadStore(path: String(text.dropLast()))
    }

    /// Remembers the second store for every later command, so that none can miss it.
    public func keep(_ heads: HeadStore) throws(PartyFileError) {
        guard try headStore() != heads else { return }
        try PublicFile.write(Array((heads.path + "\n").utf8), to: headStoreFile)
    }
}

extension HeadStore {
    /// The same path for whoever is called from elsewhere.
    fileprivate static func absolute(_ path: String) throws(PartyFileError) -> String {
        guard !path.hasPrefix("/") else { return path }
        guard let here = getcwd(nil, 0) else { throw .system(path: path, code: errno) }
        defer { free(here) }
        return String(cString: here) + "/" + path
    }
}

/// Somebody else has written to the second store of a head: two run with one log.
public struct HeadStoreChanged: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String

    /// What is wrong, and what to do.
    public var description: String {
        """
        \(path) was written by somebody else: another process keeps the head of this log there. Stop one of the two; a \
        log has one writer
        """
    }
}

/// A log is not founded a second time: others may hold what it said.
public struct LogFoundedBefore: Error, Hashable, Sendable, CustomStringConvertible {
    /// The second store.
    public let path: String

    /// What is wrong, and what to do.
    public var description: String {
        """
        \(path) keeps the head of a log that was founded before. If it is this one's, put its backup back; if nothing of \
        that log ever left its directory, remove the file; otherwise name another --head-store
        """
    }
}

extension Limits {
    /// Bytes in the second store of a head: an origin, a size and two hashes.
    public static let headStoreByteCount = 1024
}
