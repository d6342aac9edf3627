import Auditing
import EventLogs
import Foundation
import Partnership
import PartyFiles
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// The product and a program that shares no code with it find the same in the same bundles.
struct IndependentVerifierTests {
    private let whole: Damage
    private let scenario: Scenario

    init() throws {
        scenario = try Scenario.told.get()
        whole = try Damage(scenario.partnership)
    }

    @Test func itsPartsPassPublishedVectors() async throws {
        let output = try await IndependentVerifier.run("selftest.py", [])
        #expect(output.status == 0, "\(output.errors)")
    }

    @Test func bothFindTheSameWhateverTheDamage() async throws {
        try await compare(
            [Specimen("sound", whole, nil)] + Specimen.changedParts(of: whole)
                + Specimen.misplaced(in: whole, scenario) + Specimen.damagedRegisters(whole)
                + Specimen.falselySigned(scenario) + Specimen.receipts(of: whole, scenario)
                + Specimen.keys(scenario) + Specimen.continued(scenario))
    }

    /// Whatever single bit of whatever page or of the heads is turned.
    @Test func bothFindTheSameForSingleBitFlips() async throws {
        var specimens: [(name: String, bundle: MemoryAuditBundle)] = []
        try checkProperty(cases: 40) { generator in
            var bundle = whole.bundle
            let number = generator.int(in: 0...bundle.pages.count)
            let bytes = number == bundle.pages.count ? bundle.heads : bundle.pages[number]
            let changed = flipped(bytes, bit: generator.int(in: 0...bytes.count * 8 - 1))
            if number == bundle.pages.count { bundle.heads = changed } else { bundle.pages[number] = changed }
            specimens.append(("flip \(specimens.count) in part \(number)", bundle))
        }
        let roster = try scenario.partnership.roster()
        let scratch = try Scratch()
        let directories = try specimens.map { specimen in
            let directory = scratch.url.appending(path: specimen.name)
            try whole.write(to: directory, bundle: specimen.bundle)
            return directory
        }
        let reports = try await IndependentVerifier.verify(directories, fingerprint: scenario.partnership.fingerprint)
            .reports
        for (specimen, theirs) in zip(specimens, reports) {
            await Task.yield()
            expectSame(try await AuditReplay.run(specimen.bundle, roster: roster), theirs, specimen.name)
            #expect(theirs.exitCode == 2, "\(specimen.name)")
        }
    }

    @Test func aBoardFileThatDoesNotStandIsNamed() async throws {
        let file = try whole.partnershipFile().encoded
        let fingerprint = scenario.partnership.fingerprint
        let scratch = try Scratch()
        var directories: [URL] = []
        for (number, bit) in stride(from: 300, to: file.count * 8, by: file.count / 3).enumerated() {
            let changed = flipped(file, bit: bit)
            directories.append(scratch.url.appending(path: "\(number)"))
            try whole.write(to: directories[number], partnershipFile: changed)
            #expect(throws: (any Error).self) {
                try PartnershipFile(decoding: changed).bootstrap(
                    fingerprint: fingerprint, now: scenario.partnership.now)
            }
        }
        let (reports, status) = try await IndependentVerifier.verify(directories, fingerprint: fingerprint)
        #expect(reports.map { $0.findings.map(\.kind) } == directories.map { _ in ["partnership"] })
        #expect(status == 2)
        let sound = scratch.url.appending(path: "sound")
        try whole.write(to: sound)
        let other = try await IndependentVerifier.verify([sound], fingerprint: Hash256(hashing: [1]))
        #expect(other.reports.map { $0.findings.map(\.kind) } == [["partnership"]])
    }

    /// One member alone enrols nobody, whatever the office signs.
    @Test func anActThatTooFewMembersSignedIsNamed() async throws {
        let scratch = try Scratch()
        let fingerprint = scenario.partnership.fingerprint
        let files = try (1...2).map { count in try boardFile(enrollingUnder: count) }
        let directories = try files.enumerated().map { number, file in
            let directory = scratch.url.appending(path: "\(number)")
            try whole.write(to: directory, partnershipFile: file.encoded)
            return directory
        }
        let reports = try await IndependentVerifier.verify(directories, fingerprint: fingerprint).reports
        let acts = UInt64(files[0].statements.count)
        #expect(reports.map { $0.findings.map(\.short) } == [["board \(acts - 1) partnership"], []])
        let now = scenario.partnership.now
        #expect(throws: PartnershipFileFault.roster(.thresholdNotMet(valid: 1, needed: 2))) {
            try files[0].bootstrap(fingerprint: fingerprint, now: now)
        }
        _ = try files[1].bootstrap(fingerprint: fingerprint, now: now)
    }

    private func boardFile(enrollingUnder count: Int) throws -> PartnershipFile {
        var partnership = scenario.partnership
        let enrolment = Enrolment(
            agency: "newcomer", party: .agency, origin: try #require(Origin("newcomer.example/log")),
            rootKey: SigningKey(from: partnership.entropy).publicKey.bytes, certificate: [1], expires: nil, scope: nil)
        let draft = try BoardActs.enrol(
            enrolment, origin: partnership.board.origin, event: EventID(from: partnership.entropy),
            signers: Array(partnership.members.prefix(count)))
        let now = partnership.now
        let placed = try partnership.board.write([draft], seen: nil, now: now)
        let added = placed.map { CarriedStatement(bytes: $0.statement.bytes, compartments: [], grants: []) }
        return PartnershipFile(
            statements: try whole.partnershipFile().statements + added, headNote: partnership.board.note)
    }

    private func compare(_ specimens: [Specimen]) async throws {
        let scratch = try Scratch()
        let directories = try specimens.map { specimen in
            let directory = scratch.url.appending(path: specimen.name)
            try specimen.damage.write(to: directory)
            return directory
        }
        let (reports, status) = try await IndependentVerifier.verify(
            directories, fingerprint: scenario.partnership.fingerprint)
        try #require(reports.count == specimens.count)
        #expect(status == 2)
        for (specimen, theirs) in zip(specimens, reports) {
            await Task.yield()
            expectSame(try specimen.damage.audited(), theirs, specimen.name)
            if let expected = specimen.expected {
                #expect(theirs.findings.contains { $0.short == expected }, "\(specimen.name): \(theirs.findings)")
            } else {
                #expect(theirs.exitCode == 0, "\(specimen.name)")
            }
        }
    }

    private func expectSame(_ ours: AuditReport, _ theirs: IndependentVerifier.Report, _ name: String) {
        #expect(ours.findings.map(\.short).sorted() == theirs.findings.map(\.short).sorted(), "\(name)")
        #expect(ours.exitCode == theirs.exitCode, "\(name)")
        #expect(ours.isComplete == theirs.isComplete, "\(name)")
        #expect(ours.head.map { "\($0.size) \($0.root)" } == theirs.head.map { "\($0.size) \($0.root)" }, "\(name)")
        #expect(
            [ours.leafCount, ours.statementCount, ours.refusedCount, ours.receiptCount, ours.receiptsBeyondCount]
                == [theirs.leaves, theirs.statements, theirs.refused, theirs.receipts, theirs.receiptsBeyond], "\(name)"
        )
    }
}
