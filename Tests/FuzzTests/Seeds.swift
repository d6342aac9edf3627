import DeterministicCBOR
import EventLogs
import Foundation
import KeyFiles
import PartyFiles
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// What fuzzing begins with: everything that the vectors hold, and one of each body that they do not.
enum Seeds {
    static let all = Result { try fromVectors() + made() + files() }

    /// Every string of the vector files, as text and, where it is hexadecimal, as bytes.
    private static func fromVectors() throws -> [[UInt8]] {
        let vectors = VectorDirectory()
        let names = [
            "tallystick/admission_proofs", "tallystick/board_acts", "tallystick/carried_refused",
            "tallystick/clear_compartments", "tallystick/compartment_bodies", "tallystick/direct_grants",
            "tallystick/exchange_bodies", "tallystick/exchange_bodies_refused", "tallystick/grants_refused",
            "tallystick/payloads_refused", "tallystick/register_leaves", "tallystick/register_leaves_refused",
            "tallystick/statements", "tallystick/statements_refused", "note/signed_notes", "note/vkeys",
            "note/witness_add_checkpoint",
        ]
        var found: [[UInt8]] = []
        for name in names {
            let json = try JSONSerialization.jsonObject(with: Data(try vectors.bytes(of: "\(name).json")))
            strings(in: json) { text in
                found.append(Array(text.utf8))
                if let bytes = Hex.decode(text) { found.append(bytes) }
            }
        }
        return Array(Set(found)).sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func strings(in json: Any, _ take: (String) -> Void) {
        switch json {
        case let text as String: take(text)
        case let list as [Any]: for item in list { strings(in: item, take) }
        case let map as [String: Any]: for item in map.values { strings(in: item, take) }
        default: break
        }
    }

    /// Bodies and files of a county.
    private static func made() throws -> [[UInt8]] {
        let now = Timestamp(wholeSeconds: 1_780_000_000)
        var county = try CountyFixture(protocolFile: try file("protocols/jag.yaml"), now: now)
        try county.join(CountyFixture.police)
        let board = try county.push(of: CountyFixture.boardCode)
        let police = try county.push(of: CountyFixture.police)
        let log = county.logs[CountyFixture.police]
        guard let log else { throw CountyFixtureError.unknown(CountyFixture.police) }
        let enrolment = log.enrolment()
        let leaves = zip(0..., police.statements).map { index, carried in
            RegisterLeaf.verdict(
                AdmissionRecord(
                    origin: police.origin, index: LeafIndex(index), leafHash: MerkleTree.leafHash(carried.bytes),
                    verdict: .accepted, admittedAt: now)
            ).encoded
        }
        let entries = zip(0..., police.statements).map {
            FeedEntry(position: $0, statementPosition: $0, index: LeafIndex($0), statement: $1)
        }
        func head(_ size: UInt64) throws -> UnverifiedTreeHead {
            let head = TreeHead(origin: log.origin, size: TreeSize(size), root: Hash256(hashing: [UInt8(size)]))
            return try UnverifiedTreeHead(parsing: SignedTreeHead.sign(head, with: log.logKey).note)
        }
        let beginning = Equivocation.Beginning(root: .zero, proof: [.zero, .zero])
        let evidence = Equivocation(smaller: try head(3), larger: try head(7), beginning: beginning).file
        let request = WitnessRequest(older: TreeSize(3), proof: [.zero], head: try head(7))
        let heads = CosignedHeads(notes: [log.origin: police.headNote], registerProof: [.zero], evidence: [evidence])
        let answers = WitnessAnswers(answers: [
            .cosigned(log.origin, line: [65, 10]), .equivocation(file: evidence),
        ])
        let request2 = EnrolmentRequest(
            agency: enrolment.agency, party: enrolment.party, origin: enrolment.origin, rootKey: enrolment.rootKey,
            certificate: enrolment.certificate)
        let revoke = RevokeControl(keyID: log.statementKey.publicKey.keyID, compromisedAfter: TreeSize(3))
        let revocation = try log.statement(.revoke(revoke), event: EventID(from: SeededEntropy(seed: 5)))
        let shares = RecoveryShare.make(from: SeededEntropy(seed: 6)).shares
        let visibility = VisibilityPage(entries: [
            VisibilityPage.Entry(agency: "northshire-police", area: "E05000001", category: "noise", week: "2026-W20")
        ])
        // An activation of a protocol: kind 22, bundle and position.
        let proposal = CBOR.array([
            .text("tallystick/board-proposal/v2"), .hash(county.fingerprint), .origin(log.origin),
            .bytes([UInt8](repeating: 7, count: 16)), .unsigned(22), .array([.hash(.zero), .unsigned(5)]), .null,
            .map(of: [(.hash(.zero), .bytes([UInt8](repeating: 9, count: 64)))]),
        ])
        let grown = try ConsistencyReceipt.sign(
            from: TreeSize(3), head: TreeHead(origin: log.origin, size: TreeSize(7), root: .zero),
            proof: [.zero, Hash256(hashing: [1])], with: log.logKey)
        return [
            grown.encoded, proposal.encoded, police.encoded, board.encoded, evidence, request.body, heads.encoded,
            answers.encoded,
            request2.encoded,
            visibility.encoded, WitnessStanding(sizes: [log.origin: TreeSize(3)]).encoded,
            HeadOffers(offers: [HeadOffer(request: request, olderRoot: .zero)]).encoded,
            PartnershipFile(statements: board.statements, headNote: board.headNote).encoded,
            FeedPage(from: .empty, leaves: leaves, headNote: police.headNote, entries: entries).encoded,
            ReceiptsPart(proofs: [[1], [2, 3]]).encoded,
            OwnLogEdge(headNote: police.headNote, hashes: [.zero, Hash256(hashing: [1])]).encoded,
            OwnLogPage(statements: police.statements).encoded,
            CarryFile(
                recipient: CountyFixture.police, origin: police.origin,
                entries: zip(0..., police.statements).map { CarryFile.Entry(index: LeafIndex($0 * 3), statement: $1) }
            ).encoded,
            RevocationFile.encoded([revocation]), RevocationFile.encoded([revocation, revocation]),
        ] + shares.map { Array($0.text.utf8) }
    }

    private static func files() throws -> [[UInt8]] {
        let table = try file("samples/police/2019-01-leicestershire-asb-sample.csv")
        let names = [
            "protocols/jag.yaml", "protocols/victim-first.yaml", "samples/police/mapping.yaml",
            "samples/council/mapping.yaml",
        ]
        return try names.map(file) + [Array(table.prefix(600))] + timestampAnswers()
    }

    /// What time-stamping authorities answer, right and wrong.
    private static func timestampAnswers() throws -> [[UInt8]] {
        let json = try JSONSerialization.jsonObject(with: Data(try file("Tests/TimestampTokensTests/answers.json")))
        var found: [[UInt8]] = []
        strings(in: json) { text in Hex.decode(text).map { found.append($0) } }
        return found
    }

    /// A file of the project.
    static func file(_ name: String) throws -> [UInt8] {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: root.appending(path: name)))
    }
}
