import BoardOffice
import EventLogs
import Foundation
import KeyFiles
import PartyFiles
import SignedStatements
import TallystickPrimitives
import TallystickTesting

/// A directory that is removed with its last user.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        let template = FileManager.default.temporaryDirectory.path + "/tallystick-board-XXXXXX"
        var bytes = template.utf8CString.map { $0 }
        guard mkdtemp(&bytes) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A founded board of three members, two of whom must sign.
struct OfficeFixture {
    let scratch: ScratchDirectory
    let directory: BoardDirectory
    let fingerprint: Hash256
    let entropy: SeededEntropy

    static let now = Timestamp(wholeSeconds: 1_772_355_000)
    static let passphrase = SecretBytes(Array("correct horse battery".utf8))

    var now: Timestamp { OfficeFixture.now }

    init(members: Int = 3, threshold: Int = 2, seed: UInt64 = 1) throws {
        scratch = try ScratchDirectory()
        directory = BoardDirectory(path: scratch.path + "/board")
        entropy = SeededEntropy(seed: seed)
        let founding = try BoardFounding(
            origin: Origin("board.example/log")!, memberCount: members, threshold: threshold,
            cost: .minimum)
        fingerprint = try founding.found(
            in: directory, passphrase: OfficeFixture.passphrase,
            memberPassphrases: [OfficeFixture.passphrase], entropy: entropy, now: OfficeFixture.now)
    }

    func log() throws -> BoardLog { try BoardLog.read(in: directory, now: now) }

    func office() throws -> BoardOffice {
        try BoardOffice.open(
            in: directory, passphrase: OfficeFixture.passphrase, entropy: entropy, now: now)
    }

    func member(_ number: Int) throws -> BoardMember {
        try BoardMember.open(directory.memberKeyFile(number), passphrase: OfficeFixture.passphrase)
    }

    func proposal(_ motion: BoardMotion, signedBy numbers: [Int]) throws -> BoardProposal {
        var proposal = BoardProposal(motion, to: try log(), entropy: entropy)
        for number in numbers { try proposal.sign(by: try member(number), of: fingerprint) }
        return proposal
    }

    @discardableResult
    func commit(_ motion: BoardMotion, signedBy numbers: [Int] = [1, 3]) throws -> LeafIndex {
        try office().commit(try proposal(motion, signedBy: numbers), now: now)
    }

    func request(
        _ code: String = "harbour-homes", party: PartyKind = .agency, rootSeed: UInt8 = 9
    ) throws -> EnrolmentRequest {
        let root = try SigningKey(seed: [UInt8](repeating: rootSeed, count: 32))
        return EnrolmentRequest(
            agency: AgencyCode(code)!, party: party, origin: Origin("\(code).example/log")!,
            rootKey: root.publicKey.bytes, certificate: [0x30, 0x03, 0x02, 0x01, rootSeed])
    }

    func enrolling(_ request: EnrolmentRequest) throws -> BoardMotion {
        try .enrolling(request, expires: nil, scope: nil, now: now)
    }
}
