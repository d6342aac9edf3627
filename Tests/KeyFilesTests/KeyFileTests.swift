import DeterministicCBOR
import KeyFiles
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite struct KeyFileTests {
    private let passphrase = Array("correct horse battery".utf8)
    private let contents = KeyFileContents([
        "log": [1, 2, 3], "kem-1": [UInt8](repeating: 9, count: 32),
    ])

    private func sealed(_ contents: KeyFileContents? = nil) throws -> [UInt8] {
        try KeyFile.seal(
            contents ?? self.contents, passphrase: passphrase, entropy: SeededEntropy(seed: 1),
            cost: .minimum)
    }

    @Test func whatIsSealedOpensAgain() throws {
        try checkProperty(cases: 10) { generator in
            let passphrase = generator.bytes(count: 1) + generator.bytes(upTo: 40)
            var secrets: [String: [UInt8]] = [:]
            for index in 0..<generator.int(in: 0...5) {
                secrets["\(index)" + generator.text(upTo: 8)] = generator.bytes(upTo: 64)
            }
            let contents = KeyFileContents(secrets)
            let bytes = try KeyFile.seal(
                contents, passphrase: passphrase, entropy: generator.entropy(), cost: .minimum)
            try #require(try KeyFile.open(bytes, passphrase: passphrase) == contents)
        }
    }

    /// Made with Python's hashlib.scrypt and pyca/cryptography: the format, byte for byte.
    @Test func aFileMadeByOtherSoftwareOpens() throws {
        let sealed = """
            870150000102030405060708090a0b0c0d0e0f19040008014c202122232425262728292a2b\
            5819f5bd3e3d2cef2d545f52187fd24cd73a421d79baf9e9bf63bf
            """
        let bytes = Array("tallystick-key-file 1\n".utf8) + (try #require(Hex.decode(sealed)))
        let contents = KeyFileContents(["log": [1, 2, 3]])
        #expect(try KeyFile.open(bytes, passphrase: passphrase) == contents)
        let fixed = FixedEntropy(draws: [Array(0x00..<0x10), Array(0x20..<0x2c)])
        let ours = try KeyFile.seal(
            contents, passphrase: passphrase, entropy: fixed, cost: .minimum)
        #expect(ours == bytes)
    }

    @Test func anotherPassphraseDoesNotOpenIt() throws {
        let bytes = try sealed()
        let others = [
            passphrase + [1], Array(passphrase.dropLast()), Array("Correct horse battery".utf8),
        ]
        for other in others {
            #expect(throws: KeyFileError.wrongPassphraseOrDamaged) {
                try KeyFile.open(bytes, passphrase: other)
            }
        }
    }

    @Test func thereIsNoEmptyPassphrase() throws {
        #expect(throws: KeyFileError.emptyPassphrase) { try KeyFile.open(sealed(), passphrase: []) }
        #expect(throws: KeyFileError.emptyPassphrase) {
            try KeyFile.seal(
                contents, passphrase: [], entropy: SeededEntropy(seed: 1), cost: .minimum)
        }
    }

    @Test func everyFlippedBitIsNoticed() throws {
        let bytes = try sealed(KeyFileContents(["a": [1]]))
        var refused = 0
        for position in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[position] ^= 1 << bit
                do throws(KeyFileError) {
                    _ = try KeyFile.open(changed, passphrase: passphrase)
                } catch { refused += 1 }
            }
        }
        #expect(refused == bytes.count * 8)
    }

    @Test func everyPrefixIsRefused() throws {
        let bytes = try sealed(KeyFileContents([:]))
        for count in bytes.indices {
            #expect(throws: KeyFileError.self) {
                try KeyFile.open(Array(bytes.prefix(count)), passphrase: passphrase)
            }
        }
        #expect(throws: KeyFileError.notKeyFile) {
            try KeyFile.open(Array("tallystick-key-file 2\n".utf8), passphrase: passphrase)
        }
    }

    /// A cost that could eat the memory is refused before scrypt is called at all.
    @Test(arguments: [
        [1 << 19, 8, 1], [1 << 9, 8, 1], [(1 << 17) + 1, 8, 1], [0, 8, 1], [1 << 17, 9, 1],
        [1 << 17, 0, 1], [1 << 17, 8, 5], [1 << 17, 8, 0], [Int.max, Int.max, Int.max],
    ])
    func aHostileCostIsRefused(cost: [Int]) throws {
        #expect(ScryptCost(rounds: cost[0], blockSize: cost[1], parallelism: cost[2]) == nil)
        let bytes = try withItems { items in
            for (index, value) in cost.enumerated() { items[index + 2] = .unsigned(UInt64(value)) }
        }
        #expect(throws: KeyFileError.costOutOfBounds) {
            try KeyFile.open(bytes, passphrase: passphrase)
        }
    }

    @Test func theCostEndsAtItsBounds() throws {
        let highest = try #require(ScryptCost(rounds: 1 << 18, blockSize: 8, parallelism: 4))
        #expect(128 * highest.rounds * highest.blockSize == 256 << 20)
        #expect(ScryptCost(rounds: 1 << 10, blockSize: 1, parallelism: 1) != nil)
    }

    @Test(arguments: 0..<7)
    func everyPartHasItsShape(index: Int) throws {
        let bytes = try withItems { items in items[index] = .text("x") }
        #expect(throws: KeyFileError.self) { try KeyFile.open(bytes, passphrase: passphrase) }
        let shorter = try withItems { items in items.remove(at: index) }
        #expect(throws: KeyFileError.shape(CBORShapeError("an array of 7 items"))) {
            try KeyFile.open(shorter, passphrase: passphrase)
        }
    }

    @Test func aSaltOfAnotherLengthIsRefusedBeforeScryptSeesIt() throws {
        for count in [0, 15, 17] {
            let bytes = try withItems { $0[1] = .bytes([UInt8](repeating: 0, count: count)) }
            #expect(throws: KeyFileError.shape(CBORShapeError("a byte string of 16 bytes"))) {
                try KeyFile.open(bytes, passphrase: passphrase)
            }
        }
    }

    @Test func sizeEndsAtItsLimit() throws {
        let limit = KeyFileLimits.byteCount
        let small = try sealed(KeyFileContents(["a": [UInt8](repeating: 0, count: 300)])).count
        let largest = try sealed(
            KeyFileContents(["a": [UInt8](repeating: 0, count: limit - small + 300)]))
        #expect(largest.count == limit)
        #expect(
            try KeyFile.open(largest, passphrase: passphrase)["a"]?.bytes.count == limit - small
                + 300)
        #expect(throws: KeyFileError.tooLarge(byteCount: limit + 1, limit: limit)) {
            try sealed(KeyFileContents(["a": [UInt8](repeating: 0, count: limit - small + 301)]))
        }
        #expect(throws: KeyFileError.tooLarge(byteCount: limit + 1, limit: limit)) {
            try KeyFile.open(largest + [0], passphrase: passphrase)
        }
    }

    @Test func theSameContentsAreNeverSealedAlike() throws {
        let entropy = SeededEntropy(seed: 1)
        let files = try (0..<2).map { _ in
            try KeyFile.seal(contents, passphrase: passphrase, entropy: entropy, cost: .minimum)
        }
        #expect(files[0] != files[1])
    }

    @Test func secretsNeverPrintThemselves() {
        let secret = Array("open sesame".utf8)
        let contents = KeyFileContents(["door": secret])
        var dumped = ""
        dump(contents, to: &dumped)
        dump(SecretBytes(secret), to: &dumped)
        let texts = [dumped, "\(contents)", String(reflecting: contents), "\(SecretBytes(secret))"]
        for text in texts {
            // Arrays print as numbers, on one line or on many.
            let numbers = text.split { !$0.isNumber }.compactMap { UInt8($0) }
            #expect(!numbers.contains(secret.prefix(3)))
            #expect(!text.contains("sesame"))
            #expect(!text.contains(Hex.encode(secret.prefix(3))))
        }
    }

    @Test func oneMoreSecretReplacesOnlyItsNamesake() {
        let more = contents.adding("log", [4]).adding("witness", [5])
        #expect(more["log"] == SecretBytes([4]))
        #expect(more["witness"] == SecretBytes([5]))
        #expect(more["kem-1"] == contents["kem-1"])
        #expect(more["none"] == nil)
    }

    private func withItems(_ change: (inout [CBOR]) -> Void) throws -> [UInt8] {
        let line = Array("tallystick-key-file 1\n".utf8)
        let bytes = try sealed()
        #expect(bytes.starts(with: line))
        var items = try CBOR(decoding: Array(bytes.dropFirst(line.count))).items(count: 7)
        change(&items)
        return line + CBOR.array(items).encoded
    }
}

/// Salt and nonce as the file made elsewhere has them, told apart by their lengths.
private struct FixedEntropy: Entropy {
    let draws: [[UInt8]]

    func bytes(count: Int) -> [UInt8] { draws.first { $0.count == count } ?? [] }
}
