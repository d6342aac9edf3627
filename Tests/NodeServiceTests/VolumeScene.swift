import Auditing
import EventLogs
import Foundation
import NodeInterface
import PartyFiles
import Partnership
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BoardOffice
@testable import BrokerService
@testable import NodeService

/// A case that was shared and erased at both, in a partnership whose volumes have few entries.
final class VolumeScene {
    static let width = VolumeWidth(8) ?? .shipped
    static let day: Int64 = 86_400

    let world: OneProcess
    let reference: String
    var harbour: OneNode
    var fire: OneNode

    /// - Parameter erases: whether everything of the case is erased at both, so that its volumes may go.
    init(erases: Bool = true) async throws {
        let scene = try await SharedCase(hasAuditor: true)
        (world, reference, harbour, fire) = (scene.world, scene.reference, scene.harbour, scene.fire)
        guard erases else { return }
        try await ErasureTests.approve(reference, at: harbour)
        try await world.settle([harbour, fire])
        for question in await fire.core.listQuestions() {
            let theirs = try await fire.core.answer(
                ErasureAnswerForm(officer: "Finn Files", question: question.question, answer: "erase"))
            try await ErasureTests.approve(erasure: theirs.erasure, at: fire)
        }
        try await world.settle([harbour, fire])
        world.time.advance(seconds: 30 * Self.day)
        harbour = try await ErasureTests.destroy(harbour, of: SharedCase.owner, in: world, with: [fire])
        fire = try await ErasureTests.destroy(fire, of: SharedCase.asker, in: world, with: [harbour])
        try await world.settle([harbour, fire])
    }

    /// Runs a test where volumes are small.
    static func small(_ body: () async throws -> Void) async throws {
        try await VolumeWidth.$inForce.withValue(width) { try await body() }
    }

    func rows() async throws -> [VolumeRow] { try await harbour.core.listVolumes() }

    /// Two people approve, thirty days pass, the register is asked.
    func propose(_ volume: UInt64) async throws {
        let made = try await harbour.core.propose(VolumeForm(officer: "Ruth Records", volume: volume))
        try await ErasureTests.approve(erasure: made.erasure, at: harbour)
        world.time.advance(seconds: 30 * Self.day)
        _ = try await harbour.core.destroyErased()
        try await world.settle([harbour, fire])
    }

    /// The board decides, as its members do.
    func decide(_ volume: UInt64, by members: [Int] = [1, 3], root: Hash256? = nil) async throws {
        let row = try #require(try await rows().first { $0.volume == volume })
        let facts = VolumeFacts(
            number: volume, size: row.size, root: try root ?? #require(Hash256(hex: row.root)), reason: "retention")
        let proposal = row.proposal.flatMap { EventID(hex: $0) } ?? EventID(from: world.entropy)
        let motion = try BoardMotion.destroying(
            facts, of: SharedCase.owner, proposal: proposal, on: world.boardNow.log(), now: world.time.now())
        try world.boardNow.commit(motion, by: members)
        let file = try world.export()
        _ = try await world.broker.keeper.takeBoardLog(file.statements, headNote: file.headNote)
        try await world.settle([harbour, fire])
    }

    /// Every node destroys what it has and starts again.
    func destroyEverywhere() async throws {
        harbour = try await destroy(harbour, of: SharedCase.owner)
        fire = try await destroy(fire, of: SharedCase.asker)
        try await world.settle([harbour, fire])
    }

    func destroy(_ node: OneNode, of agency: AgencyCode) async throws -> OneNode {
        do {
            try await node.core.destroyVolumes()
            return node
        } catch is LocalKeyDue {
            await node.core.keepViews()
            await node.close()
            return try await world.open(agency)
        }
    }

    /// Entries of a volume, but for the control stream.
    func entries(of volume: UInt64) throws -> [(index: LeafIndex, statement: EventLogs.Statement)] {
        let leaves = try #require(Self.width.leaves(of: volume))
        return try harbour.core.store.readLog(from: LeafIndex(leaves.lowerBound), limit: leaves.count)
            .filter { leaves.contains($0.index.value) && $0.statement.payload.stream != .control }
            .map { ($0.index, $0.statement) }
    }

    /// What names entries: pieces of their bytes, their events, and their streams where nothing later is in them.
    func needles(of volume: UInt64) throws -> [[UInt8]] {
        let leaves = try #require(Self.width.leaves(of: volume))
        let all = try harbour.core.store.readLog(from: LeafIndex(0), limit: .max)
        let other = Set(
            all.filter { !leaves.contains($0.index.value) }.flatMap { placed in
                [placed.statement.payload.stream] + placed.statement.namedStreams
            })
        return try entries(of: volume).flatMap { entry -> [[UInt8]] in
            let bytes = entry.statement.bytes
            var found = [Array(bytes.suffix(48)), entry.statement.eventID.bytes]
            if !other.contains(entry.statement.payload.stream) {
                found.append(entry.statement.payload.stream.bytes)
                found.append(Array(entry.statement.payload.stream.hex.utf8))
            }
            return found
        }
    }

    /// In which files of some directories any of the needles stands.
    func hits(_ needles: [[UInt8]], in parties: [AgencyCode]) throws -> [String: Int] {
        var found: [String: Int] = [:]
        for party in parties {
            let directory = world.path(of: party).path
            for case let name as String in try #require(FileManager.default.enumerator(atPath: directory)) {
                let path = directory + "/" + name
                guard let data = FileManager.default.contents(atPath: path) else { continue }
                let count = needles.count { data.range(of: Data($0)) != nil }
                if count > 0 { found["\(party)/\(name)"] = count }
            }
        }
        return found
    }
}

extension EventLogs.Statement {
    /// The streams that it names beside its own.
    fileprivate var namedStreams: [StreamID] {
        switch payload.control {
        case .hold(.placed(let held, _)): held.streams
        case .erase(.asked(let streams, _)): streams
        case .erase(.begun(let held)): held.streams
        case .erased(let erased): [erased.stream]
        default: []
        }
    }
}
