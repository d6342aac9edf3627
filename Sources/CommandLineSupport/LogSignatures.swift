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
    /// What was found, beyond what the hashes name.
    private(set) var found: [StoredDamage] = []
    /// The board that it all hangs on, for comparison by whoever knows it from elsewhere.
    private(set) var board: Hash256?

    /// Statements and leaves in memory at a time.
    private let pageCount: Int

    init(_ store: NodeStore, in path: String, pageCount: Int) {
        self.store = store
        self.pageCount = pageCount
        directory = PartyDirectory(path: path)
    }

    /// - Parameters:
    ///   - fingerprint: the board's; the directory's own if nil.
    ///   - isWhole: whether every hash fits. The register is followed only then, because it does not follow otherwise.
    mutating func check(fingerprint: Hash256?, isWhole: Bool) throws(EventStoreError) {
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
        guard let roster = try? known.file.bootstrap(fingerprint: pinned, now: genesis.issuedAt),
            let party = roster.party(of: genesis.origin)
        else { return name(LogSignatures.partnershipFile, nil) }
        let isSigned = checkOwn(genesis.origin, as: roster)
        if isWhole, isSigned { try followRegister(as: party.code, from: roster) }
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
                    if !isExplained { name("signature", placed.index.value) }
                }
            }
            next = LeafIndex(last.index.value + 1)
        }
        let note = (try? store.headNote()) ?? []
        let isHeadSigned = ([roster] + refused).flatMap { $0.logKeys(of: origin) }.contains { key in
            (try? SignedTreeHead(verifying: note, origin: origin, key: key)) != nil
        }
        if !isHeadSigned { name("head-signature", nil) }
        return found.isEmpty
    }

    private func isRefusedKeySet(_ placed: SequencedStatement) -> Bool {
        guard placed.statement.payload.kind == .keyset else { return false }
        return (try? store.admission(of: placed.index))??.isAccepted == false
    }

    /// Follows the stored register from its beginning, a part at a time: its head, the broker's own statements, what others
    /// wrote.
    private mutating func followRegister(as code: AgencyCode, from roster: Roster) throws(EventStoreError) {
        guard let head = try store.registerHead(), head.frontier.size != .empty else { return }
        var follower = RegisterFollower(roster: roster, ownCode: code)
        while follower.size < head.frontier.size {
            guard let page = try page(from: follower.size.value, upTo: head.frontier.size.value) else { return }
            do throws(FollowFault) {
                _ = try follower.takeStored(
                    page, now: Timestamp(milliseconds: 0),
                    own: { [store] in try? store.readLog(from: $0, limit: 1).first?.statement },
                    checkingSignatures: true)
            } catch { return name(error) }
        }
        do throws(FollowFault) { _ = try follower.verifyHead(head.note, now: nil) } catch { name(error) }
    }

    /// A part of the stored register; nil, with a name for it, where there is none that reads.
    private mutating func page(from start: UInt64, upTo end: UInt64) throws(EventStoreError) -> ReadPage? {
        let count = Int(min(UInt64(pageCount), end - start))
        var leaves: [ReadLeaf] = []
        for (place, bytes) in try store.registerLeaves(from: start, limit: count).enumerated() {
            do throws(FollowFault) {
                leaves.append(try ReadLeaf(decoding: bytes, at: start + UInt64(place)))
            } catch {
                name(error)
                return nil
            }
        }
        guard leaves.count == count else {
            name("register-leaf", start + UInt64(leaves.count))
            return nil
        }
        var entries: [ReadEntry] = []
        for received in try store.received(from: start, limit: count)
        where received.registerPosition < start + UInt64(count) {
            guard let statement = try? Statement(decoding: received.bytes) else {
                name("received", received.registerPosition)
                return nil
            }
            entries.append(
                ReadEntry(
                    stored: statement, index: received.index, position: received.registerPosition,
                    compartments: received.compartments, grants: received.grants))
        }
        return ReadPage(from: TreeSize(start), leaves: leaves, entries: entries)
    }

    private mutating func name(_ fault: FollowFault) {
        switch fault {
        case .leaf(let position, _): name("register-leaf", position)
        case .statement(let position, _), .notRegistered(let position): name("received", position)
        case .roster(let position, _): name("received-signature", position)
        case .registerGap: name("register-leaf", nil)
        case .registerUnknown, .head, .registerKey, .rootMismatch, .sizeMismatch, .notOurPosition:
            name("register-head", nil)
        }
    }

    private mutating func name(_ part: String, _ index: UInt64?) {
        found.append(StoredDamage(part: part, index: index.map { LeafIndex($0) }))
    }

    /// The part that is named when there is nothing to know the keys by.
    static let partnershipFile = "partnership-file"
}
