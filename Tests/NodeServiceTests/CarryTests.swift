import CommandLineSupport
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import PartyFiles
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import NodeService

/// Two agencies whose broker does not answer, and a file between them.
@Suite("What travels by file while the broker is away") struct CarryTests {
    private static let police: AgencyCode = "northshire-police"

    /// Both have signed the protocol; one has shared a case with the other, which the broker has not been told.
    private struct Scene {
        let world: OneProcess
        let harbour: OneNode
        let fire: OneNode
        let reference: String

        init(others: [AgencyCode] = []) async throws {
            world = try await OneProcess(agencies: [SharedCase.owner, SharedCase.asker] + others)
            harbour = try await world.open(SharedCase.owner)
            fire = try await world.open(SharedCase.asker)
            try await world.settle([harbour, fire])
            for node in [harbour, fire] {
                _ = try await node.core.adopt(
                    AdoptForm(
                        officer: "d1", protocolCode: "jag", offices: ["data-protection-officer", "head-of-housing"]))
            }
            try await world.settle([harbour, fire])
            reference = try await SharedCase.share(at: harbour)
        }

        var file: [UInt8] {
            get async throws { try await harbour.core.exportCarry(CarryForm(agency: SharedCase.asker.text)) }
        }
    }

    private static func timeline(_ reference: String, at node: OneNode) async throws -> [TimelineEntry] {
        try await node.core.showCase(CaseQuery(officer: "f1", caseReference: reference)).timeline
    }

    private static func files(_ node: OneNode) throws -> [String] { try node.core.carriedFiles.names() }

    private static func code(_ error: any Error) -> String? { (error as? ProblemDetails)?.code.text }

    @Test("It is read at once, shown as not confirmed, counted as nothing, and settles into what came with the broker")
    func settles() async throws {
        let scene = try await Scene()
        let before = try await scene.fire.core.status(isConnected: false)
        let stored = try scene.fire.core.store.received(from: 0, limit: .max)
        let answer = try await scene.fire.core.importCarry(try await scene.file)
        #expect(answer.agency == SharedCase.owner.text && answer.taken > 3 && answer.known == 0)
        #expect(answer.text.contains("has not confirmed them"))
        let carried = try await Self.timeline(scene.reference, at: scene.fire)
        #expect(!carried.isEmpty && carried.allSatisfy { $0.isPending && $0.agency == SharedCase.owner.text })
        #expect(carried.contains { $0.summary == "Threats at night; she is afraid" })
        let status = try await scene.fire.core.status(isConnected: false)
        #expect(status.carried == answer.taken && status.received == before.received)
        #expect(status.registerSize == before.registerSize)
        #expect(try scene.fire.core.store.received(from: 0, limit: .max) == stored)
        #expect(try Self.files(scene.fire).count == 1)
        // The same again is not shown twice.
        #expect(try await scene.fire.core.importCarry(try await scene.file).taken == 0)
        try await scene.world.settle([scene.harbour, scene.fire])
        let settled = try await Self.timeline(scene.reference, at: scene.fire)
        let owned = settled.filter { $0.agency == SharedCase.owner.text }
        #expect(owned.count == carried.count && owned.allSatisfy { !$0.isPending })
        #expect(owned.map(\.eventID).sorted() == carried.map(\.eventID).sorted())
        let after = try await scene.fire.core.status(isConnected: true)
        #expect(after.carried == 0 && after.carriedDropped == 0)
        #expect(try Self.files(scene.fire) == [])
        let rebuilt = try await NodeRebuild(parts: try scene.world.parts(of: scene.fire.core, withKeptViews: false))
            .run()
        #expect(try rebuilt.views.orderedLogicalDump() == scene.fire.core.views.orderedLogicalDump())
    }

    @Test("The page says in words that it came by file")
    func words() async throws {
        let scene = try await Scene()
        _ = try await scene.fire.core.importCarry(try await scene.file)
        let view = try await scene.fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        let page = try CommandJSON.decode(CasePage.self, from: Array(try JSONEncoder().encode(view)))
        #expect(page.text.contains("+ brought by file: the broker has not confirmed it yet, and may refuse it"))
        #expect(!page.text.contains("nobody else has it"))
        let status = try await scene.fire.core.status(isConnected: false)
        #expect(status.text.contains("\(status.carried) not yet confirmed by the broker"))
    }

    @Test("It waits through a restart") func restart() async throws {
        let scene = try await Scene()
        _ = try await scene.fire.core.importCarry(try await scene.file)
        let before = try await Self.timeline(scene.reference, at: scene.fire).map(\.eventID)
        await scene.fire.core.keepViews()
        await scene.fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        let after = try await Self.timeline(scene.reference, at: again).filter { $0.agency == SharedCase.owner.text }
        #expect(after.map(\.eventID) == before && after.allSatisfy(\.isPending))
        try await scene.world.settle([scene.harbour, again])
        #expect(try Self.files(again) == [])
        #expect(try await again.core.status(isConnected: true).carried == 0)
    }

    @Test("A file for another agency opens nothing, and neither does one made out to it")
    func anotherAgency() async throws {
        let scene = try await Scene(others: [Self.police])
        let police = try await scene.world.open(Self.police)
        try await scene.world.settle([police])
        let bytes = try await scene.file
        await #expect { _ = try await police.core.importCarry(bytes) } throws: {
            Self.code($0) == "carry-other-recipient"
        }
        let file = try CarryFile(decoding: bytes)
        let forged = CarryFile(recipient: Self.police, origin: file.origin, entries: file.entries)
        await #expect { _ = try await police.core.importCarry(forged.encoded) } throws: {
            ["stream-not-for-us", "compartment-not-for-us", "grant-not-for-us", "protocol-not-in-force", "stream-gap"]
                .contains(Self.code($0))
        }
        #expect(try Self.files(police) == [])
        #expect(try await police.core.status(isConnected: false).carried == 0)
        await #expect { _ = try await scene.harbour.core.exportCarry(CarryForm(agency: Self.police.text)) } throws: {
            Self.code($0) == "nothing-to-carry"
        }
        await #expect { _ = try await scene.harbour.core.exportCarry(CarryForm(agency: "nobody")) } throws: {
            Self.code($0) == "no-such-agency"
        }
    }

    @Test("Whatever is changed in it, nothing of it is taken in") func changed() async throws {
        let scene = try await Scene()
        let file = try CarryFile(decoding: try await scene.file)
        var tried = 0
        for (place, entry) in file.entries.enumerated() {
            for changed in Self.changes(of: entry.statement) {
                var entries = file.entries
                entries[place] = CarryFile.Entry(index: entry.index, statement: changed)
                let bytes = CarryFile(recipient: file.recipient, origin: file.origin, entries: entries).encoded
                await #expect(throws: ProblemDetails.self) { _ = try await scene.fire.core.importCarry(bytes) }
                tried += 1
            }
        }
        #expect(tried > 50)
        let places = file.entries.indices.dropLast().filter { place in
            (try? Statement(decoding: file.entries[place].statement.bytes))?.payload.kind.isControl == false
        }
        for place in places {
            var entries = file.entries
            entries.remove(at: place)
            let bytes = CarryFile(recipient: file.recipient, origin: file.origin, entries: entries).encoded
            await #expect(throws: ProblemDetails.self) { _ = try await scene.fire.core.importCarry(bytes) }
        }
        #expect(try Self.files(scene.fire) == [])
        #expect(try await scene.fire.core.status(isConnected: false).carried == 0)
        #expect(try await scene.fire.core.importCarry(file.encoded).taken == file.entries.count)
    }

    /// A bit in each part that travels: the statement in many places, each compartment, wrap and grant.
    private static func changes(of carried: CarriedStatement) -> [CarriedStatement] {
        func flipped(_ bytes: [UInt8], _ place: Int) -> [UInt8] {
            var bytes = bytes
            bytes[place] ^= 1
            return bytes
        }
        var all = stride(from: 0, to: carried.bytes.count, by: 61).map { place in
            CarriedStatement(
                bytes: flipped(carried.bytes, place), compartments: carried.compartments, grants: carried.grants)
        }
        for (place, part) in carried.compartments.enumerated() {
            var parts = carried.compartments
            parts[place] = CarriedCompartment(
                id: part.id, content: flipped(part.content, part.content.count - 1), wrap: part.wrap)
            all.append(CarriedStatement(bytes: carried.bytes, compartments: parts, grants: carried.grants))
            guard let wrap = part.wrap else { continue }
            parts[place] = CarriedCompartment(id: part.id, content: part.content, wrap: flipped(wrap, wrap.count - 1))
            all.append(CarriedStatement(bytes: carried.bytes, compartments: parts, grants: carried.grants))
        }
        for (place, grant) in carried.grants.enumerated() {
            var grants = carried.grants
            grants[place] = flipped(grant, grant.count - 1)
            all.append(CarriedStatement(bytes: carried.bytes, compartments: carried.compartments, grants: grants))
        }
        return all
    }

    @Test("What the register refuses goes, and is told; so do the keys that it brought") func refused() async throws {
        let world = try await Scene()
        world.world.time.advance(seconds: 86_400)
        var form = ShareForm(
            officer: "h1", caseReference: world.reference, agencies: [SharedCase.asker.text], protocolCode: "jag")
        form.purpose = "prevent-fire-harm"
        _ = try await world.harbour.core.share(form)
        let taken = try await world.fire.core.importCarry(try await world.file).taken
        world.world.time.advance(seconds: -86_400)
        try await world.world.settle([world.harbour, world.fire])
        let status = try await world.fire.core.status(isConnected: true)
        #expect(status.carried == 0 && status.carriedDropped > 0 && status.carriedDropped < taken)
        #expect(status.text.contains("did not take as they came"))
        let shown = try await Self.timeline(world.reference, at: world.fire)
        #expect(!shown.isEmpty && shown.allSatisfy { !$0.isPending || $0.agency == SharedCase.asker.text })
        #expect(try Self.files(world.fire) == [])
    }

    @Test("One stream can be carried alone, whether or not it waits") func oneStream() async throws {
        let scene = try await Scene()
        let reference = try #require(scene.reference.split(separator: "/").last.map(String.init))
        let form = CarryForm(agency: SharedCase.asker.text, stream: reference)
        let file = try CarryFile(decoding: try await scene.harbour.core.exportCarry(form))
        #expect(
            try await scene.harbour.core.exportCarry(
                CarryForm(agency: SharedCase.asker.text, caseReference: scene.reference)) == file.encoded)
        let streams = try Set(file.entries.map { try Statement(decoding: $0.statement.bytes).payload.stream.hex })
        #expect(streams == [reference])
        try await scene.world.settle([scene.harbour, scene.fire])
        let later = try await scene.harbour.core.exportCarry(form)
        let answer = try await scene.fire.core.importCarry(later)
        #expect(answer.taken == 0 && answer.text.contains("is here already"))
        await #expect { _ = try await scene.harbour.core.exportCarry(CarryForm(agency: "northshire-fire")) } throws: {
            Self.code($0) == "nothing-to-carry"
        }
    }

    @Test("A node keeps so many files and no more") func bounded() async throws {
        let scene = try await Scene()
        for number in 0..<NodeCore.carriedFileCount { _ = try scene.fire.core.carriedFiles.keep([UInt8(number)]) }
        let bytes = try await scene.file
        await #expect { _ = try await scene.fire.core.importCarry(bytes) } throws: { Self.code($0) == "carried-full" }
        await scene.fire.close()
        // What cannot be shown now may be at another start: nothing is thrown away, and people are told how many there are.
        let again = try await scene.world.open(SharedCase.asker)
        #expect(try Self.files(again).count == NodeCore.carriedFileCount)
        let status = try await again.core.status(isConnected: false)
        #expect(status.carriedUnshown == NodeCore.carriedFileCount)
        #expect(status.text.contains("64 files cannot be shown now"))
    }

    /// A file with each index moved; nobody signs them.
    private static func moved(_ file: CarryFile, by offset: Int) -> [UInt8] {
        let entries = file.entries.map { entry in
            CarryFile.Entry(
                index: LeafIndex(UInt64(Int(entry.index.value) + offset)), statement: entry.statement)
        }
        return CarryFile(recipient: file.recipient, origin: file.origin, entries: entries).encoded
    }

    @Test("Whoever carries it can move its places, and takes nothing from what the register has then")
    func movedPlaces() async throws {
        let scene = try await Scene()
        let file = try CarryFile(decoding: try await scene.file)
        #expect(try await scene.fire.core.importCarry(Self.moved(file, by: 1)).taken == file.entries.count)
        // The same under other places is shown once.
        #expect(try await scene.fire.core.importCarry(file.encoded).taken == 0)
        #expect(try await scene.fire.core.importCarry(Self.moved(file, by: 7)).taken == 0)
        try await scene.world.settle([scene.harbour, scene.fire])
        let shown = try await Self.timeline(scene.reference, at: scene.fire)
        #expect(shown.contains { $0.summary?.contains("afraid") == true && !$0.isPending })
        #expect(shown.allSatisfy { !$0.isPending })
        // Also in what is sealed for the same circle later.
        _ = try await scene.harbour.core.move(
            StageForm(
                officer: "h1", caseReference: scene.reference, stage: "action-plan", summary: "A plan is made"))
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.timeline(scene.reference, at: scene.fire).contains { $0.summary == "A plan is made" })
        // What is said to be there already is there, or nothing is taken in.
        for bytes in [Self.moved(file, by: -1), Self.moved(file, by: -Int(file.entries[0].index.value))] {
            await #expect { _ = try await scene.fire.core.importCarry(bytes) } throws: {
                Self.code($0) == "carry-other-story"
            }
        }
    }

    @Test(
        "Before anything leaves by file, the head that covers it is on the second store; an uncertain log gives nothing"
    )
    func keepsItsHead() async throws {
        let scene = try await Scene()
        let heads = HeadStore(beside: scene.world.path(of: SharedCase.owner))
        _ = try await scene.file
        guard case .head(let head) = try heads.read().kept else { throw CancellationError() }
        #expect(head.size == (await scene.harbour.core.writer.size))
        await scene.harbour.close()
        PublicFile.remove(heads.path)
        let again = try await scene.world.open(SharedCase.owner)
        await #expect { _ = try await again.core.exportCarry(CarryForm(agency: SharedCase.asker.text)) } throws: {
            Self.code($0) == "log-uncertain"
        }
    }
}
