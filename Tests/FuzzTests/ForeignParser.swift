import BoardOffice
import DeterministicCBOR
import EventLogs
import Imports
import KeyFiles
import PartyFiles
import Replication
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import Testing
import TransparencyLog

@testable import TimestampTokens

/// A parser that meets bytes from outside.
struct ForeignParser: CustomTestStringConvertible, Sendable {
    let name: String
    /// Reads bytes. What it gives is the encoding of what it read, where there is exactly one; nil where there may be more.
    let parse: @Sendable ([UInt8]) throws -> [UInt8]?

    /// Whether a checksum refuses whatever was changed.
    var hasChecksum: Bool { ["verifier-key", "recovery-share"].contains(name) }
    var testDescription: String { name }

    private init(_ name: String, _ parse: @escaping @Sendable ([UInt8]) throws -> [UInt8]?) {
        self.name = name
        self.parse = parse
    }

    static let all: [ForeignParser] = signed + bodies + heads + exchange + files

    private static let signed = [
        ForeignParser("cbor") { try CBOR(decoding: $0).encoded },
        ForeignParser("sign1") { try Sign1(decoding: $0).encoded },
        ForeignParser("statement") { try Statement(decoding: $0).bytes },
        ForeignParser("statement-header") { try StatementHeader(decoding: $0).encoded },
        ForeignParser("statement-payload") { try StatementPayload(decoding: $0).encoded },
    ]
    private static let bodies = [
        ForeignParser("compartment-body") { try CompartmentBody(decoding: $0).encoded },
        ForeignParser("clear-compartment") { bytes in
            let carried = CarriedCompartment(
                id: CompartmentID(bytes: [UInt8](repeating: 1, count: 16))!, content: bytes, wrap: nil)
            return CarriedCompartment.clearContent(try carried.clearBody())
        },
        ForeignParser("key-wrap") { try KeyWrap(decoding: $0).encoded },
        ForeignParser("direct-grant") { try DirectGrant(decoding: $0).encoded },
    ]
    private static let heads = [
        ForeignParser("signed-note") { try SignedNote(parsing: $0).encoded },
        ForeignParser("signed-head") {
            _ = try UnverifiedTreeHead(parsing: $0); return nil
        },
        ForeignParser("verifier-key") {
            _ = try NoteVerifierKey(parsing: String(decoding: $0, as: UTF8.self)); return nil
        },
        ForeignParser("witness-request") {
            _ = try WitnessRequest(parsing: $0); return nil
        },
        ForeignParser("evidence") { try Equivocation(reading: $0).file },
        ForeignParser("inclusion-receipt") {
            _ = try InclusionReceipt(decoding: $0); return nil
        },
        ForeignParser("consistency-receipt") {
            _ = try ConsistencyReceipt(decoding: $0); return nil
        },
        ForeignParser("entry-bundle") {
            guard EntryBundle.decode($0) != nil else { throw NoBundle() }
            return nil
        },
        ForeignParser("timestamp-answer") {
            _ = try TimestampInfo(reading: SignedToken(reading: $0).content); return nil
        },
    ]
    private static let exchange = [
        ForeignParser("push") { try PushRequest(decoding: $0).encoded },
        ForeignParser("push-answer") { try PushAnswer(decoding: $0).encoded },
        ForeignParser("carry-file") { try CarryFile(decoding: $0).encoded },
        ForeignParser("feed-page") { try FeedPage(decoding: $0).encoded },
        ForeignParser("register-leaf") { try RegisterLeaf(decoding: $0).encoded },
        ForeignParser("receipts") { try ReceiptsPart(decoding: $0).encoded },
        ForeignParser("visibility") { try VisibilityPage(decoding: $0).encoded },
        // An offer that does not read is left out, so that it takes no other along.
        ForeignParser("head-offers") {
            _ = try HeadOffers(decoding: $0)
            return nil
        },
        ForeignParser("witness-standing") { try WitnessStanding(decoding: $0).encoded },
        ForeignParser("witness-answers") { try WitnessAnswers(decoding: $0).encoded },
        ForeignParser("cosigned-heads") { try CosignedHeads(decoding: $0).encoded },
        ForeignParser("own-log-edge") { try OwnLogEdge(decoding: $0).encoded },
        ForeignParser("own-log-page") { try OwnLogPage(decoding: $0).encoded },
    ]
    private static let files = [
        ForeignParser("enrolment-request") { try EnrolmentRequest(decoding: $0).encoded },
        ForeignParser("partnership-file") { try PartnershipFile(decoding: $0).encoded },
        ForeignParser("revocation-file") { RevocationFile.encoded(try RevocationFile.statements(decoding: $0)) },
        ForeignParser("recovery-share") {
            _ = try RecoveryShare(parsing: String(decoding: $0, as: UTF8.self)); return nil
        },
        ForeignParser("board-proposal") { try BoardProposal(decoding: $0).encoded },
        ForeignParser("import-mapping") {
            _ = try ImportMapping(parsing: $0, file: "fuzz.yaml"); return nil
        },
        ForeignParser("import-file") { bytes in
            let mapping = try ImportMapping(
                parsing: try Seeds.file("samples/police/mapping.yaml"), file: "mapping.yaml")
            for _ in try ImportReader(bytes: bytes, mapping: mapping) {}
            return nil
        },
        ForeignParser("protocol") {
            _ = try SharingProtocol(parsing: $0, file: "fuzz.yaml"); return nil
        },
    ]
}

private struct NoBundle: Error {}
