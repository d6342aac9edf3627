import Auditing
import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

extension Specimen {
    /// Heads and receipts by keys that had been replaced or revoked by then, or had come to the end of their term.
    static func keys(_ scenario: Scenario) throws -> [Specimen] {
        try registerKeys(scenario) + logKeys(scenario)
    }

    private static func registerKeys(_ scenario: Scenario) throws -> [Specimen] {
        var partnership = scenario.partnership
        let old = partnership.register.logKey
        let earlier = try Damage(partnership)
        let before = partnership.register.tree.size
        let place = try #require(
            partnership.register.truths.first { $0.index == scenario.record && $0.log == partnership.police.origin })
        // A new key, whose term ends; then one statement within it, and one after it.
        partnership.broker.logKey = SigningKey(from: partnership.entropy)
        let end = partnership.now.adding(seconds: 90)
        try partnership.pushRegister(partnership.keys(of: partnership.broker, logKeyUntil: end))
        partnership.register.logKey = partnership.broker.logKey
        try partnership.pushOwnCircle()
        try partnership.register.closePage()
        let whole = try Damage(partnership)
        var found = [Specimen("a new register key", whole, nil)]

        func receipts(
            _ name: String, of damage: Damage, from giver: Damage, by signer: SigningKey, expected: String?
        ) throws {
            var damage = damage
            let size = giver.partnership.register.tree.size
            damage.proofs = [try giver.receipt(at: place.position, size: size, signer: signer)]
            #expect(try damage.findings() == [expected].compactMap(\.self), "\(name)")
            found.append(Specimen(name, damage, expected))
        }
        let nobody = "northshire-broker - receipt"
        let second = partnership.broker.logKey
        try receipts("receipt from before the new key", of: whole, from: earlier, by: old, expected: nil)
        try receipts("receipt by the new key", of: whole, from: whole, by: second, expected: nil)
        try receipts("receipt by the replaced key", of: whole, from: whole, by: old, expected: nobody)
        try receipts("receipt by a key to come", of: whole, from: earlier, by: second, expected: nobody)

        func heads(_ name: String, of damage: Damage, by signer: SigningKey) throws {
            let size = damage.partnership.register.tree.size
            var register = damage.partnership.register
            register.logKey = signer
            let note = try register.note(at: size)
            var wrong = damage
            wrong.notes[damage.register] = note
            found.append(Specimen("\(name), newest head", wrong, "northshire-broker - head"))
            wrong = damage
            let last = wrong.pages.removeLast()
            wrong.pages.append(FeedPage(from: last.from, leaves: last.leaves, headNote: note, entries: last.entries))
            found.append(Specimen("\(name), page's head", wrong, "northshire-broker \(size) head"))
        }
        try heads("head by the replaced key", of: whole, by: old)

        partnership.now = end
        try partnership.pushOwnCircle()
        try partnership.register.closePage()
        let late = try Damage(partnership)
        let after = partnership.register.tree.size
        let third = SigningKey(from: partnership.entropy)
        found.append(Specimen("register key past its term", late, "northshire-broker \(after) head"))
        var kept = late
        kept.partnership.broker.logKey = third
        try kept.partnership.pushRegister(try kept.partnership.keys(of: kept.partnership.broker))
        kept.partnership.register.logKey = third
        try kept.partnership.register.closePage()
        kept = try Damage(kept.partnership)
        // The page from after the term is not signed by then; the next one covers it.
        found.append(Specimen("a third register key", kept, "northshire-broker \(after) head"))
        kept.proofs = [try late.receipt(at: place.position, size: after, signer: second)]
        found.append(Specimen("receipt past its key's term", kept, nobody))

        // Revoked from the place of a receipt: what the key signed from there on says nothing, whenever that was said.
        for (name, compromised, expected) in [
            ("receipt from before a revocation's place", before.value + 1, nil),
            ("receipt by a key revoked from its place", before.value, nobody),
        ] {
            var revoked = whole.partnership
            let revocation = RevokeControl(keyID: old.publicKey.keyID, compromisedAfter: TreeSize(compromised))
            try revoked.pushRegister(
                StatementDraft(
                    eventID: EventID(from: revoked.entropy), stream: .control, expectedVersion: .any,
                    control: .revoke(revocation), rootSigner: revoked.broker.rootKey))
            try revoked.register.closePage()
            try receipts(name, of: try Damage(revoked), from: earlier, by: old, expected: expected)
        }
        return found
    }

    private static func logKeys(_ scenario: Scenario) throws -> [Specimen] {
        var found: [Specimen] = []
        func head(_ name: String, _ partnership: SyntheticPartnership, by signer: SigningKey, expected: String?) throws
        {
            var damage = try Damage(partnership)
            let council = partnership.council.sequencer.frontier
            damage.notes[partnership.council.origin] = try SignedTreeHead.sign(
                TreeHead(origin: partnership.council.origin, size: council.size, root: council.root), with: signer
            ).note
            found.append(Specimen(name, damage, expected))
        }
        var partnership = scenario.partnership
        let old = partnership.council.logKey
        partnership.council.logKey = SigningKey(from: partnership.entropy)
        let keys = try partnership.keys(of: partnership.council, logKeyUntil: partnership.now.adding(seconds: 150))
        try partnership.push(\.council, [keys], came: [SyntheticPartnership.control(by: SyntheticPartnership.council)])
        var closed = partnership
        try closed.register.closePage()
        try head("head over a key set by the key it replaces", closed, by: old, expected: nil)
        try head("head over a key set by its key", closed, by: closed.council.logKey, expected: nil)
        var revoked = partnership
        let revocation = RevokeControl(
            keyID: revoked.council.logKey.publicKey.keyID, compromisedAfter: revoked.register.tree.size)
        let draft = StatementDraft(
            eventID: EventID(from: revoked.entropy), stream: .control, expectedVersion: .any,
            control: .revoke(revocation), rootSigner: revoked.council.rootKey)
        try revoked.push(\.council, [draft], came: [SyntheticPartnership.control(by: SyntheticPartnership.council)])
        try revoked.register.closePage()
        try head(
            "head by a revoked key", revoked, by: revoked.council.logKey, expected: "marlow-vale-council - head")
        try partnership.pushOwnCircle()
        closed = partnership
        try closed.register.closePage()
        try head("head by a replaced key", closed, by: old, expected: "marlow-vale-council - head")
        try head("head by the key in force", closed, by: closed.council.logKey, expected: nil)
        partnership.now = partnership.now.adding(seconds: 60)
        try partnership.pushOwnCircle()
        try partnership.register.closePage()
        try head(
            "head past its key's term", partnership, by: partnership.council.logKey,
            expected: "marlow-vale-council - head")
        return found
    }
}

extension SyntheticPartnership {
    /// The broker's own statement, in the register itself.
    fileprivate mutating func pushRegister(_ draft: StatementDraft) throws {
        now = now.adding(seconds: 1)
        for placed in try broker.write([draft], seen: nil, now: now) {
            try register.takeOwn(placed.statement, now: now)
        }
    }

    /// The council opens a stream of its own.
    fileprivate mutating func pushOwnCircle() throws {
        let own = circle([SyntheticPartnership.council], labels: [:], epoch: EpochID(from: entropy), isOwn: true)
        try push(\.council, [draft(own, in: StreamID(from: entropy))], came: [[:]])
    }
}
