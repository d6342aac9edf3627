public import EventLogs
import Partnership
import Replication
public import TallystickPrimitives

/// A volume that is destroyed, with the record that stands in its place.
public struct AuditedVolume: Hashable, Sendable {
    /// The volume.
    public let volume: Volume
    /// How many entries it had.
    public let size: UInt64
    /// What stands for them.
    public let root: Hash256
    /// Why it went.
    public let reason: ReasonCode
    /// The board's act, by its event.
    public let act: EventID
    /// When the board decided.
    public let decidedAt: Timestamp
    /// How many of its entries are not in this copy.
    public let awayCount: Int
}

extension AuditReplay {
    /// Keeps the place of an entry that is not here. Whether it went with its volume is known when the register ends: the
    /// board's act stands later.
    mutating func passAway(_ record: AdmissionRecord, at position: UInt64) {
        var log = log(record.origin)
        let place = log.size.nextIndex
        log.append(record.leafHash, at: (position, record.admittedAt))
        log.newestHole = place
        logs[record.origin] = log
        admission.takeDestroyed(record.leafHash, of: record.origin)
        let number = admission.roster.volumes.width.volume(of: record.index)
        away[Volume(origin: record.origin, number: number), default: []].append(record.index)
    }

    /// Names what is missing and went with no volume.
    mutating func reportAway() {
        for (volume, indexes) in away.sorted(by: { $0.key < $1.key })
        where admission.roster.volumes.records[volume] == nil {
            for index in indexes {
                tally.unjudgedCount += 1
                report(.statementMissing, log: volume.origin, index: index)
            }
        }
    }

    /// The destroyed volumes, by log and number.
    var destroyedVolumes: [AuditedVolume] {
        admission.roster.volumes.records.sorted { $0.key < $1.key }.map { volume, record in
            AuditedVolume(
                volume: volume, size: record.decision.facts.size, root: record.decision.facts.root,
                reason: record.decision.facts.reason, act: record.act, decidedAt: record.decision.decidedAt,
                awayCount: away[volume]?.count ?? 0)
        }
    }
}

extension AuditedVolume {
    /// The record in one line.
    var line: String {
        """
        volume \(volume.number) of \(volume.origin): \(size) entries with the root \(root) destroyed by the board's act \
        \(act) of \(decidedAt) (\(reason)); not in this copy: \(awayCount)
        """
    }

    var value: JSONValue {
        .object([
            ("log", .text(of: volume.origin)), ("volume", .number(volume.number)), ("size", .number(size)),
            ("root", .text(of: root)), ("reason", .text(of: reason)), ("act", .text(of: act)),
            ("decidedAt", .text(of: decidedAt)), ("away", .number(UInt64(awayCount))),
        ])
    }
}
