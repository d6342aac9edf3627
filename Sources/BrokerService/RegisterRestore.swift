import EventLogs
package import PartyFiles
package import Partnership
import Replication
package import SQLiteStore
import SignedStatements
package import TallystickPrimitives
package import TransparencyLog

/// Why a register cannot be put back from these copies.
package enum RegisterRestoreFault: Error, Hashable {
    /// Two copies have different leaves at one position: one of them, or the register itself, was changed.
    case copiesDiffer(position: UInt64, String, String)
    /// No copy has a head that the register signed over the leaves that there are.
    case noHead(leaves: UInt64)
    /// Of these logs, so many statements are in no copy.
    case statementsMissing([Origin: Int])
    /// Parts that travelled with an entry are in no copy, or what is there is not what was admitted.
    case partsMissing(Origin, LeafIndex)
    /// No copy has a head of these logs at the size that the register gives them.
    case logHeadsMissing([Origin])
}

/// What was put back.
package struct RestoredRegister: Hashable, Sendable {
    /// The register's head; nothing later than it is known here.
    package let head: TreeHead
    /// How many logs it has statements of.
    package let logCount: Int
    /// When its newest statement was admitted.
    package let newest: Timestamp
}

/// Puts a register back that was lost with the broker's disk, from what the parties hold of it. No key is needed: nothing
/// is signed anew, and every statement is judged again as it was.
package struct RegisterRestore {
    let origin: Origin
    let bootstrap: Roster
    let board: PartnershipFile
    let copies: [any RegisterCopy]
    let progress: @Sendable (UInt64) -> Void

    /// States what is to be put together.
    ///
    /// - Parameter progress: is told how many leaves are done.
    package init(
        of origin: Origin, bootstrap: Roster, board: PartnershipFile, copies: [any RegisterCopy],
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) {
        self.origin = origin
        self.bootstrap = bootstrap
        self.board = board
        self.copies = copies
        self.progress = progress
    }

    /// Writes the register into an empty store, and reads it again as a start does.
    ///
    /// - Throws: `RegisterRestoreFault`; what a copy or the store throws. The store is of no use then.
    package func run(into store: BrokerStore) throws -> RestoredRegister {
        guard let boardOrigin = bootstrap.board?.origin else { throw RegisterRestoreFault.noHead(leaves: 0) }
        var parts = try RegisterParts(
            copies,
            board: BoardStatements(origin: boardOrigin, statements: board.statements, headNote: board.headNote),
            register: origin)
        let head = try newestHead(in: parts)
        try checkComplete(parts, below: head.head.size)
        let erased = try erased(in: &parts, below: head.head.size)
        try store.beginRestoring(head)
        let state = try replay(&parts, below: head, without: erased, into: store)
        // Whoever keeps its copies lawfully has brought them here; the author has destroyed its own.
        try BrokerErasing.destroyAgain(state.admission.holds, in: store)
        let logs = try logHeads(of: try store.allLogs(), by: state.admission.roster, in: parts)
        try store.restoreHeads(logs)
        // As at every start: judged once more, from the disk.
        _ = try RegisterLoading(store: store, origin: origin, bootstrap: bootstrap).load()
        return RestoredRegister(
            head: head.head, logCount: logs.count, newest: state.newestAdmission)
    }

    /// The largest head that the register signed over leaves that are all there.
    private func newestHead(in parts: RegisterParts) throws -> SignedTreeHead {
        let notes = parts.heads[origin] ?? []
        let claimed = notes.compactMap { note in
            (try? UnverifiedTreeHead(parsing: note).claimed).map { (head: $0, note: note) }
        }
        let sizes = Set(claimed.map(\.head.size))
        var roots: [TreeSize: Hash256] = [:]
        var roster = bootstrap
        var tree = TreeFrontier()
        while let leaf = parts.leaf(tree.size.value) {
            if case .own(let statement)? = try? RegisterLeaf(decoding: leaf) {
                try? roster.takeRegisterOwn(statement, at: tree.size, now: statement.issuedAt)
            }
            tree.append(MerkleTree.leafHash(leaf))
            if sizes.contains(tree.size) { roots[tree.size] = tree.root }
        }
        let keys = roster.logKeys(of: origin)
        let fitting = claimed.filter { roots[$0.head.size] == $0.head.root }.sorted { $0.head.size > $1.head.size }
        for (_, note) in fitting {
            for key in keys {
                if let signed = try? SignedTreeHead(verifying: note, origin: origin, key: key) { return signed }
            }
        }
        throw RegisterRestoreFault.noHead(leaves: tree.size.value)
    }

    /// Names everything that is in no copy before anything is written.
    private func checkComplete(_ parts: RegisterParts, below size: TreeSize) throws {
        var missing: [Origin: Int] = [:]
        for position in 0..<size.value {
            guard let leaf = parts.leaf(position) else { continue }
            guard case .verdict(let record) = try RegisterLeaf(decoding: leaf) else { continue }
            if !parts.hasStatement(record, at: position) { missing[record.origin, default: 0] += 1 }
        }
        guard missing.isEmpty else { throw RegisterRestoreFault.statementsMissing(missing) }
    }

    private func replay(
        _ parts: inout RegisterParts, below head: SignedTreeHead, without erased: HoldsInForce,
        into store: BrokerStore
    ) throws -> RegisterState {
        var state = RegisterState(roster: bootstrap, store: store)
        var homes = HomeParts(erased: erased)
        while state.tree.size < head.head.size {
            var batch = BatchInProgress(previousSize: state.tree.size)
            var count = 0
            while state.tree.size < head.head.size, count < Limits.registeredTogetherCount {
                try take(parts.leaf(state.tree.size.value) ?? [], of: &parts, into: &state, &batch, &homes)
                count += 1
            }
            state.beginStoring()
            try store.restore(batch.finished(head: head, tree: state.tree))
            state.markStored()
            progress(state.tree.size.value)
        }
        return state
    }

    private func take(
        _ bytes: [UInt8], of parts: inout RegisterParts, into state: inout RegisterState,
        _ batch: inout BatchInProgress,
        _ homes: inout HomeParts
    ) throws {
        let position = state.tree.size.value
        let leaf = try RegisterLeaf(decoding: bytes)
        switch leaf {
        case .own(let statement):
            try state.takeOwn(statement, now: statement.issuedAt)
            batch.add(own: statement)
        case .lookUp:
            state.takeLookUp(leaf)
            batch.add(lookUp: leaf)
        case .verdict(let record):
            guard let carried = try parts.statement(record, at: position),
                let statement = try? Statement(decoding: carried.bytes)
            else { throw RegisterRestoreFault.statementsMissing([record.origin: 1]) }
            let erased = homes.erased.hashes(of: statement, at: record.index)
            let submission = submission(record, statement, carried, without: erased, state.admission.roster)
            var refusal: ReasonCode?
            if case .refused(let reason) = record.verdict { refusal = reason }
            let admitted = try state.admit(
                submission, now: record.admittedAt, refusal: refusal,
                erased: erased.union(
                    RegisterRestore.ownGrant(
                        missingOf: statement, in: submission,
                        author: state.admission.roster.party(of: record.origin)?.code)))
            guard admitted.record == record, !record.verdict.isAccepted || homes.take(submission) else {
                throw RegisterRestoreFault.partsMissing(record.origin, record.index)
            }
            _ = batch.add(submission, admitted)
            batch.extend(
                LogState(
                    origin: record.origin, frontier: state.admission.edge(of: record.origin).frontier, headNote: []))
        }
    }

    /// What authors have destroyed of their own by the end of the register. What they say later counts for what comes
    /// earlier, so that all of it is looked through first.
    private func erased(in parts: inout RegisterParts, below size: TreeSize) throws -> HoldsInForce {
        var holds = HoldsInForce()
        for position in 0..<size.value {
            guard let leaf = parts.leaf(position), case .verdict(let record) = try RegisterLeaf(decoding: leaf),
                record.verdict.isAccepted, let carried = try parts.statement(record, at: position),
                let statement = try? Statement(decoding: carried.bytes), statement.payload.kind == .purged
            else { continue }
            holds.fold(statement, admittedAt: record.admittedAt)
        }
        return holds
    }

    /// The statement as it was pushed: its parts and grants in its own order. Of a refused one nothing but itself is kept.
    private func submission(
        _ record: AdmissionRecord, _ statement: Statement, _ carried: CarriedStatement,
        without erased: Set<Hash256>, _ roster: Roster
    ) -> Submission {
        guard record.verdict.isAccepted else {
            return Submission(index: record.index, statement: statement, compartments: [], grants: [])
        }
        let home = Set(statement.payload.compartments.filter { $0.reader == .home }.map(\.id))
        let byHash = Dictionary(carried.grants.map { (Hash256(hashing: $0), $0) }) { first, _ in first }
        return Submission(
            index: record.index, statement: statement,
            compartments: carried.compartments.filter { !home.contains($0.id) },
            grants: statement.payload.grants.filter { !erased.contains($0) }.compactMap { byHash[$0] },
            keys: roster.statementKeys(of: record.origin))
    }

    /// The grant to the author itself, where it alone is missing of those of a circle: a node that was put back from a backup
    /// has the keys and not the grant (decision 0030), and nobody else was to open it. Whose grant is missing follows from
    /// those that are there: everybody else's who is due a key, each once, and not the author's.
    static func ownGrant(
        missingOf statement: Statement, in submission: Submission, author: AgencyCode?
    ) -> Set<Hash256> {
        guard case .circle(let circle) = statement.payload.control, let author, circle.members.contains(author) else {
            return []
        }
        let missing = Set(statement.payload.grants).subtracting(submission.grants.map { Hash256(hashing: $0) })
        let present = submission.grants.compactMap { try? DirectGrant(decoding: $0).recipient }
        let due = circle.members.filter { member in
            member != author && circle.labels.keys.contains { circle.recipients(of: $0).contains(member) }
        }
        return missing.count == 1 && present.sorted() == due.sorted() ? missing : []
    }

    /// For each log a head at the size that the register gives it, signed by a key of the log.
    private func logHeads(
        of logs: [LogState], by roster: Roster, in parts: RegisterParts
    ) throws -> [LogState] {
        var found: [LogState] = []
        var missing: [Origin] = []
        for log in logs {
            let keys = roster.logKeys(of: log.origin)
            let note = parts.heads[log.origin]?.first { note in
                keys.contains { key in
                    let signed = try? SignedTreeHead(verifying: note, origin: log.origin, key: key)
                    return signed?.head.size == log.size && signed?.head.root == log.frontier.root
                }
            }
            if let note {
                found.append(LogState(origin: log.origin, frontier: log.frontier, headNote: note))
            } else {
                missing.append(log.origin)
            }
        }
        guard missing.isEmpty else { throw RegisterRestoreFault.logHeadsMissing(missing) }
        return found
    }
}

/// The parts that authors kept at home, and which of them a share has given since: they travel with the first share that
/// names them, and admission does not ask for them again.
private struct HomeParts {
    /// What authors have destroyed since: nobody need have it.
    let erased: HoldsInForce
    private var kept: Set<CompartmentAddress> = []
    private var given: Set<CompartmentAddress> = []

    init(erased: HoldsInForce) { self.erased = erased }

    /// Takes in an accepted statement; false where it gives a part that never came.
    mutating func take(_ submission: Submission) -> Bool {
        let payload = submission.statement.payload
        for descriptor in payload.compartments where descriptor.reader == .home {
            kept.insert(
                CompartmentAddress(
                    origin: submission.statement.origin, index: submission.index, compartment: descriptor.id))
        }
        guard case .share(let share) = payload.control else { return true }
        let carried = Set(submission.compartments.map(\.id))
        for address in share.compartments where kept.contains(address) {
            if carried.contains(address.compartment) { given.insert(address) }
        }
        return share.compartments.allSatisfy {
            !kept.contains($0) || given.contains($0) || erased.erased.contains($0)
        }
    }
}

extension HoldsInForce {
    /// The hashes that a statement has of its parts that are destroyed.
    fileprivate func hashes(of statement: Statement, at index: LeafIndex) -> Set<Hash256> {
        var found: Set<Hash256> = []
        for descriptor in statement.payload.compartments {
            let address = CompartmentAddress(origin: statement.origin, index: index, compartment: descriptor.id)
            if erased.contains(address) { found.insert(descriptor.contentHash) }
        }
        if erasedGrants.contains(StatementAddress(origin: statement.origin, index: index)) {
            found.formUnion(statement.payload.grants)
        }
        return found
    }
}
