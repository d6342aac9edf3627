import EventLogs
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import TransparencyLog

/// Checks what hashes cannot: that a log, its head and the register beside it were written by those who may.
///
/// Trust begins at the board's fingerprint, goes by the partnership file to the party's root key, and from there along
/// the log: the genesis, the key sets, every statement by a key in force at its place, the head. For a board's own log
/// it begins at its genesis.
struct LogSignatures {
    private let store: NodeStore
    private let directory: PartyDirectory
    /// What the hashes name already: it is not named a second time as unsigned.
    private let known: [StoredDamage]
    /// What was found, beyond what the hashes name.
    private(set) var found: [StoredDamage] = []
    /// The board that it all hangs on, for comparison by whoever knows it from elsewhere.
    private(set) var board: Hash256?

    /// Statements and leaves in memory at a time.
    private let pageCount: Int

    init(_ store: NodeStore, in path: String, known: [StoredDamage], pageCount: Int) {
        self.store = store
        self.known = known
        self.pageCount = pageCount
        directory = PartyDirectory(path: path)
    }

    /// Checks them. The register is followed only where every hash fits, because it does not follow otherwise.
    ///
    /// - Parameter fingerprint: the board's; the directory's own if nil.
    mutating func check(fingerprint: Hash256?) throws(EventStoreError) {
        // Whoever removes every statement leaves a store without damage.
        guard try store.headNote() != nil else { return name("statement", 0) }
        guard let genesis = try? store.readLog(from: LeafIndex(0), limit: 1).first?.statement else { return }
        if case .boardGenesis = genesis.payload.control {
            let pinned = fingerprint ?? genesis.hash
            board = pinned
            _ = checkOwn(genesis.origin, as: Roster(fingerprint: pinned))
            return
        }
        guard let known = try? directory.partnership() else { return name(LogSignatures.partnershipFile, nil) }
        let pinned = fingerprint ?? known.fingerprint
        board = pinned
        guard let bootstrap = try? known.file.bootstrap(fingerprint: pinned, now: genesis.issuedAt) else {
            return name(LogSignatures.partnershipFile, nil)
        }
        let roster = roster(bootstrap, before: genesis)
        guard let party = roster.party(of: genesis.origin) ?? roster.party(goingOnIn: genesis.origin) else {
            return name(LogSignatures.partnershipFile, nil)
        }
        let isSigned = checkOwn(genesis.origin, as: roster)
        guard self.known.isEmpty, isSigned,
            let follower = try followRegister(as: party, log: genesis.origin, from: bootstrap)
        else { return }
        try checkAdmissions(by: follower.roster, size: follower.size)
    }

    /// Who is who when a log was begun: its agency may have gone on from others before.
    private func roster(_ bootstrap: Roster, before first: Statement) -> Roster {
        guard case .continues(let continues) = first.payload.control,
            let earlier = try? store.receivedControls(of: continues.origin).first?.statement
        else { return bootstrap }
        var roster = roster(bootstrap, before: earlier)
        let moment = Timestamp(milliseconds: 0)
        if case .continues = earlier.payload.control,
            (try? roster.verify(earlier, index: LeafIndex(0), at: .empty, now: moment)) != nil
        {
            try? roster.fold(earlier, at: .empty, compartments: [])
        }
        return roster
    }

    /// Goes through the log with the keys that it announces itself; false when something is not signed.
    private mutating func checkOwn(_ origin: Origin, as bootstrap: Roster) -> Bool {
        var roster = bootstrap
        // A key set that the register refused counted for what was written before that was known.
        var refused: [Roster] = []
        var next = LeafIndex(0)
        while true {
            // What does not read is named by its hash, and what follows may need its keys.
            guard let page = try? store.readLog(from: next, limit: pageCount) else { return false }
            guard let last = page.last else { break }
            for placed in page {
                do throws(RosterFault) {
                    // An ended enrolment or a revocation voids a statement in the register; it does not unsign it.
                    try roster.verify(
                        placed.statement, index: placed.index, at: .empty, now: Timestamp(milliseconds: 0))
                    if isRefusedKeySet(placed) {
                        refused.append(roster)
                        try refused[refused.count - 1].fold(placed.statement, at: .empty, compartments: [])
                    } else {
                        try roster.fold(placed.statement, at: .empty, compartments: placed.compartments)
                    }
                } catch {
                    let isExplained = refused.contains { other in
                        (try? other.verify(
                            placed.statement, index: placed.index, at: .empty, now: Timestamp(milliseconds: 0))) != nil
                    }
                    let isKnown = known.contains { $0.log == nil && $0.covers(placed.index) }
                    if !isExplained, !isKnown { name("signature", placed.index.value) }
                }
            }
            next = LeafIndex(last.index.value + 1)
        }
        let note = (try? store.headNote()) ?? []
        let isHeadSigned = ([roster] + refused).flatMap { $0.logKeys(of: origin) }.contains { key in
            (try? SignedTreeHead(verifying: note, origin: origin, key: key)) != nil
        }
        if !isHeadSigned, !known.contains(where: { $0.part == "head" }) { name("head-signature", nil) }
        return found.isEmpty
    }

    private func isRefusedKeySet(_ placed: SequencedStatement) -> Bool {
        guard placed.statement.payload.kind == .keyset else { return false }
        return (try? store.admission(of: placed.index))??.isAccepted == false
    }

    /// Follows the stored register from its beginning, a part at a time: its head, the broker's own statements, what others
    /// wrote. Nil when something of it was named, and when there is none.
    private mutating func followRegister(
        as party: Party, log: Origin, from roster: Roster
    ) throws(EventStoreError) -> RegisterFollower? {
        guard let head = try store.registerHead(), head.frontier.size != .empty else { return nil }
        var follower = RegisterFollower(roster: roster, ownCode: party.code, ownLog: log)
        while follower.size < head.frontier.size {
            guard let page = try page(from: follower.size.value, upTo: head.frontier.size.value) else { return nil }
            do throws(FollowFault) {
                _ = try follower.takeStored(
                    page, now: Timestamp(milliseconds: 0),
                    own: { [store] in try? store.readLog(from: $0, limit: 1).first?.statement },
                    checkingSignatures: true)
            } catch {
                name(error, own: log)
                return nil
            }
        }
        do throws(FollowFault) { _ = try follower.verifyHead(head.note, now: nil) } catch {
            name(error, own: log)
            return nil
        }
        return follower
    }

    /// Holds what is kept of each own statement's admission against the register, and its receipt against whoever signed
    /// it.
    private mutating func checkAdmissions(by roster: Roster, size: TreeSize) throws(EventStoreError) {
        var next = LeafIndex(0)
        while true {
            let admissions = try store.admissions(from: next, limit: pageCount)
            guard let last = admissions.last else { return }
            next = LeafIndex(last.index.value + 1)
            for admission in admissions {
                let registered = try store.registerLeaves(from: admission.registerPosition, limit: 1).first
                if !admission.isBorne(by: registered, roster: roster) {
                    name("receipt", admission.index.value)
                }
            }
        }
    }

    /// A part of the stored register; nil, with a name for it, where there is none that reads.
    private mutating func page(from start: UInt64, upTo end: UInt64) throws(EventStoreError) -> ReadPage? {
        let count = Int(min(UInt64(pageCount), end - start))
        var leaves: [ReadLeaf] = []
        for (place, bytes) in try store.registerLeaves(from: start, limit: count).enumerated() {
            guard let leaf = try? ReadLeaf(decoding: bytes, at: start + UInt64(place)) else {
                name("register-leaf", start + UInt64(place))
                return nil
            }
            leaves.append(leaf)
        }
        guard leaves.count == count else {
            name("register-leaf", start + UInt64(leaves.count))
            return nil
        }
        var entries: [ReadEntry] = []
        for received in try store.received(from: start, limit: count)
        where received.registerPosition < start + UInt64(count) {
            guard let statement = try? Statement(decoding: received.bytes) else {
                name("received", received.index.value, log: received.origin)
                return nil
            }
            entries.append(
                ReadEntry(
                    stored: statement, index: received.index, position: received.registerPosition,
                    compartments: received.compartments, grants: received.grants))
        }
        return ReadPage(from: TreeSize(start), leaves: leaves, entries: entries)
    }

    private mutating func name(_ fault: FollowFault, own: Origin) {
        switch fault {
        case .leaf(let position, _): name("register-leaf", position)
        case .statement(let position, _), .notRegistered(let position): name("received", at: position, own: own)
        case .roster(let position, _): name("received-signature", at: position, own: own)
        case .registerGap: name("register-leaf", nil)
        // No damage, and nothing behind it was checked.
        case .rulesLacked(let position, _): name("rules-lacked", position)
        case .registerUnknown, .head, .registerKey, .rootMismatch, .sizeMismatch, .notOurPosition:
            name("register-head", nil)
        }
    }

    /// Names what a leaf of the register is about, by its own log and index.
    private mutating func name(_ part: String, at position: UInt64, own: Origin) {
        guard let bytes = try? store.registerLeaves(from: position, limit: 1).first,
            case .verdict(let record)? = try? RegisterLeaf(decoding: bytes)
        else { return name("register-leaf", position) }
        guard record.origin == own else { return name(part, record.index.value, log: record.origin) }
        let size = (try? store.verifyRightEdge().frontier.size.value) ?? 0
        guard record.index.value >= size else { return name("statement", record.index.value) }
        // Every index of a log stands in the register, in order.
        var (count, next) = (UInt64(0), position)
        while let leaves = try? store.registerLeaves(from: next, limit: pageCount), !leaves.isEmpty {
            for case .verdict(let record)? in leaves.map({ try? RegisterLeaf(decoding: $0) })
            where record.origin == own { count += 1 }
            next += UInt64(leaves.count)
        }
        name("statement-missing", record.index.value, count: count)
    }

    private mutating func name(_ part: String, _ index: UInt64?, log: Origin? = nil, count: UInt64 = 1) {
        found.append(StoredDamage(part: part, index: index.map { LeafIndex($0) }, log: log, count: count))
    }

    /// The part that is named when there is nothing to know the keys by.
    static let partnershipFile = "partnership-file"
}

extension Admission {
    /// Whether the register has, where this says so, a leaf that says the same, and a key of the register's signed the
    /// receipt for it.
    ///
    /// - Parameter registered: the leaf at that place; nil where the register has not been followed so far.
    func isBorne(by registered: [UInt8]?, roster: Roster) -> Bool {
        var leaf = registered.flatMap { try? RegisterLeaf(decoding: $0) }
        if !proof.isEmpty {
            guard let receipted = receipted(by: roster), leaf == nil || leaf == receipted.leaf,
                receipted.position == registerPosition
            else { return false }
            leaf = receipted.leaf
        }
        guard case .verdict(let record)? = leaf else { return false }
        var refusal: ReasonCode?
        if case .refused(let code) = record.verdict { refusal = code }
        return record.index == index && refusal == reason && isAccepted == (refusal == nil)
    }

    /// The leaf that the receipt names and its place, if a key of the register's signed it.
    func receipted(by roster: Roster) -> (leaf: RegisterLeaf, position: UInt64)? {
        guard let parts = try? AdmissionReceipt.parts(of: proof),
            let receipt = try? InclusionReceipt(decoding: parts.receipt), let register = roster.registerOrigin,
            receipt.rootSignature.isAttributed(to: register),
            roster.logKeys(of: register).contains(where: {
                (try? receipt.verify(leafHash: parts.leaf.leafHash, key: $0)) != nil
            })
        else { return nil }
        return (parts.leaf, receipt.index.value)
    }
}
