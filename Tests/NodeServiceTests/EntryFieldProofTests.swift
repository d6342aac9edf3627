import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import PartyFiles
import SQLiteStore
import Sealing
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// One field of one signed entry, for a court: nothing else is shown, and no key or server is needed (PRACTICE P16).
@Suite("A proof of one field of an entry") struct EntryFieldProofTests {
    private static func roster(_ world: OneProcess) throws -> Roster {
        let (file, fingerprint) = try world.path(of: OneProcessFounding.brokerCode).partnership()
        return try file.bootstrap(fingerprint: fingerprint, now: world.time.now())
    }

    private static func made(
        _ scene: SharedCase, at node: OneNode, field: String = "summary"
    ) async throws -> (bytes: [UInt8], entry: String) {
        let page = try await node.core.showCase(CaseQuery(officer: "h1", caseReference: scene.reference))
        let entry = try #require(page.timeline.last { $0.type == "case-opened" }?.eventID)
        let form = ProveFieldForm(
            officer: "h1", entry: entry, label: "record", field: field, recipient: "The county court")
        return (try await node.core.proveField(form), entry)
    }

    @Test("It stands for whoever has the board's file alone, whether its maker wrote the entry or received it")
    func stands() async throws {
        let scene = try await SharedCase()
        let roster = try Self.roster(scene.world)
        for node in [scene.harbour, scene.fire] {
            let (bytes, entry) = try await Self.made(scene, at: node)
            let proof = try EntryFieldProof(decoding: bytes)
            #expect(proof.encoded == bytes)
            let proved = try proof.verify(by: roster)
            #expect(proved.agency == SharedCase.owner && proved.event.hex == entry && proved.label == "record")
            #expect(proof.field.value == .text("Threats at night; she is afraid"))
        }
    }

    @Test("It shows nothing of the other fields")
    func showsNoOther() async throws {
        let scene = try await SharedCase()
        let (bytes, _) = try await Self.made(scene, at: scene.harbour, field: "category")
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("threats"))
        for secret in ["she is afraid", "E01025700", "Quillfeather", "h1"] { #expect(!text.contains(secret)) }
    }

    @Test("Whatever is changed in it, it does not stand")
    func changed() async throws {
        let scene = try await SharedCase()
        let roster = try Self.roster(scene.world)
        let (bytes, _) = try await Self.made(scene, at: scene.harbour)
        let items = try CBOR(decoding: bytes, limit: Limits.fieldProofByteCount).items(count: 10)
        func fault(_ place: Int, _ item: CBOR) -> FieldProofFault? {
            var changed = items
            changed[place] = item
            let bytes = CBOR.array(changed).encoded
            do throws(FieldProofFault) { _ = try EntryFieldProof(decoding: bytes).verify(by: roster) } catch {
                return error
            }
            return nil
        }
        #expect(fault(3, .bytes([UInt8](repeating: 7, count: 16))) == .noSuchPart)
        #expect(fault(4, .code("category" as FieldCode)) == .notInPart)
        #expect(fault(5, .text("She is not afraid")) == .notInPart)
        #expect(fault(6, .bytes([UInt8](repeating: 7, count: 16))) == .notInPart)
        #expect(fault(1, .array([])) == .signature, "without its keys nobody can say who signed")
        #expect(fault(0, .unsigned(2)) == .malformed)
        #expect(fault(9, .array([])) == .notInPart)
        // Every bit of it but those that merely say where a leaf stands: another place leads to another root.
        for bit in stride(from: 0, to: bytes.count * 8, by: 41) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: (any Error).self, "bit \(bit)") {
                try EntryFieldProof(decoding: flipped).verify(by: roster)
            }
        }
        let long = [UInt8](repeating: 0, count: Limits.fieldProofByteCount + 1)
        #expect(throws: FieldProofFault.malformed) { try EntryFieldProof(decoding: long) }
        #expect(fault(1, .array([CBOR](repeating: .null, count: Limits.fieldProofKeyCount + 1))) == .malformed)
    }

    @Test("Who gives it is on record before it is given, and it stands in the ledger as told on paper")
    func isRecorded() async throws {
        let scene = try await SharedCase()
        let (_, entry) = try await Self.made(scene, at: scene.harbour)
        let page = try #require(
            try await scene.harbour.core.ledger(LedgerForm(officer: "h1", caseReference: scene.reference)).pages.first)
        #expect(page.lines.contains { $0.verb == "disclosure" && $0.told == "on-paper" && $0.recipients.isEmpty })
        let readings = try scene.harbour.core.views.readings(of: try #require(CaseReference(scene.reference)))
        #expect(readings.contains { $0.role == "proof of summary for The county court" && $0.event?.hex == entry })
        var form = ProveFieldForm(
            officer: "h1", entry: entry, label: "record", field: "narrative", recipient: "A court")
        await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.proveField(form) }
        form.field = "summary"
        form.recipient = " "
        await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.proveField(form) }
    }
}
