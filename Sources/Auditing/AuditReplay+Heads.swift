import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TransparencyLog

extension AuditReplay {
    /// Compares every log with its signed head and gives the report.
    public mutating func finish() -> AuditReport {
        reportMissing()
        var summaries: [AuditReport.LogSummary] = []
        if let heads {
            for origin in Set(heads.notes.keys).union(logs.keys).sorted()
            where origin != registerOrigin {
                summaries.append(closeLog(origin, note: heads.notes[origin]))
            }
        } else {
            summaries = logs.keys.sorted().map {
                summary(of: log($0), origin: $0, isHeadVerified: false)
            }
        }
        let isRegisterSigned = heads.map { closeRegister($0.notes[registerOrigin]) } ?? false
        let final = finality(isComplete: isRegisterSigned)
        return AuditReport(
            tally: tally, logs: summaries, register: registerOrigin,
            leafCount: next, head: coveringHead, newestAdmission: newestAdmission,
            fetchedAt: fetchedAt,
            isHeadHeld: isRegisterSigned, final: final, evidence: evidence,
            doubts: signed.doubts(by: admission.roster))
    }

    private mutating func closeLog(_ origin: Origin, note: [UInt8]?) -> AuditReport.LogSummary {
        let log = log(origin)
        guard let note else {
            report(.headMissing, log: origin, index: nil)
            return summary(of: log, origin: origin, isHeadVerified: false)
        }
        let keys = keys(of: log, origin)
        guard let head = verified(note, of: origin, keys: keys) else {
            // A log whose key set is missing is named by the key set's place.
            if !keys.isEmpty || !log.hasHole { report(.head, log: origin, index: nil) }
            return summary(of: log, origin: origin, isHeadVerified: false)
        }
        // What a gap at the register's end took along is named there.
        let isExplained = log.gapsSeen < gapCount
        var isHeadVerified = false
        if head.size > log.size {
            if !isExplained {
                report(.cutTail(signed: head.size), log: origin, index: log.size.nextIndex)
            }
        } else if !log.isTreeBroken {
            isHeadVerified = head.root == log.rootAtClaim
            if !isHeadVerified {
                report(.logRoot(signed: head.size), log: origin, index: nil)
            } else if head.size < log.size {
                report(.beyondHead(signed: head.size), log: origin, index: head.size.nextIndex)
            }
        }
        return summary(of: log, origin: origin, isHeadVerified: isHeadVerified)
    }

    private func summary(
        of log: AuditedLog, origin: Origin, isHeadVerified: Bool
    ) -> AuditReport.LogSummary {
        let code = admission.roster.party(of: origin)?.code
        return AuditReport.LogSummary(
            origin: origin, agency: code, size: log.size,
            root: log.isTreeBroken ? nil : log.frontier.root,
            isHeadVerified: isHeadVerified)
    }

    /// Compares the register with its newest head; whether that head stands and covers no more and
    /// no less.
    private mutating func closeRegister(_ note: [UInt8]?) -> Bool {
        guard let note else {
            if next > 0 { report(.headMissing, log: registerOrigin, index: nil) }
            return false
        }
        guard let head = verified(note, of: registerOrigin, keys: newestRegisterKeys) else {
            report(.head, log: registerOrigin, index: nil)
            return false
        }
        guard brokenFrom == nil else { return false }
        if head.size > tree.size {
            report(.cutTail(signed: head.size), log: registerOrigin, index: tree.size.nextIndex)
        } else if head.root != tree.frontier(at: head.size)?.root {
            report(.registerRoot(signed: head.size), log: registerOrigin, index: nil)
        } else if head.size < tree.size {
            report(.beyondHead(signed: head.size), log: registerOrigin, index: head.size.nextIndex)
        } else {
            coveringHead = head
            return true
        }
        return false
    }

    /// The keys that may sign the register's newest head.
    private var newestRegisterKeys: [VerificationKey] {
        admission.roster.logKeys(of: registerOrigin, at: tree.size, now: times.latest(before: tree.size))
    }

    /// The keys that may sign the newest head of a log, as of where the register has the newest statement under it: a head
    /// over the key set that replaces its key may still be by that key.
    private func keys(of log: AuditedLog, _ origin: Origin) -> [VerificationKey] {
        let roster = admission.roster
        guard let place = log.coveredPlace else {
            return roster.logKeys(of: origin, at: tree.size, now: newestAdmission)
        }
        return [place.position, place.position + 1].flatMap {
            roster.earlierLogKeys(of: origin, at: TreeSize($0), after: place.admittedAt)
        }
    }

    private func verified(_ note: [UInt8], of origin: Origin, keys: [VerificationKey]) -> TreeHead? {
        keys.sorted { $0.keyID < $1.keyID }.lazy
            .compactMap { try? SignedTreeHead(verifying: note, origin: origin, key: $0).head }.first
    }

    /// Takes the final heads, and the evidence that came with them as far as it proves anything.
    mutating func take(cosigned bytes: [UInt8]) {
        guard let read = try? CosignedHeads(decoding: bytes) else {
            report(.headsUnreadable, log: registerOrigin, index: nil)
            return
        }
        cosigned = read
        for file in read.evidence {
            guard let found = try? Equivocation(reading: file) else { continue }
            let keys = LogKeys(roster: admission.roster).everAnnounced(by: found)
            if (try? found.verify(keys: keys)) != nil { add(found) }
        }
    }

    private mutating func add(_ found: Equivocation) {
        guard !evidence.contains(where: { $0.origin == found.origin }) else { return }
        evidence.append(found)
        report(.twoStories, log: found.origin, index: nil)
    }

    /// How the register's newest cosigned head stands, by the list in force.
    private mutating func finality(isComplete: Bool) -> (size: TreeSize?, finality: Finality) {
        let list = admission.roster.witnesses
        guard let note = cosigned?.notes[registerOrigin] else { return (nil, Finality(of: nil, by: list)) }
        let (origin, claimed) = (registerOrigin, (try? UnverifiedTreeHead(parsing: note).claimed.size) ?? .empty)
        let keys = admission.roster.earlierLogKeys(of: origin, at: claimed, after: times.latest(before: claimed))
        let head = keys.lazy.compactMap { try? SignedTreeHead(verifying: note, origin: origin, key: $0) }.first
        guard let head else {
            report(.head, log: registerOrigin, index: nil)
            return (nil, Finality(of: nil, by: list))
        }
        let size = head.head.size
        guard brokenFrom == nil, let edge = tree.frontier(at: size) else { return (nil, Finality(of: nil, by: list)) }
        guard edge.root == head.head.root else {
            report(.registerRoot(signed: size), log: registerOrigin, index: nil)
            if isComplete { contradict(head.note, edge: edge) }
            return (nil, Finality(of: nil, by: list))
        }
        let finality = Finality(of: head, by: list)
        return (finality.isFinal ? size : nil, finality)
    }

    /// The register was signed over other leaves than it shows: that can be shown to anybody.
    private mutating func contradict(_ note: [UInt8], edge: TreeFrontier) {
        guard let covering = coveringHead, let newest = heads?.notes[registerOrigin],
            let smaller = try? UnverifiedTreeHead(parsing: note), let larger = try? UnverifiedTreeHead(parsing: newest)
        else { return }
        let proof = TreeProofs.consistency(from: edge.size, to: covering.size, node: tree.node)
        let found = Equivocation(
            smaller: smaller, larger: larger,
            beginning: edge.size == covering.size ? nil : Equivocation.Beginning(root: edge.root, proof: proof))
        if let proven = try? LogKeys(roster: admission.roster).proven(found) { add(proven) }
    }
}
