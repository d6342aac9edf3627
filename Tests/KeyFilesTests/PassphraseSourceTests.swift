import Glibc
import KeyFiles
import Testing

@Suite struct PassphraseSourceTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func read(_ text: String) throws -> [UInt8] {
        let path = try directory.write(Array(text.utf8), to: "passphrase")
        return try PassphraseSource.file(path: path).read(credentialsDirectory: nil).bytes
    }

    @Test func oneFinalNewlineIsCut() throws {
        let passphrase = "twelve chars"
        #expect(try read(passphrase) == Array(passphrase.utf8))
        #expect(try read(passphrase + "\n") == Array(passphrase.utf8))
        #expect(try read(passphrase + "\n\n") == Array((passphrase + "\n").utf8))
        #expect(try read(" " + passphrase + " ") == Array((" " + passphrase + " ").utf8))
    }

    @Test func lengthIsCountedInCharactersAndEndsAtItsLimit() throws {
        let least = KeyFileLimits.passphraseLength
        #expect(try read(String(repeating: "x", count: least)).count == least)
        #expect(try read(String(repeating: "ü", count: least)).count == 2 * least)
        for short in [
            "", "\n", String(repeating: "x", count: least - 1) + "\n",
            String(repeating: "ü", count: least - 1),
        ] {
            #expect(throws: PassphraseError.tooShort(minimum: least)) { try read(short) }
        }
    }

    @Test func otherBytesThanTextAreRefused() throws {
        let path = try directory.write([UInt8](repeating: 0xff, count: 20), to: "passphrase")
        #expect(throws: PassphraseError.notText) {
            try PassphraseSource.file(path: path).read(credentialsDirectory: nil)
        }
    }

    @Test func aFileThatOthersCanReadIsRefused() throws {
        let path = try directory.write(Array("twelve chars".utf8), to: "p", mode: 0o640)
        #expect(throws: PassphraseError.file(.openToOthers(path: path, mode: 0o640))) {
            try PassphraseSource.file(path: path).read(credentialsDirectory: nil)
        }
    }

    @Test(arguments: [0o400, 0o440, 0o600] as [mode_t])
    func aCredentialIsReadFromTheDirectoryThatIsGiven(mode: mode_t) throws {
        try directory.write(Array("twelve chars\n".utf8), to: "keys", mode: mode)
        let source = PassphraseSource.systemdCredential(name: "keys")
        #expect(
            try source.read(credentialsDirectory: directory.path).bytes
                == Array("twelve chars".utf8))
    }

    @Test(arguments: [0o444, 0o604, 0o620, 0o460] as [mode_t])
    func aCredentialThatOthersCanReadOrChangeIsRefused(mode: mode_t) throws {
        let path = try directory.write(Array("twelve chars\n".utf8), to: "keys", mode: mode)
        #expect(throws: PassphraseError.file(.openToOthers(path: path, mode: mode))) {
            try PassphraseSource.systemdCredential(name: "keys")
                .read(credentialsDirectory: directory.path)
        }
    }

    @Test(arguments: ["", ".", "..", "../keys", "a/b", "/etc/passwd", "a b", "ü"])
    func namesThatLeadElsewhereAreRefused(name: String) {
        #expect(throws: PassphraseError.credentialName) {
            try PassphraseSource.systemdCredential(name: name)
                .read(credentialsDirectory: directory.path)
        }
    }

    @Test func withoutADirectoryTheUnitIsToBeChanged() {
        for missing in [nil, ""] as [String?] {
            let error = #expect(throws: PassphraseError.noCredentialsDirectory(name: "keys")) {
                try PassphraseSource.systemdCredential(name: "keys")
                    .read(credentialsDirectory: missing)
            }
            #expect(error?.description.contains("LoadCredential=keys:PATH") == true)
        }
    }

    @Test func messagesNeverRepeatThePassphrase() throws {
        let error = #expect(throws: PassphraseError.self) { try read("hunter2") }
        #expect(error.map { !"\($0)".contains("hunter2") } == true)
    }
}
