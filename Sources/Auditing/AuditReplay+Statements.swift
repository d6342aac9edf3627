import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TransparencyLog

extension AuditReplay {
    /// Passes one registered statement: its place in its log, its bytes, what came with it, and its
    /// verdict.
    mutating func take(
        _ record: AdmissionRecord, at position: UInt64, in page: OpenedPage,
        observer: inout some AuditObserver
    ) {
        tally.statementCount += 1
        if !record.verdict.isAccepted { tally.refusedCount += 1 }
        newestAdmission = max(newestAdmission ?? record.admittedAt, record.admittedAt)
        if let stray = strays.removeValue(forKey: record.leafHash) {
            // What stood in another's place earlier has its own place here: it was moved, not made.
            tally.rename(stray, .reordered)
        }
        guard fill(upTo: record) else { return }
        if stopsForLackOfRules(at: position) { return passOver(record, at: position) }
        let entry = page.entries[position]
        guard let statement = readStatement(entry, of: record, at: position, in: page),
            let submission = entry?.submission
        else {
            passOver(record, at: position)
            return
        }
        let (judgement, isIncomplete) = judge(submission, record: record, at: position)
        logs[record.origin]?.append(statement.leafHash, at: (position, record.admittedAt))
        if judgement.verdict == .refused("bundle-mismatch"), isIncomplete {
            logs[record.origin]?.newestHole = record.index
        }
        compare(judgement.verdict, with: record, of: statement)
        follow(statement, record: record, at: position)
        observer.take(step(of: statement, record: record, at: position, judgement: judgement))
    }

    /// Whether the register goes by rules from here on that this program has not: it judges nothing more, and says so once.
    private mutating func stopsForLackOfRules(at position: UInt64) -> Bool {
        guard let rules = admission.roster.lackedRules(at: TreeSize(position)) else { return false }
        if lackingFrom == nil {
            lackingFrom = position
            report(.rulesLacked(rules.description), log: registerOrigin, index: LeafIndex(position))
        }
        return true
    }

    /// Admits a statement again, and says whether something that came with it then is not here now.
    private mutating func judge(
        _ submission: Submission, record: AdmissionRecord, at position: UInt64
    ) -> (Judgement, isIncomplete: Bool) {
        let (carried, vouched) = examine(submission, record: record)
        let payload = submission.statement.payload
        // In a scope of its own: what it refers to must not be copied when the next statement is taken in.
        let records = ReplayRecords(
            tree: tree, brokenFrom: brokenFrom, descriptors: descriptors, seen: payload.seen,
            registered: record.verdict, vouched: vouched.union(payload.grants))
        let judgement = admission.admit(
            submission.at(record.index, compartmentsAt: carried), at: TreeSize(position), now: record.admittedAt,
            records: records)
        return (judgement, !vouched.isEmpty)
    }

    private func step(
        of statement: Statement, record: AdmissionRecord, at position: UInt64, judgement: Judgement
    ) -> AuditStep {
        var shared: [CompartmentAddress: Label] = [:]
        if case .share(let share) = statement.payload.control {
            for address in share.compartments { shared[address] = descriptors[address]?.label }
        }
        let stream = StreamAddress(origin: statement.origin, stream: statement.payload.stream)
        return AuditStep(
            position: position, record: record, statement: statement,
            author: admission.roster.party(of: record.origin)?.code, judged: judgement.verdict,
            deliveries: judgement.deliveries, circle: admission.circle(of: stream),
            roster: admission.roster,
            sharedLabels: shared)
    }

    /// Brings a log to the place that the register names next; false when the statement has no
    /// place there.
    private mutating func fill(upTo record: AdmissionRecord) -> Bool {
        var log = log(record.origin)
        defer { logs[record.origin] = log }
        let expected = log.size.nextIndex
        let isExplained = log.gapsSeen < gapCount
        log.gapsSeen = gapCount
        guard !log.isAbandoned else {
            tally.unjudgedCount += 1
            return false
        }
        if record.index == expected { return true }
        if record.index < expected {
            report(.registerOrder(expected: expected), log: record.origin, index: record.index)
            return false
        }
        if !isExplained {
            report(.missingMiddle(next: record.index.value), log: record.origin, index: expected)
        }
        log.newestHole = LeafIndex(record.index.value - 1)
        log.isTreeBroken = true
        guard record.index.value - expected.value <= Limits.auditGapCount else {
            log.isAbandoned = true
            tally.unjudgedCount += 1
            return false
        }
        for place in expected.value..<record.index.value {
            log.append(.zero, at: nil)
            admitStandIn(at: LeafIndex(place), of: record.origin)
        }
        return true
    }

    /// Keeps the place of a statement that is named and cannot be read.
    private mutating func passOver(_ record: AdmissionRecord, at position: UInt64) {
        tally.unjudgedCount += 1
        var log = log(record.origin)
        let place = log.size.nextIndex
        log.append(record.leafHash, at: (position, record.admittedAt))
        log.newestHole = place
        logs[record.origin] = log
        admitStandIn(at: place, of: record.origin)
    }

    private mutating func admitStandIn(at place: LeafIndex, of origin: Origin) {
        guard let submission = try? StandIn.submission(for: place, of: origin) else { return }
        _ = admission.takeRefused(
            submission, reason: "unread", at: TreeSize(next), admittedAt: newestAdmission ?? fetchedAt)
    }

    /// What later statements refer to: accepted compartments, destroyed content, others' view of
    /// the register.
    private mutating func follow(_ statement: Statement, record: AdmissionRecord, at position: UInt64) {
        guard record.verdict.isAccepted else { return }
        signed.note(statement.signed.header.keyID, record: record, at: position)
        for descriptor in statement.payload.compartments {
            let address = CompartmentAddress(
                origin: record.origin, index: record.index, compartment: descriptor.id)
            descriptors[address] = descriptor
        }
        switch statement.payload.control {
        case .purged(let compartments, _, _):
            let gone = Set(compartments)
            for address in missing.keys
            where address.origin == record.origin && gone.contains(address.compartment) {
                missing[address] = nil
                tally.erasedCompartmentCount += 1
            }
        case .erased(let erased) where erased.origin == record.origin:
            for address in erased.addresses where missing.removeValue(forKey: address) != nil {
                tally.erasedCompartmentCount += 1
            }
        case .received(let received):
            let size = received.registerSize
            guard brokenFrom.map({ size <= $0 }) ?? true, let root = tree.frontier(at: size)?.root,
                root != received.registerRoot
            else { return }
            report(.otherView(size: size), log: record.origin, index: record.index)
        default: break
        }
    }
}
