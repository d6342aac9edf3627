import Foundation

/// The file of a store: readable by its owner alone, in a directory of the same owner.
struct StoreFile {
    let directory: String
    let path: String

    static let fileMode: UInt32 = 0o600
    static let directoryMode: UInt32 = 0o700

    init(directory: String, name: String) {
        self.directory = directory
        path = directory + "/" + name
    }

    /// Makes an empty file that nobody else can read, and its directory if there is none.
    func create() throws(StoreOpeningError) {
        if mkdir(directory, mode_t(StoreFile.directoryMode)) != 0, errno != EEXIST {
            throw .system(path: directory, code: errno)
        }
        try check(directory, mode: StoreFile.directoryMode)
        let file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode_t(StoreFile.fileMode))
        guard file >= 0 else {
            throw errno == EEXIST ? .alreadyExists(path: path) : .system(path: path, code: errno)
        }
        defer { close(file) }
        // The file must not be forgotten by a power loss after the first statement is in it.
        guard fsync(file) == 0 else { throw .system(path: path, code: errno) }
        try synchroniseDirectory()
        try check(path, mode: StoreFile.fileMode)
    }

    /// Checks that there is a store that only its owner can read.
    func checkExisting() throws(StoreOpeningError) {
        guard access(path, F_OK) == 0 else { throw .missing(path: path) }
        try check(directory, mode: StoreFile.directoryMode)
        try check(path, mode: StoreFile.fileMode)
    }

    /// Takes the place of another store of this name, at once and for good; both are closed.
    func replace(_ other: StoreFile) throws(StoreOpeningError) {
        // What is written ahead belongs to the file that goes. It was emptied when that was closed.
        for suffix in ["-wal", "-shm"] where unlink(other.path + suffix) != 0 && errno != ENOENT {
            throw .system(path: other.path + suffix, code: errno)
        }
        guard rename(path, other.path) == 0 else { throw .system(path: path, code: errno) }
        try other.synchroniseDirectory()
    }

    /// Removes the store and its directory, if they are there.
    func remove() throws(StoreOpeningError) {
        for suffix in ["", "-wal", "-shm"] where unlink(path + suffix) != 0 && errno != ENOENT {
            throw .system(path: path + suffix, code: errno)
        }
        guard rmdir(directory) == 0 || errno == ENOENT else { throw .system(path: directory, code: errno) }
    }

    private func check(_ path: String, mode expected: UInt32) throws(StoreOpeningError) {
        var information = stat()
        guard stat(path, &information) == 0 else { throw .system(path: path, code: errno) }
        let actual = UInt32(information.st_mode) & 0o7777
        guard actual & ~expected == 0, information.st_uid == geteuid() else {
            throw .permissions(path: path, expected: expected, actual: actual)
        }
    }

    private func synchroniseDirectory() throws(StoreOpeningError) {
        let handle = open(directory, O_RDONLY | O_CLOEXEC)
        guard handle >= 0 else { throw .system(path: directory, code: errno) }
        defer { close(handle) }
        guard fsync(handle) == 0 else { throw .system(path: directory, code: errno) }
    }
}
