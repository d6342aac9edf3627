import Casework
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// What the schedules propose (PRACTICE P11): they name cases whose time is over, and erase nothing.
extension NodeCore {
    /// The cases here with the period that holds for this agency, those first whose time was over first.
    ///
    /// - Parameter months: the agency's own period, for cases that no protocol with one for it is about.
    func listRetention(months: Int?, isOverOnly: Bool) throws -> [RetentionRow] {
        let now = time.now()
        var rows: [RetentionRow] = []
        let erasing = book.erasures.states.values.filter { !book.erasures.isOver($0) }
        for (reference, streams) in book.erasures.streams {
            guard let last = try lastEntry(in: reference) else { continue }
            guard let period = try period(of: reference, own: months) else { continue }
            let over = last.adding(months: period.months)
            var row = RetentionRow(
                reference: reference.text, lastEntry: last.description, months: period.months, from: period.from,
                over: over.description, isOver: over <= now, then: period.then, because: period.because)
            row.holds = book.erasures.holdReasons(on: streams).map(\.text)
            row.erasure = erasing.first { !streams.isDisjoint(with: $0.proposal.streams) }?.id.hex
            rows.append(row)
        }
        return rows.filter { $0.isOver || !isOverOnly }.sorted { ($0.over, $0.reference) < ($1.over, $1.reference) }
    }

    private struct Period {
        let months: Int
        let from: String
        let then: String
        let because: String
    }

    /// When anybody wrote last in a case. What this agency read or asked does not make it longer.
    private func lastEntry(in reference: CaseReference) throws -> Timestamp? {
        var newest: Timestamp?
        for address in book.entries[reference] ?? [] {
            let statement =
                if address.origin == origin {
                    try store.readLog(from: address.index, limit: 1).first?.statement
                } else {
                    try store.received(origin: address.origin, index: address.index).map {
                        try Statement(decoding: $0.bytes)
                    }
                }
            guard let at = statement?.issuedAt else { continue }
            newest = max(newest ?? at, at)
        }
        return newest
    }

    /// The longest of the periods that the protocols of a case's streams have for this agency's role.
    private func period(of reference: CaseReference, own months: Int?) throws -> Period? {
        var found: (rule: RetentionRule, code: ProtocolCode)?
        for stream in book.erasures.streams[reference] ?? [] {
            guard let bundle = try bundle(of: stream), let published = roster.protocols[bundle],
                let role = published.terms.party(agency)?.role
            else { continue }
            for rule in published.terms.retention where rule.role == role {
                if found.map({ $0.rule.months < rule.months }) ?? true { found = (rule, published.publication.code) }
            }
        }
        if let found {
            let isKnown = found.rule.from == ["last-involvement"]
            return Period(
                months: found.rule.months,
                from: isKnown
                    ? found.rule.fromInWords
                    : "\(found.rule.fromInWords); counted from the last entry, as nothing here says when that was",
                then: found.rule.end.rawValue, because: "\(found.code): \(found.rule.because)")
        }
        return months.map {
            Period(months: $0, from: "the last entry", then: "erase", because: "this agency's own period")
        }
    }

    private func bundle(of stream: StreamAddress) throws -> Hash256? {
        if stream.origin == origin { return ownCircles[stream.stream]?.control.bundle }
        return follower.circle(of: StreamAddress(origin: stream.origin, stream: stream.stream))?.bundle
    }
}

extension Timestamp {
    /// The same time of day some months later; the last day of the month where there is no such day.
    fileprivate func adding(months: Int) -> Timestamp {
        let day = CivilDate(daysSinceEpoch: Int64(wholeSeconds / 86_400))
        let later = AccessClock.due(from: day, months: Int64(months))
        return adding(seconds: (later.daysSinceEpoch - day.daysSinceEpoch) * 86_400)
    }
}
