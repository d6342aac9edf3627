import Auditing
import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import Partnership
import Testing
import TransparencyLog

extension Specimen {
    /// Pages, leaves and heads that are not what the register signed.
    static func damagedRegisters(_ whole: Damage) throws -> [Specimen] {
        var found: [Specimen] = []
        func add(_ name: String, _ expected: String, _ change: (inout Damage) throws -> Void) rethrows {
            var damage = whole
            try change(&damage)
            found.append(Specimen(name, damage, expected))
        }
        let (second, last) = (whole.pages[2], whole.pages[whole.pages.count - 1])
        for (number, page) in whole.pages.enumerated() {
            add("leaf \(number)", "northshire-broker \(page.from) register-root") { damage in
                let leaf = page.leaves[page.leaves.count - 1]
                let changed = flipped(leaf, bit: leaf.count * 8 - 5)
                damage.setLeaves(page.leaves.dropLast() + [changed], of: number)
            }
            add("page head \(number)", "northshire-broker \(page.next) head") { damage in
                damage.pages[number] = FeedPage(
                    from: page.from, leaves: page.leaves,
                    headNote: flipped(page.headNote, bit: page.headNote.count * 8 - 30),
                    entries: page.entries)
            }
        }
        for number in 1...2 {
            for offset in whole.pages[number].leaves.indices {
                let position = whole.pages[number].from.value + UInt64(offset)
                add("unreadable leaf \(position)", "northshire-broker \(position) leaf-unreadable") { damage in
                    var leaves = whole.pages[number].leaves
                    leaves[offset] = [0xff]
                    damage.setLeaves(leaves, of: number)
                }
            }
        }
        add("cut tail", "northshire-broker \(last.from) cut-tail") { $0.pages.removeLast() }
        add("missing middle", "northshire-broker \(second.from) missing-middle") { $0.pages.remove(at: 2) }
        add("page twice", "northshire-broker \(second.from) page-repeated") { $0.pages.insert(second, at: 3) }
        add("pages swapped", "northshire-broker \(second.from) missing-middle") { $0.pages.swapAt(2, 3) }
        for wrong in [UInt64(0), 1 << 20, .max] {
            add("page number \(wrong)", "northshire-broker \(second.from) page-misplaced") { damage in
                damage.pages[2] = FeedPage(
                    from: TreeSize(wrong), leaves: second.leaves, headNote: second.headNote, entries: second.entries)
            }
        }
        for (origin, note) in whole.notes {
            let name = origin.text.split(separator: ".").first.map(String.init) ?? ""
            add("head of \(name)", "\(name) - head") { $0.notes[origin] = flipped(note, bit: note.count * 8 - 30) }
            add("no head of \(name)", "\(name) - head-missing") { $0.notes[origin] = nil }
        }
        let police = whole.partnership.police
        let size = police.sequencer.frontier.size
        for (name, head, expected) in [
            ("other root", TreeHead(origin: police.origin, size: size, root: Hash256(hashing: [1])), "- log-root"),
            ("beyond head", try whole.head(of: police.origin, size: 3), "3 beyond-head"),
            (
                "cut log", TreeHead(origin: police.origin, size: TreeSize(size.value + 2), root: Hash256(hashing: [2])),
                "\(size) cut-tail"
            ),
        ] {
            try add(name, "northshire-police \(expected)") { damage in
                damage.notes[police.origin] = try SignedTreeHead.sign(head, with: police.logKey).note
            }
        }
        return found
    }

    /// What a broker that is not honest, or an author, signed all the same.
    static func falselySigned(_ scenario: Scenario) throws -> [Specimen] {
        var found: [Specimen] = []
        func add(
            _ name: String, _ kind: String, _ change: (inout SyntheticPartnership) throws -> LeafIndex
        ) throws {
            var partnership = scenario.partnership
            let index = try change(&partnership)
            try partnership.register.closePage()
            found.append(Specimen(name, try Damage(partnership), "marlow-vale-council \(index) \(kind)"))
        }
        try add("register order", "register-order") { try $0.recordCouncil(at: LeafIndex(1)) }
        try add("gap", "missing-middle") { partnership in
            let next = partnership.council.sequencer.frontier.size.nextIndex
            _ = try partnership.recordCouncil(at: LeafIndex(.max))
            return next
        }
        try add("other key", "signature") { partnership in
            let stranger = SigningKey(from: partnership.entropy)
            return try partnership.pushCouncil(rootSigner: stranger)
        }
        try add("other register", "other-view") { partnership in
            let body = ReceivedControl(registerSize: TreeSize(5), registerRoot: Hash256(hashing: [1]), findings: [])
            return try partnership.pushCouncil(then: .received(body))
        }
        try add("refused without cause", "verdict-differs") { partnership in
            try partnership.pushCouncil(forced: .refused("stream-sequence"))
        }
        try add("broken stream", "verdict-differs") { partnership in
            try partnership.pushCouncil(then: .access) { writer in
                for stream in writer.streams.keys {
                    writer.streams[stream] = StreamHead(sequence: 7, hash: Hash256(hashing: [7]))
                }
            }
        }
        try add("seen goes back", "verdict-differs") { partnership in
            let old = TreeSize(9)
            let root = try #require(partnership.register.tree.frontier(at: old)?.root)
            let head = SeenHead(origin: partnership.register.origin, size: old, root: root)
            return try partnership.pushCouncil(then: .access, seen: head) { $0.forgetSeen() }
        }
        try add("seen never was", "verdict-differs") { partnership in
            let head = SeenHead(
                origin: partnership.register.origin, size: partnership.register.tree.size, root: Hash256(hashing: [3]))
            return try partnership.pushCouncil(then: .access, seen: head) { $0.forgetSeen() }
        }
        found.append(try renewalTakenAway(scenario))
        return found
    }

    /// An enrolment ended and was renewed, and the leaf of the renewal does not read: nobody wrote without being enrolled.
    private static func renewalTakenAway(_ scenario: Scenario) throws -> Specimen {
        var partnership = scenario.partnership
        let end = partnership.now.adding(seconds: 90)
        for expires in [end, nil] {
            let enrolment = Enrolment(
                agency: SyntheticPartnership.council, party: .agency, origin: partnership.council.origin,
                rootKey: partnership.council.rootKey.publicKey.bytes, certificate: [1, 2, 3], expires: expires,
                scope: nil)
            let draft = try BoardActs.enrol(
                enrolment, origin: partnership.board.origin, event: EventID(from: partnership.entropy),
                signers: Array(partnership.members.prefix(2)))
            let came = SyntheticPartnership.control()
            partnership.boardStatements += try partnership.push(\.board, [draft], came: [came]).map(\.statement)
        }
        let renewal = partnership.register.tree.size.value - 1
        let own = partnership.circle(
            [SyntheticPartnership.council], labels: [:], epoch: EpochID(from: partnership.entropy), isOwn: true)
        let draft = partnership.draft(own, in: StreamID(from: partnership.entropy))
        try partnership.push(\.council, [draft], came: [[:]])
        try partnership.register.closePage()
        var damage = try Damage(partnership)
        let page = damage.pages[damage.pages.count - 1]
        var leaves = page.leaves
        leaves[Int(renewal - page.from.value)] = [0xff]
        damage.setLeaves(leaves, of: damage.pages.count - 1)
        return Specimen("renewal taken away", damage, "northshire-broker \(renewal) leaf-unreadable")
    }
}

extension Damage {
    /// The head that a log had when it was smaller.
    fileprivate func head(of origin: Origin, size: UInt64) throws -> TreeHead {
        var frontier = TreeFrontier()
        for truth in partnership.register.truths where truth.log == origin && frontier.size < TreeSize(size) {
            let place = try place(of: origin, truth.index)
            frontier.append(MerkleTree.leafHash(pages[place.page].entries[place.entry].statement.bytes))
        }
        return TreeHead(origin: origin, size: frontier.size, root: frontier.root)
    }
}

extension LogWriter {
    /// Goes on as if no head of the register had ever been seen.
    fileprivate mutating func forgetSeen() {
        sequencer = Sequencer(
            origin: origin, frontier: sequencer.frontier, lastIssuedAt: Timestamp(milliseconds: 0), seen: nil)
    }
}

extension SyntheticPartnership {
    /// The register takes down a statement of the council that nobody has.
    fileprivate mutating func recordCouncil(at index: LeafIndex) throws -> LeafIndex {
        let record = AdmissionRecord(
            origin: council.origin, index: index, leafHash: Hash256(hashing: [1]), verdict: .accepted, admittedAt: now)
        register.append(.verdict(record))
        return index
    }

    /// The council opens a stream of its own, and writes once more in it if asked to; the index of the last.
    fileprivate mutating func pushCouncil(
        then next: ControlBody? = nil, seen: SeenHead? = nil, rootSigner: (any Signer)? = nil,
        forced: Verdict = .accepted, changing change: (inout LogWriter) -> Void = { _ in }
    ) throws -> LeafIndex {
        let stream = StreamID(from: entropy)
        let own = circle([SyntheticPartnership.council], labels: [:], epoch: EpochID(from: entropy), isOwn: true)
        let opening = StatementDraft(
            eventID: EventID(from: entropy), stream: stream, expectedVersion: .any, control: own, rootSigner: rootSigner
        )
        var last = try push(\.council, [opening], came: [[:]], forced: forced)
        if let next {
            change(&council)
            last = try council.write([draft(next, in: stream)], seen: seen ?? register.seen, now: now)
            for placed in last { register.admit(placed, came: [:], now: now, forced: .accepted) }
            register.logNotes[council.origin] = council.note
        }
        return last[0].index
    }
}
