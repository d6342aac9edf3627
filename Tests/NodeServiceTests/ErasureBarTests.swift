import Auditing
import Disclosures
import EventLogs
import Foundation
import KeyFiles
import NodeInterface
import NodeProjections
import PartyFiles
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService
@testable import NodeService

/// The bar of erasing: one person in a partnership of seven, two lawful keepers, one hold, one agency that does not answer.
///
/// `TALLYSTICK_ERASURE_EVENTS` says how many other entries there are; 100,000 is the bar, and takes its time.
@Suite("Erasing one person among seven agencies", .serialized) struct ErasureBarTests {
    static let agencies: [AgencyCode] = [
        "harbour-homes", "northshire-fire", "victim-first", "northshire-county", "northshire-police",
        "marlow-vale-council", "meadow-housing",
    ]
    static let eventCount =
        ProcessInfo.processInfo.environment["TALLYSTICK_ERASURE_EVENTS"].flatMap { Int($0) } ?? 120
    private let passphrase = SecretBytes(Array("another long passphrase".utf8))

    private func open(_ world: OneProcess) async throws -> [AgencyCode: OneNode] {
        var nodes: [AgencyCode: OneNode] = [:]
        for agency in Self.agencies { nodes[agency] = try await world.open(agency) }
        try await world.settle(Array(nodes.values))
        let second: [AgencyCode: String] = [
            "harbour-homes": "head-of-housing", "meadow-housing": "head-of-housing",
            "northshire-police": "chief-officer",
            "marlow-vale-council": "community-safety-manager", "northshire-county": "caldicott-guardian",
        ]
        for agency in Self.agencies {
            let offices = ["data-protection-officer"] + [second[agency]].compactMap(\.self)
            _ = try await nodes[agency]?.core.adopt(AdoptForm(officer: "o", protocolCode: "jag", offices: offices))
        }
        try await world.settle(Array(nodes.values))
        return nodes
    }

    /// Everything sealed in streams of a log.
    private func targets(
        _ streams: Set<StreamID>, at node: OneNode
    ) throws -> Set<ErasureForensics.Target> {
        var found: Set<ErasureForensics.Target> = []
        for (statement, index) in try node.core.store.statements(of: streams) where statement.origin == node.core.origin
        {
            for descriptor in statement.payload.compartments where descriptor.reader.isSealed {
                found.insert(
                    ErasureForensics.Target(
                        address: CompartmentAddress(
                            origin: statement.origin, index: index, compartment: descriptor.id),
                        descriptor: descriptor, event: statement.eventID))
            }
        }
        return found
    }

    private func backUp(_ agency: AgencyCode, _ world: OneProcess, to name: String) throws {
        let file = "\(world.directory)/\(name)-\(agency).backup"
        let public_ = "\(world.directory)/backup.pub"
        if !PublicFile.exists(public_) {
            try RecoveryKey.make(
                "\(world.directory)/backup.key", publicPath: public_, passphrase: passphrase, entropy: world.entropy,
                cost: .minimum)
        }
        _ = try NodeBackup.write(
            of: world.path(of: agency).path, to: file, for: RecoveryKey.Public(reading: public_), entropy: world.entropy
        )
        // Its key is still held: what is in it is laid open.
        _ = try NodeRestore.run(
            from: file, into: "\(world.directory)/\(name)-\(agency)", recoveryKey: "\(world.directory)/backup.key",
            passphrase: passphrase, fingerprint: try world.path(of: agency).partnership().fingerprint)
    }

    @Test("The report is right for every holder, all logs verify, and what is erased cannot be recovered from anything")
    func bar() async throws {
        let world = try await OneProcess(agencies: Self.agencies, hasAuditor: true)
        var nodes = try await open(world)
        let owner = SharedCase.owner
        let others = Array(Self.agencies.dropFirst())
        var harbour = try #require(nodes[owner])
        let first = try await SharedCase.share(at: harbour, with: others)
        let second = try await SharedCase.share(at: harbour, with: ["northshire-fire", "northshire-police"])
        try await world.settle(Array(nodes.values))
        for number in 0..<Self.eventCount {
            _ = try await harbour.core.record(ReportForm(officer: "h\(number % 7)", summary: "Another person's noise"))
            if number % 2_000 == 1_999 { try await world.settle([harbour]) }
        }
        try await world.settle(Array(nodes.values))

        // Before: the search finds everything, from the owner's disk and from a holder's.
        let firstStreams = try await harbour.core.matter(first, nil)
        let secondStreams = try await harbour.core.matter(second, nil)
        let gone = try targets(Set(firstStreams.map(\.stream)), at: harbour)
        let held = try targets(Set(secondStreams.map(\.stream)).subtracting(firstStreams.map(\.stream)), at: harbour)
        let toKeepers = gone.filter { target in
            if case .epoch = target.descriptor.reader { return ["record", "risk"].contains(target.descriptor.label) }
            return false
        }
        #expect(gone.count > 6 && !toKeepers.isEmpty && !held.isEmpty)
        let broker = "\(world.directory)/\(OneProcessFounding.brokerCode)"
        try backUp(owner, world, to: "before")
        try backUp("northshire-fire", world, to: "before")
        let backups = ["before-harbour-homes", "before-northshire-fire"].map { "\(world.directory)/\($0)" }
        let before = try ErasureForensics(nodes: [world.path(of: owner)], others: [broker])
        #expect(before.recovered(gone).plaintexts == gone, "the search recovers all of it before")
        let needles = before.needles(gone)
        #expect(!needles.isEmpty)
        #expect(try before.hits(needles).count >= 2)
        // Everything in a backup hangs on the local key: with it all comes out, and no grant leads around it.
        let fromBackup = try ErasureForensics(others: [backups[0]], keysOf: [world.path(of: owner)])
        #expect(fromBackup.recovered(gone).plaintexts == gone)
        #expect(before.grantCount(to: owner) > 0)
        #expect(fromBackup.grantCount(to: owner) == 0)
        let fire = try ErasureForensics(nodes: [world.path(of: "northshire-fire")])
        #expect(!fire.recovered(toKeepers).plaintexts.isEmpty)

        // Two people, a question to everybody, and the answers.
        var form = ErasureForm(officer: "Ruth Records", reason: "request")
        form.subject = "Ada Quillfeather"
        let erasure = try await harbour.core.propose(form).erasure
        try await ErasureTests.approve(erasure: erasure, at: harbour)
        try await world.settle(Array(nodes.values))
        for agency: AgencyCode in ["northshire-fire", "victim-first", "northshire-county"] {
            let node = try #require(nodes[agency])
            for question in await node.core.listQuestions() {
                let made = try await node.core.answer(
                    ErasureAnswerForm(officer: "R", question: question.question, answer: "erase"))
                try await ErasureTests.approve(erasure: made.erasure, at: node)
            }
        }
        for (agency, law): (AgencyCode, String) in [
            ("northshire-police", "mopi-review"), ("marlow-vale-council", "limitation-act-1980"),
        ] {
            let node = try #require(nodes[agency])
            for question in await node.core.listQuestions() {
                var answer = ErasureAnswerForm(officer: "K", question: question.question, answer: "keep")
                (answer.until, answer.law) = ("2032-06-30", law)
                _ = try await node.core.answer(answer)
            }
        }
        // In the quarantine an ombudsman asks about the second case.
        var hold = HoldForm(officer: "Hollis", reason: "ombudsman")
        hold.caseReference = second
        _ = try await harbour.core.place(hold)
        try await world.settle(Array(nodes.values))
        world.time.advance(seconds: 30 * ErasureTests.day)
        for agency: AgencyCode in [owner, "northshire-fire", "victim-first", "northshire-county"] {
            let rest = nodes.filter { $0.key != agency }.map(\.value)
            let node = try #require(nodes[agency])
            nodes[agency] = try await ErasureTests.destroy(node, of: agency, in: world, with: rest)
        }
        try await world.settle(Array(nodes.values))
        harbour = try #require(nodes[owner])

        try await checkReport(erasure, first: firstStreams, second: secondStreams, at: harbour)
        #expect(try await world.audit().findings.isEmpty)
        for node in nodes.values {
            #expect(try node.core.store.verifyAll().isEmpty)
            #expect(try await node.refusedCount() == 0)
        }
        try checkRecovery(world, gone: gone, held: held, backups: backups, broker: broker, needles: needles)
        // What stays is shown, from the new wraps.
        let shown = try await harbour.core.showCase(CaseQuery(officer: "h9", caseReference: second))
        #expect(shown.timeline.contains { $0.summary == RecallTests.summary })
        #expect(try await harbour.core.listReports().count > 0)
    }

    private func checkReport(
        _ erasure: String, first: Set<StreamAddress>, second: Set<StreamAddress>, at node: OneNode
    ) async throws {
        let report = try #require(try await node.core.showErasure(erasure).first)
        let shared = Set(first.map(\.stream.hex))
        func standing(_ agency: String, _ streams: Set<String>) -> Set<String> {
            Set(report.holders.filter { $0.agency == agency && streams.contains($0.stream) }.map(\.standing))
        }
        for agency in ["harbour-homes", "northshire-fire", "victim-first", "northshire-county"] {
            #expect(standing(agency, shared) == ["erased"], "\(agency)")
        }
        for (agency, law) in [("northshire-police", "mopi-review"), ("marlow-vale-council", "limitation-act-1980")] {
            #expect(standing(agency, shared) == ["kept"], "\(agency)")
            let row = try #require(report.holders.first { $0.agency == agency && shared.contains($0.stream) })
            #expect(row.because == law)
            #expect(row.until?.hasPrefix("2032-06-30") == true)
            #expect(!row.parts.isEmpty)
        }
        #expect(standing("meadow-housing", shared) == ["outstanding"])
        let kept = Set(second.map(\.stream.hex)).subtracting(shared)
        #expect(standing("harbour-homes", kept) == ["held"])
        #expect(!standing("northshire-fire", kept).contains("erased"))
        #expect(report.holds == ["ombudsman"] && !report.cannotReach.isEmpty)
    }

    private func checkRecovery(
        _ world: OneProcess, gone: Set<ErasureForensics.Target>, held: Set<ErasureForensics.Target>, backups: [String],
        broker: String, needles: [[UInt8]]
    ) throws {
        let erasers: [AgencyCode] = ["harbour-homes", "northshire-fire", "victim-first", "northshire-county"]
        let after = try ErasureForensics(nodes: erasers.map { world.path(of: $0) }, others: [broker] + backups)
        #expect(after.keyCount >= 8)
        let found = after.recovered(gone)
        #expect(found.keys.isEmpty, "no key of \(found.keys.count) can be recovered")
        #expect(found.plaintexts.isEmpty)
        let live = try ErasureForensics(nodes: erasers.map { world.path(of: $0) }, others: [broker])
        #expect(try live.hits(needles).isEmpty, "no byte of it is left in any file in use")
        // The positive control again: what is held is there still, and the keepers have what they keep.
        #expect(after.recovered(held).plaintexts == held)
        let keepers = try ErasureForensics(nodes: [world.path(of: "northshire-police")])
        #expect(!keepers.recovered(gone).plaintexts.isEmpty)
        // What nobody else was ever given is nowhere, with everybody's disks and keys together.
        let everybody = try ErasureForensics(
            nodes: Self.agencies.map { world.path(of: $0) }, others: [broker] + backups)
        let home = gone.filter { $0.descriptor.reader == .home }
        #expect(!home.isEmpty)
        #expect(everybody.recovered(home).keys.isEmpty)
    }
}
