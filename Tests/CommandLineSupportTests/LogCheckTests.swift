import BoardOffice
import CommandLineSupport
import EventLogs
import Foundation
import KeyFiles
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("Checking a copy of a log")
struct LogCheckTests {
    @Test("Every damaged byte of a stored entry is named with log, place and part")
    func damage() throws {
        let name = "tallystick-check-\(UInt64.random(in: 0 ... .max))"
        let path = FileManager.default.temporaryDirectory.appending(path: name).path
        let passphrase = SecretBytes(Array("correct horse battery".utf8))
        let founding = try BoardFounding(
            origin: Origin("board.example/log")!, memberCount: 2, threshold: 2, cost: .minimum)
        let directory = BoardDirectory(path: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let now = Timestamp(wholeSeconds: 1_772_355_000)
        let fingerprint = try founding.found(
            in: directory, passphrase: passphrase, memberPassphrases: [passphrase],
            entropy: SeededEntropy(seed: 3), now: now)
        #expect(
            try LogCheck(directory: path).text
                == "log board.example/log: 1 entry, nothing is damaged; signed under board \(fingerprint.hex)\n")
        #expect(
            try LogCheck(directory: path, fingerprint: .zero).damage.map(\.part) == ["signature", "head-signature"])

        let statement = try BoardLog.read(in: directory, now: now).statements[0].statement.bytes
        let file = URL(filePath: path + "/log.sqlite")
        let good = try Data(contentsOf: file)
        let place = try #require(good.firstRange(of: Data(statement))).lowerBound
        for offset in stride(from: 0, to: statement.count, by: 37) {
            var changed = good
            changed[place + offset] ^= 0x10
            try changed.write(to: file)
            let check = try LogCheck(directory: path)
            #expect(!check.isWhole)
            #expect(check.damage.contains { $0.index == 0 && $0.part == "statement" })
        }
    }
}
