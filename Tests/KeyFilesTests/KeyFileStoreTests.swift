import Glibc
import KeyFiles
import Testing

@Suite struct KeyFileStoreTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func whatIsWrittenIsReadAgainAndIsOursAlone() throws {
        let path = directory.file("keys")
        try KeyFileStore.write([1, 2, 3], to: path)
        #expect(try KeyFileStore.read(from: path) == [1, 2, 3])
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        #expect(try directory.names == ["keys"])
    }

    @Test func anExistingFileStaysAsItIs() throws {
        let path = directory.file("keys")
        try KeyFileStore.write([1], to: path)
        #expect(throws: SecretFileError.alreadyExists(path: path)) {
            try KeyFileStore.write([2], to: path)
        }
        #expect(try KeyFileStore.read(from: path) == [1])
        #expect(try directory.names == ["keys"])
    }

    @Test func whatACrashLeftBehindIsNotOverwritten() throws {
        let left = try directory.write([7], to: "keys.new")
        #expect(throws: SecretFileError.alreadyExists(path: left)) {
            try KeyFileStore.write([2], to: directory.file("keys"))
        }
        #expect(try KeyFileStore.read(from: left) == [7])
        #expect(try directory.names == ["keys.new"])
    }

    @Test func whatIsReplacedIsThereWholeAndNothingElseIs() throws {
        let path = directory.file("keys")
        #expect(throws: (any Error).self) { try KeyFileStore.replace([1], at: path) }
        try KeyFileStore.write([1], to: path)
        // What an earlier try left behind was never used.
        _ = try directory.write([7], to: "keys.next")
        try KeyFileStore.replace([2, 3], at: path)
        #expect(try KeyFileStore.read(from: path) == [2, 3])
        #expect(try directory.names == ["keys"])
        let open = try directory.write([4], to: "open", mode: 0o644)
        #expect(throws: SecretFileError.openToOthers(path: open, mode: 0o644)) {
            try KeyFileStore.replace([5], at: open)
        }
    }

    @Test func everyModeThatLetsOthersInIsRefused() throws {
        for mode in mode_t(0)...0o777 {
            let path = try directory.write([1], to: "keys", mode: mode)
            guard mode & 0o077 != 0 else { continue }
            // The account of the tests may be barred by its own bits first.
            guard mode & 0o400 != 0 else { continue }
            let error = #expect(throws: SecretFileError.openToOthers(path: path, mode: mode)) {
                try KeyFileStore.read(from: path)
            }
            #expect(error?.description.contains("chmod 600 \(path)") == true)
            try removeFile(path)
        }
    }

    @Test(arguments: [0o400, 0o600, 0o700] as [mode_t])
    func modesForTheOwnerAloneAreAccepted(mode: mode_t) throws {
        let path = try directory.write([5], to: "keys", mode: mode)
        #expect(try KeyFileStore.read(from: path) == [5])
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func aFileOfAnotherAccountIsRefused() throws {
        let path = try directory.write([5], to: "keys")
        try #require(chown(path, 65_534, 65_534) == 0)
        let expected = SecretFileError.wrongOwner(path: path, owner: 65_534, expected: 0)
        #expect(throws: expected) { try KeyFileStore.read(from: path) }
        #expect(expected.description.contains("chown 0 \(path)"))
    }

    @Test func linksDirectoriesAndPipesAreRefused() throws {
        let target = try directory.write([1], to: "target")
        let link = directory.file("link")
        try #require(symlink(target, link) == 0)
        #expect(throws: SecretFileError.symbolicLink(path: link)) {
            try KeyFileStore.read(from: link)
        }
        #expect(throws: SecretFileError.notRegularFile(path: directory.path)) {
            try KeyFileStore.read(from: directory.path)
        }
        let pipe = directory.file("pipe")
        try #require(mkfifo(pipe, 0o600) == 0)
        #expect(throws: SecretFileError.notRegularFile(path: pipe)) {
            try KeyFileStore.read(from: pipe)
        }
    }

    @Test func aLinkIsNeverWrittenThrough() throws {
        let link = directory.file("keys")
        try #require(symlink(directory.file("elsewhere"), link) == 0)
        #expect(throws: SecretFileError.alreadyExists(path: link)) {
            try KeyFileStore.write([1], to: link)
        }
        #expect(try directory.names == ["keys"])
    }

    @Test func sizeEndsAtItsLimit() throws {
        let limit = KeyFileLimits.byteCount
        let largest = try directory.write([UInt8](repeating: 1, count: limit), to: "a")
        #expect(try KeyFileStore.read(from: largest).count == limit)
        let larger = try directory.write([UInt8](repeating: 1, count: limit + 1), to: "b")
        #expect(throws: SecretFileError.tooLarge(path: larger, limit: limit)) {
            try KeyFileStore.read(from: larger)
        }
    }

    @Test func aMissingFileIsNamed() throws {
        let path = directory.file("none")
        let error = #expect(throws: SecretFileError.system(path: path, code: ENOENT)) {
            try KeyFileStore.read(from: path)
        }
        #expect(error?.description.contains("No such file") == true)
        let below = directory.file("none/keys")
        #expect(throws: SecretFileError.system(path: below + ".new", code: ENOENT)) {
            try KeyFileStore.write([1], to: below)
        }
    }

    private func removeFile(_ path: String) throws { try #require(unlink(path) == 0) }
}
