import CommandLineSupport
import Foundation
import HTTPTransport
import Imports
import KeyFiles
import NodeInterface
import PartyFiles
import TallystickPrimitives
import Testing

@Suite("Files without secrets")
struct PublicFileTests {
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let name = "tallystick-file-\(UInt64.random(in: 0 ... .max))"
        let path = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test("A file is read up to its limit, and named when it is longer")
    func limit() throws {
        try inDirectory { directory in
            let path = directory + "/file"
            // Less and more than what is read at a time.
            for limit in [1, 70_000] {
                try PublicFile.write([UInt8](repeating: 7, count: limit), to: path)
                #expect(try PublicFile.read(path, limit: limit).count == limit)
                try PublicFile.write([UInt8](repeating: 7, count: limit + 1), to: path)
                #expect(throws: PartyFileError.tooLong(path: path, limit: limit)) {
                    try PublicFile.read(path, limit: limit)
                }
            }
        }
    }

    @Test("What the system refuses is said in words, and a party that has not joined is told to")
    func words() throws {
        try inDirectory { directory in
            func words(_ path: String) throws -> String {
                try #require(#expect(throws: PartyFileError.self) { try PublicFile.read(path) }).description
            }
            #expect(
                try words(directory + "/none")
                    == "\(directory)/none: there is no such file or directory; check the name")
            #expect(try words(directory) == "\(directory): this is a directory; name a file in it")
            for (code, part) in [(EACCES, "permission denied"), (ENOSPC, "no space left"), (EIO, "error \(EIO)")] {
                #expect(PartyFileError.system(path: "f", code: code).description.contains(part))
            }
            let party = PartyDirectory(path: directory)
            #expect(throws: PartyFileError.notInitialised(directory)) { try party.partnership() }
            try PublicFile.write([1], to: party.enrolmentFile)
            #expect(throws: PartyFileError.notJoined(directory)) { try party.partnership() }
            #expect(PartyFileError.notJoined(directory).description.contains("join"))
        }
    }

    @Test("A directory is one daemon's until it ends, and whoever comes second is told")
    func lock() throws {
        try inDirectory { directory in
            let party = PartyDirectory(path: directory)
            do {
                let first = try DirectoryLock(party)
                let refused = #expect(throws: DirectoryInUse.self) { try DirectoryLock(party) }
                #expect(refused?.description.contains("another process already runs in \(directory)") == true)
                withExtendedLifetime(first) {}
            }
            _ = try DirectoryLock(party)
            #expect(throws: PartyFileError.self) { try DirectoryLock(PartyDirectory(path: directory + "/none")) }
        }
    }

    @Test("A passphrase that cannot be read names its option, and a key file that does not open is named")
    func options() throws {
        let failure = #expect(throws: CommandFailure.self) {
            try PassphraseOptions.read(.file(path: "nofile"), from: "--passphrase-file")
        }
        #expect(failure?.message.hasPrefix("--passphrase-file: the passphrase cannot be read: nofile: ") == true)
        let closed = PartyFileError.keyFile(path: "member-2.key", .wrongPassphraseOrDamaged)
        #expect(closed.description.hasPrefix("member-2.key: the passphrase is wrong"))
    }

    @Test("A file is replaced whole, and nothing is left beside it")
    func replaced() throws {
        try inDirectory { directory in
            let path = directory + "/file"
            for content: [UInt8] in [[1], [2, 3], []] {
                try PublicFile.write(content, to: path)
                #expect(try PublicFile.read(path) == content)
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["file"])
            }
        }
    }

    @Test("The largest file that is imported fits the form that carries it to the daemon")
    func largestImport() throws {
        #expect(ImportLimits.fileByteCount > 20 << 20, "a month of the largest force")
        // The bytes and the words that take most room in base64 and JSON.
        let form = ImportForm(
            officer: "h1", mapping: String(repeating: "\u{1}", count: ImportLimits.mappingByteCount),
            mappingName: "m", data: Data(repeating: 0xff, count: ImportLimits.fileByteCount).base64EncodedString(),
            dataName: "d")
        #expect(try CommandJSON.bytes(form).count <= Limits.localRequestByteCount)
    }
}
