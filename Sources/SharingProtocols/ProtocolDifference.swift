import TallystickPrimitives

/// What a new version of a protocol changes for whom: what each party may now send and receive that it could not, what it
/// may no longer, and what goes on other terms.
public struct ProtocolDifference: Hashable, Sendable, Codable {
    /// From which to which version.
    public let title: String
    /// One table for each party for which something changes, and one for what changes for all.
    public let tables: [PlainTable]

    /// True where nothing changes for anybody.
    public var isEmpty: Bool { tables.isEmpty }

    /// Compares two versions.
    public init(from old: SharingProtocol, to new: SharingProtocol) {
        title = "From \(old.code) version \(old.version) to \(new.code) version \(new.version)"
        let before = ProtocolReach(old).ways
        let after = ProtocolReach(new).ways
        let parties = Set(old.parties.map(\.agency)).union(new.parties.map(\.agency)).sorted()
        let tables = parties.map { ProtocolDifference.table(of: $0, before, after, old, new) }
        let common = PlainTable(
            title: "What changes for everybody", columns: ["What", "Before", "Now"],
            rows: ProtocolDifference.common(old, new))
        self.tables = (tables + [common]).filter { !$0.rows.isEmpty }
    }

    /// The changes as text.
    public var text: String {
        let heading = title + "\n" + String(repeating: "=", count: title.count) + "\n"
        return heading + (isEmpty ? "Nothing changes for anybody.\n" : tables.map(\.text).joined(separator: "\n"))
    }

    private typealias Ways = [ProtocolReach.Way: ProtocolReach.Terms]

    /// Everything that is alike but for the other party stands in one row.
    private struct Row: Hashable {
        let change: String
        let direction: String
        let information: String
        let how: String
        let purpose: String
        let terms: String
    }

    private static func table(
        of agency: AgencyCode, _ before: Ways, _ after: Ways, _ old: SharingProtocol, _ new: SharingProtocol
    ) -> PlainTable {
        var others: [Row: Set<AgencyCode>] = [:]
        for way in Set(before.keys).union(after.keys) where way.sender == agency || way.recipient == agency {
            let other = way.sender == agency ? way.recipient : way.sender
            for row in rows(of: way, before[way], after[way], isSending: way.sender == agency) {
                others[row, default: []].insert(other)
            }
        }
        let joined = old.party(agency) == nil ? [["joins", "", "", "", "", "", ""]] : []
        let left = new.party(agency) == nil ? [["leaves", "", "", "", "", "", ""]] : []
        let rows = others.map { row, agencies in
            let names = agencies.sorted().map(\.text).joined(separator: ", ")
            return [row.change, row.direction, names, row.information, row.how, row.purpose, row.terms]
        }
        return PlainTable(
            title: "What changes for \(agency)",
            columns: ["Change", "Sends or receives", "To or from", "Information", "How", "For", "Terms"],
            rows: joined + left + rows.sorted { $0.joined(separator: "|") < $1.joined(separator: "|") })
    }

    private static func rows(
        of way: ProtocolReach.Way, _ before: ProtocolReach.Terms?, _ after: ProtocolReach.Terms?, isSending: Bool
    ) -> [Row] {
        func row(_ change: String, _ fields: Set<FieldCode>, _ terms: String) -> Row {
            let names = fields.sorted().map(\.text).joined(separator: ", ")
            return Row(
                change: change, direction: isSending ? "sends" : "receives", information: "\(way.label): \(names)",
                how: way.channel == .feed ? "as it is recorded" : "on request", purpose: way.purpose.text, terms: terms)
        }
        switch (before, after) {
        case (nil, nil): return []
        case (nil, let now?): return [row("may now", now.fields, now.inWords)]
        case (let then?, nil): return [row("may no longer", then.fields, then.inWords)]
        case (let then?, let now?):
            let more = now.fields.subtracting(then.fields)
            let fewer = then.fields.subtracting(now.fields)
            var found: [Row] = []
            if !more.isEmpty { found.append(row("may now", more, now.inWords)) }
            if !fewer.isEmpty { found.append(row("may no longer", fewer, then.inWords)) }
            if then.inWords != now.inWords {
                found.append(row("on other terms", now.fields, "before: \(then.inWords). Now: \(now.inWords)"))
            }
            return found
        }
    }

    /// What is not about one party: clauses word by word, and how the agreement is run.
    private static func common(_ old: SharingProtocol, _ new: SharingProtocol) -> [[String]] {
        let before = ProtocolExplanation(old).tables
        let after = ProtocolExplanation(new).tables
        let told: Set<String> = ["Who receives what (f: by feed, d: on request, -: not)"]
        return zip(before, after).filter { $0 != $1 && !told.contains($0.title) }.flatMap { was, now in
            let gone = was.rows.filter { !now.rows.contains($0) }
            let come = now.rows.filter { !was.rows.contains($0) }
            return gone.map { [was.title, said($0, was.columns), ""] }
                + come.map { [now.title, "", said($0, now.columns)] }
        }
    }

    private static func said(_ row: [String], _ columns: [String]) -> String {
        zip(columns, row).filter { !$1.isEmpty }.map { "\($0): \($1)" }.joined(separator: ". ")
    }
}
