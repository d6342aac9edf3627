import Auditing
import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import Testing
import TransparencyLog

struct RegisterDamageTests {
    private func damage() throws -> Damage { try Damage(try Scenario.told.get().partnership) }

    @Test func aLeafThatIsNotItsStatementsIsNamed() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let place = try damage.place(of: damage.partnership.police.origin, scenario.record)
        let page = damage.pages[place.page]
        let offset = Int(page.entries[place.entry].position - page.from.value)
        guard case .verdict(let record) = try RegisterLeaf(decoding: page.leaves[offset]) else {
            throw NoSuchPlace()
        }
        var leaves = page.leaves
        leaves[offset] =
            RegisterLeaf.verdict(
                AdmissionRecord(
                    origin: record.origin, index: record.index, leafHash: Hash256(hashing: [1]),
                    verdict: record.verdict, admittedAt: record.admittedAt)
            ).encoded
        damage.setLeaves(leaves, of: place.page)
        #expect(
            try damage.findings() == [
                "northshire-broker \(page.from) register-root",
                "northshire-police \(scenario.record) leaf-mismatch",
            ])
    }

    @Test func aLeafThatDoesNotReadIsNamed() throws {
        var damage = try damage()
        let page = damage.pages[3]
        damage.setLeaves([[0xff]] + page.leaves.dropFirst(), of: 3)
        let found = try damage.findings()
        #expect(found.contains("northshire-broker \(page.from) register-root"))
        #expect(found.contains("northshire-broker \(page.from) leaf-unreadable"))
    }

    @Test func aChangedLookUpShowsInTheRoot() throws {
        var damage = try damage()
        let page = damage.pages[2]
        let leaf = RegisterLeaf.lookUp(
            asker: SyntheticPartnership.council, hash: Hash256(hashing: [9]),
            at: damage.partnership.now)
        damage.setLeaves(page.leaves.dropLast() + [leaf.encoded], of: 2)
        #expect(try damage.findings() == ["northshire-broker \(page.from) register-root"])
    }

    @Test func aPageHeadThatIsNotSignedIsNamedAndTheNextOneCoversIt() throws {
        var damage = try damage()
        let page = damage.pages[2]
        damage.pages[2] = FeedPage(
            from: page.from, leaves: page.leaves,
            headNote: flipped(page.headNote, bit: page.headNote.count * 8 - 30),
            entries: page.entries)
        let report = try damage.audited()
        #expect(report.findings.map(\.short) == ["northshire-broker \(page.next) head"])
        #expect(report.isComplete)
    }

    @Test func everyLogsHeadIsChecked() throws {
        let whole = try damage()
        for (origin, note) in whole.notes {
            var damage = whole
            damage.notes[origin] = flipped(note, bit: note.count * 8 - 30)
            let found = try damage.audited().findings
            #expect(found.map(\.kind.code) == ["head"] && found.map(\.log) == [origin])
            damage.notes[origin] = nil
            let missing = try damage.audited().findings
            #expect(missing.map(\.kind.code) == ["head-missing"] && missing.map(\.log) == [origin])
        }
    }

    @Test func aHeadOverOtherStatementsIsNamed() throws {
        var damage = try damage()
        let police = damage.partnership.police
        let head = TreeHead(
            origin: police.origin, size: police.sequencer.frontier.size, root: Hash256(hashing: [1])
        )
        damage.notes[police.origin] = try SignedTreeHead.sign(head, with: police.logKey).note
        #expect(try damage.findings() == ["northshire-police - log-root"])
    }

    @Test func statementsBeyondTheHeadAreNamed() throws {
        var damage = try damage()
        let police = damage.partnership.police
        var frontier = TreeFrontier()
        for truth in damage.partnership.register.truths
        where truth.log == police.origin && frontier.size < TreeSize(3) {
            let place = try damage.place(of: truth.log, truth.index)
            frontier.append(
                MerkleTree.leafHash(damage.pages[place.page].entries[place.entry].statement.bytes))
        }
        let head = TreeHead(origin: police.origin, size: frontier.size, root: frontier.root)
        damage.notes[police.origin] = try SignedTreeHead.sign(head, with: police.logKey).note
        #expect(try damage.findings() == ["northshire-police 3 beyond-head"])
    }

    @Test func aCutTailIsNamedForTheRegisterAndEachLogIn() throws {
        var damage = try damage()
        let last = damage.pages.removeLast()
        let index = try Statement(decoding: last.entries[0].statement.bytes)
        #expect(index.origin == damage.partnership.police.origin)
        #expect(
            Set(try damage.findings()) == [
                // The compartment is gone, and so is the word of its author that it was destroyed.
                "northshire-police \(last.entries[0].index.value - 1) compartment-missing",
                "northshire-police \(last.entries[0].index) cut-tail",
                "northshire-broker \(last.from) cut-tail",
            ])
    }

    @Test func aMissingMiddleIsNamedOnce() throws {
        var damage = try damage()
        let page = damage.pages.remove(at: 2)
        #expect(try damage.findings() == ["northshire-broker \(page.from) missing-middle"])
    }

    @Test func anUnreadablePageIsNamedOnce() async throws {
        let whole = try damage()
        var bundle = whole.bundle
        bundle.pages[2] = [0xff]
        let report = try await AuditReplay.run(bundle, roster: try whole.partnership.roster())
        #expect(
            report.findings.map(\.short) == [
                "northshire-broker \(whole.pages[2].from) page-unreadable"
            ])
    }

    @Test func aPageThatComesTwiceIsNamed() throws {
        var damage = try damage()
        damage.pages.insert(damage.pages[2], at: 3)
        #expect(
            try damage.findings() == ["northshire-broker \(damage.pages[2].from) page-repeated"])
    }

    @Test func pagesInAnotherOrderAreNamed() throws {
        var damage = try damage()
        damage.pages.swapAt(2, 3)
        let found = try damage.findings()
        #expect(found.contains("northshire-broker \(damage.pages[3].from) missing-middle"))
        #expect(found.contains("northshire-broker \(damage.pages[3].from) page-repeated"))
    }

    @Test func aPageNumberThatIsWrongIsNamedAndThePageUsed() throws {
        let whole = try damage()
        for wrong in [UInt64(0), 1 << 20, .max] {
            var damage = whole
            let page = damage.pages[2]
            damage.pages[2] = FeedPage(
                from: TreeSize(wrong), leaves: page.leaves, headNote: page.headNote,
                entries: page.entries)
            let report = try damage.audited()
            #expect(
                report.findings.map(\.short) == ["northshire-broker \(page.from) page-misplaced"])
            #expect(report.isComplete)
        }
    }

    @Test func aGapOfManyStatementsDoesNotHoldTheAuditUp() throws {
        var partnership = try Scenario.told.get().partnership
        let record = AdmissionRecord(
            origin: partnership.police.origin, index: LeafIndex(.max),
            leafHash: Hash256(hashing: [1]),
            verdict: .accepted, admittedAt: partnership.now)
        let next = partnership.police.sequencer.frontier.size
        partnership.register.append(.verdict(record))
        try partnership.register.closePage()
        #expect(try Damage(partnership).findings() == ["northshire-police \(next) missing-middle"])
    }

    @Test func aLogTakenOutOfItsOrderIsNamed() throws {
        var partnership = try Scenario.told.get().partnership
        let record = AdmissionRecord(
            origin: partnership.police.origin, index: LeafIndex(1), leafHash: Hash256(hashing: [1]),
            verdict: .accepted, admittedAt: partnership.now)
        partnership.register.append(.verdict(record))
        try partnership.register.closePage()
        #expect(try Damage(partnership).findings() == ["northshire-police 1 register-order"])
    }

    @Test func headsThatDoNotReadAreNamed() async throws {
        let whole = try damage()
        var bundle = whole.bundle
        bundle.heads = [0xff]
        let report = try await AuditReplay.run(bundle, roster: try whole.partnership.roster())
        #expect(report.findings.map(\.kind) == [.headsUnreadable])
        #expect(!report.isComplete)
    }
}
