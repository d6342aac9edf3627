import EventLogs
import Foundation
import Partnership
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import Auditing

/// What an auditor makes of a copy from after a volume went (decision 0039, docs/bundle.md); and the program that shares no
/// code with ours says the same.
@Suite("An auditor over a hole") struct DestroyedVolumeTests {
    private static let width = Scenario.smallWidth

    /// A partnership in which everything is at rest, or not yet.
    private func partnership(atRest: Bool = true) throws -> SyntheticPartnership {
        var partnership = try Scenario.toldSmall.get().partnership
        if atRest { partnership.now = partnership.now.adding(seconds: Limits.restingSeconds) }
        return partnership
    }

    private func facts(_ number: Int, of partnership: SyntheticPartnership) -> VolumeFacts {
        let roots = partnership.register.admission.edge(of: partnership.police.origin).volumeRoots
        return VolumeFacts(
            number: UInt64(number), size: Self.width.leafCount, root: roots[number], reason: "retention")
    }

    /// Proposed and decided; the register takes what it is forced to.
    private func destroy(
        _ number: Int, in partnership: inout SyntheticPartnership, signers: Int = 2, forced: Verdict? = nil
    ) throws {
        let facts = facts(number, of: partnership)
        let proposal = StatementDraft(
            eventID: EventID(from: partnership.entropy), stream: .control, expectedVersion: .any,
            control: .destroyProposed(facts))
        try partnership.push(
            \.police, [proposal], came: [SyntheticPartnership.control(by: SyntheticPartnership.police)], forced: forced)
        let decision = VolumeDestruction(
            origin: partnership.police.origin, facts: facts, proposal: proposal.eventID,
            decidedAt: Timestamp(wholeSeconds: partnership.now.wholeSeconds))
        let act = try BoardActs.destroy(
            decision, origin: partnership.board.origin, event: EventID(from: partnership.entropy),
            signers: Array(partnership.members.prefix(signers)))
        try partnership.push(\.board, [act], came: [SyntheticPartnership.control()], forced: forced)
        try partnership.register.closePage()
    }

    /// A copy without the entries of a volume of the police's, but for the control stream.
    private func copy(of partnership: SyntheticPartnership, without numbers: Set<Int>) throws -> (Damage, [UInt64]) {
        var damage = try Damage(partnership)
        var gone: [UInt64] = []
        for page in damage.pages.indices {
            let kept = try damage.pages[page].entries.filter { entry in
                let statement = try Statement(decoding: entry.statement.bytes)
                let isGone =
                    statement.origin == partnership.police.origin && statement.payload.stream != .control
                    && numbers.contains(Int(Self.width.volume(of: entry.index)))
                if isGone { gone.append(entry.index.value) }
                return !isGone
            }
            damage.setEntries(kept, of: page)
        }
        return (damage, gone)
    }

    /// What both find, and that it is the same.
    private func audited(_ damage: Damage) async throws -> AuditReport {
        let ours = try VolumeWidth.$inForce.withValue(Self.width) { try damage.audited() }
        let scratch = try Scratch()
        let directory = scratch.url.appending(path: "copy")
        try damage.write(to: directory)
        let (reports, _) = try await IndependentVerifier.verify(
            [directory], fingerprint: damage.partnership.fingerprint, volumeLeafCount: Self.width.leafCount)
        let theirs = try #require(reports.first)
        #expect(ours.findings.map(\.short).sorted() == theirs.findings.map(\.short).sorted())
        #expect(ours.exitCode == theirs.exitCode)
        #expect(ours.volumes.map(\.volume.number) == theirs.volumes.map(\.volume))
        #expect(ours.volumes.map(\.root.hex) == theirs.volumes.map(\.root))
        return ours
    }

    @Test func whatWentWithItsVolumeIsNamedWithItsRecordAndIsNoFinding() async throws {
        for numbers: Set<Int> in [[0], [1], [0, 1]] {
            var partnership = try partnership()
            for number in numbers.sorted() { try destroy(number, in: &partnership) }
            let (damage, gone) = try copy(of: partnership, without: numbers)
            #expect(!gone.isEmpty)
            let report = try await audited(damage)
            #expect(report.findings == [] && report.exitCode == 0, "\(numbers): \(report.text)")
            #expect(Set(report.volumes.map { Int($0.volume.number) }) == numbers)
            #expect(report.volumes.reduce(0) { $0 + $1.awayCount } == gone.count)
            #expect(report.text.contains("destroyed by the board's act"))
            #expect(report.json.contains("\"destroyedVolumes\":[{"))
        }
    }

    @Test func whatIsMissingWithoutAnActIsAFinding() async throws {
        let (damage, gone) = try copy(of: try partnership(), without: [0])
        let report = try await audited(damage)
        #expect(report.volumes.isEmpty && report.exitCode == 2)
        #expect(report.findings.map(\.short) == gone.map { "northshire-police \($0) statement-missing" })
    }

    @Test func anActOfTooFewMembersIsAFindingAndExplainsNothing() throws {
        var partnership = try partnership()
        try destroy(0, in: &partnership, signers: 1, forced: .accepted)
        let (damage, gone) = try copy(of: partnership, without: [0])
        // The independent verifier ends where the board's log does not stand.
        let report = try VolumeWidth.$inForce.withValue(Self.width) { try damage.audited() }
        #expect(report.volumes.isEmpty && report.exitCode == 2)
        let found = report.findings.map(\.short)
        #expect(found.contains { $0.hasPrefix("board ") && $0.hasSuffix("verdict-differs") }, "\(found)")
        for index in gone { #expect(found.contains("northshire-police \(index) statement-missing")) }
    }

    /// Whoever has the entries still can say that it was too early.
    @Test func aDestructionBeforeItsTimeIsAFinding() async throws {
        var partnership = try partnership(atRest: false)
        try destroy(0, in: &partnership, forced: .accepted)
        let report = try VolumeWidth.$inForce.withValue(Self.width) { try Damage(partnership).audited() }
        let found = report.findings.map(\.short)
        #expect(found.contains { $0.hasPrefix("northshire-police ") && $0.hasSuffix("verdict-differs") }, "\(found)")
        #expect(found.contains { $0.hasPrefix("board ") && $0.hasSuffix("verdict-differs") })
        #expect(report.findings.contains { $0.sentence.contains("volume-not-over") })
    }
}
