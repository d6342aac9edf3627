import EventLogs
import Partnership
import Replication
import TallystickPrimitives
import TransparencyLog

extension AuditReplay {
    /// Gives each entry of a page the place it belongs to, and reports those that name another or
    /// none.
    mutating func assign(
        _ entries: [AuditEntry], to places: [UInt64: AdmissionRecord]
    ) -> [UInt64: AuditEntry] {
        var assigned: [UInt64: AuditEntry] = [:]
        var others: [AuditEntry] = []
        let present = Set(entries.map(\.entry).filter { $0.position == $0.statementPosition }.map(\.position))
        var last: UInt64?
        for read in entries {
            let entry = read.entry
            let position = entry.statementPosition
            if isGivenLater(read, present: present, places: places) {
                givenLater.append(read)
                continue
            }
            guard entry.position == position, let record = places[position] else {
                others.append(read)
                continue
            }
            if assigned[position] != nil {
                report(.repeated, log: record.origin, index: record.index)
                continue
            }
            if let last, position < last {
                report(.reordered, log: record.origin, index: record.index)
            }
            last = position
            if entry.index != record.index {
                report(.entryMisplaced, log: record.origin, index: record.index)
            }
            assigned[position] = read
        }
        for read in others { assignElsewhere(read, to: places, in: &assigned) }
        return assigned
    }

    /// Whether an entry brings an earlier statement once more, with compartments that a share now gives.
    private func isGivenLater(
        _ read: AuditEntry, present: Set<UInt64>, places: [UInt64: AdmissionRecord]
    ) -> Bool {
        let entry = read.entry
        guard entry.statementPosition < entry.position, let giver = places[entry.position] else { return false }
        let isElsewhere = places[entry.statementPosition] == nil || present.contains(entry.statementPosition)
        return isElsewhere && giver.leafHash != read.leafHash
    }

    /// Checks what shares gave later against the statements that described it.
    mutating func checkGivenLater() {
        for read in givenLater {
            let entry = read.entry
            guard let record = statementRecords[entry.statementPosition], record.leafHash == read.leafHash,
                record.index == entry.index
            else {
                report(.unregistered, log: registerOrigin, index: LeafIndex(entry.statementPosition))
                continue
            }
            for compartment in entry.statement.compartments {
                let address = CompartmentAddress(
                    origin: record.origin, index: record.index, compartment: compartment.id)
                guard let descriptor = descriptors[address], compartment.mismatch(with: descriptor) == nil else {
                    let label = descriptors[address]?.label ?? "record"
                    report(.compartmentContent(label), log: record.origin, index: record.index)
                    continue
                }
            }
        }
        givenLater = []
    }

    /// An entry whose two positions differ, or are none of this page: its bytes may still say where
    /// it belongs.
    private mutating func assignElsewhere(
        _ read: AuditEntry, to places: [UInt64: AdmissionRecord],
        in assigned: inout [UInt64: AuditEntry]
    ) {
        let entry = read.entry
        let candidates = [entry.statementPosition, entry.position].filter {
            places[$0] != nil && assigned[$0] == nil
        }
        let position = candidates.first { places[$0]?.leafHash == read.leafHash } ?? candidates.first
        guard let position, let record = places[position] else {
            report(.unregistered, log: registerOrigin, index: LeafIndex(entry.statementPosition))
            return
        }
        report(.entryMisplaced, log: record.origin, index: record.index)
        assigned[position] = read
    }

    /// The registered statement, or nil with a finding that says what stands there instead.
    mutating func readStatement(
        _ entry: AuditEntry?, of record: AdmissionRecord, at position: UInt64, in page: OpenedPage
    ) -> Statement? {
        guard let entry else {
            report(.statementMissing, log: record.origin, index: record.index)
            return nil
        }
        let statement = entry.statement
        guard entry.leafHash == record.leafHash else {
            return replaced(statement, hash: entry.leafHash, record: record, at: position, in: page)
        }
        guard let statement, statement.origin == record.origin else {
            report(.statementUnreadable, log: record.origin, index: record.index)
            return nil
        }
        return statement
    }

    /// Says what stands in a statement's place. A statement that stands although its leaf is
    /// damaged is used.
    private mutating func replaced(
        _ statement: Statement?, hash: Hash256, record: AdmissionRecord, at position: UInt64,
        in page: OpenedPage
    ) -> Statement? {
        @discardableResult
        func name(_ kind: AuditFinding.Kind) -> AuditTally.Place {
            report(kind, log: record.origin, index: record.index)
        }
        guard let statement else {
            name(.statementChanged)
            return nil
        }
        if let other = page.placesByHash[hash], other != position {
            name(.reordered)
        } else if admission.edge(of: statement.origin).events.contains(statement.eventID) {
            name(.repeated)
        } else if !isSigned(statement, at: position, record: record) {
            name(.statementChanged)
        } else if statement.origin != record.origin {
            strays[hash] = name(.foreignStatement)
        } else if page.isCovered == false {
            name(.leafMismatch)
            return statement
        } else {
            strays[hash] = name(.secondStatement)
        }
        return nil
    }

    private func isSigned(_ statement: Statement, at position: UInt64, record: AdmissionRecord)
        -> Bool
    {
        let next = admission.edge(of: statement.origin).frontier.size.nextIndex
        return
            (try? admission.roster.verify(
                statement, index: next, at: TreeSize(position), now: record.admittedAt)) != nil
    }
}
