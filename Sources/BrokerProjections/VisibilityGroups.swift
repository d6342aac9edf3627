import SharingProtocols
import TallystickPrimitives

/// What a look-up may show of many pointers, so that nobody can be found behind one of them (PRACTICE P5, decision 0035).
///
/// A line is shown only where at least so many cases stand behind it that no other line stands for. Where fewer agree in
/// area, category, week and lead, the lead goes, then the week, then the category; what is left in the end is not shown.
/// Whatever is asked for, the lines are made of everything first and picked from then: no combination of look-ups says more
/// than the widest one.
struct VisibilityGroups {
    /// Cases behind a line at least, of one agency: several agencies often have one and the same person's case, so that
    /// theirs do not add up.
    static let smallest = 10

    /// Cases that agree in everything that could be shown of them.
    struct Cell: Hashable {
        let entry: VisibilityEntry
        let author: AgencyCode
        let count: Int
    }

    private let lines: [VisibilityEntry]

    /// Makes the lines.
    init(_ cells: [Cell], smallest: Int) {
        var left = cells
        var lines: Set<VisibilityEntry> = []
        for coarser in VisibilityGroups.steps {
            let groups = Dictionary(grouping: left) { coarser($0.entry) }
            let shown = groups.filter { VisibilityGroups.most($0.value) >= smallest }
            lines.formUnion(shown.keys)
            left = groups.filter { shown[$0.key] == nil }.values.flatMap { $0 }
        }
        self.lines = lines.sorted { VisibilityGroups.key($0).lexicographicallyPrecedes(VisibilityGroups.key($1)) }
    }

    /// The lines that what is asked for can be among.
    func lines(for query: VisibilityQuery, limit: Int) -> [VisibilityEntry] {
        Array(
            lines.filter { line in
                (query.area == nil || line.area == nil || line.area == query.area)
                    && (query.category == nil || line.category == nil || line.category?.text == query.category)
            }.prefix(limit))
    }

    /// The most cases that one agency has.
    private static func most(_ cells: [Cell]) -> Int {
        Dictionary(grouping: cells, by: \.author).values.map { $0.reduce(0) { $0 + $1.count } }.max() ?? 0
    }

    private static let steps: [@Sendable (VisibilityEntry) -> VisibilityEntry] = [
        { $0 },
        { VisibilityEntry(agency: nil, area: $0.area, category: $0.category, week: $0.week) },
        { VisibilityEntry(agency: nil, area: $0.area, category: $0.category, week: nil) },
        { VisibilityEntry(agency: nil, area: $0.area, category: nil, week: nil) },
    ]

    /// An order that tells nothing of when the entries came.
    private static func key(_ entry: VisibilityEntry) -> [String] {
        [entry.area ?? "", entry.category?.text ?? "", entry.week ?? "", entry.agency?.text ?? ""]
    }
}
