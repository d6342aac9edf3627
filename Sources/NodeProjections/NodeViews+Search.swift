public import Casework
import EventLogs
import GRDB
import TallystickPrimitives

extension NodeViews {
    /// Entries that hold every word of a text, the newest claimed time first.
    ///
    /// The last word also finds longer ones that begin with it. No character of the text has a
    /// meaning of its own; a text without letters or digits finds nothing.
    /// - Parameters:
    ///   - text: what to look for; words beyond `ViewLimits.searchWords` are left out.
    ///   - limit: hits at most, up to `ViewLimits.pageRows`.
    public func search(_ text: String, limit: Int = 100) throws(NodeViewsError) -> [SearchHit] {
        guard let query = SearchQuery(text) else { return [] }
        return try read("search") { database in
            try database.entries(
                where: """
                    search MATCH ? AND refused.event IS NULL AND entry.kind <> 10
                    ORDER BY entry.issued DESC, entry.id DESC LIMIT ?
                    """, [query.expression, ViewLimits.rows(limit)],
                from: "JOIN search ON search.rowid = entry.id"
            ).map(SearchHit.init)
        }
    }
}

extension NodeViews {
    /// Every case that has an entry with every word of a text, and how many such entries belong to no case.
    public func casesFound(
        _ text: String
    ) throws(NodeViewsError) -> (references: [CaseReference], elsewhere: Int) {
        guard let query = SearchQuery(text) else { return ([], 0) }
        return try read("search") { database in
            var references: Set<CaseReference> = []
            var (elsewhere, skipping) = (0, 0)
            while true {
                let found = try database.entries(
                    where: """
                        search MATCH ? AND refused.event IS NULL AND entry.kind <> 10
                        ORDER BY entry.id LIMIT ? OFFSET ?
                        """, [query.expression, ViewLimits.pageRows, skipping],
                    from: "JOIN search ON search.rowid = entry.id")
                for opened in found {
                    if let reference = opened.read.reference {
                        references.insert(reference)
                    } else {
                        elsewhere += 1
                    }
                }
                guard found.count == ViewLimits.pageRows else { return (references.sorted(), elsewhere) }
                skipping += found.count
            }
        }
    }
}

/// A text as an FTS5 expression in which everything is quoted (sqlite.org/fts5.html §3.1).
struct SearchQuery: Equatable {
    let expression: String

    init?(_ text: String) {
        let words = text.split { !$0.isLetter && !$0.isNumber }.prefix(ViewLimits.searchWords)
        // A quotation mark is no letter, yet a letter may carry marks that follow it: doubled all
        // the same. NUL ends a text for SQLite.
        let quoted = words.map { word in
            let scalars = word.unicodeScalars.filter { $0.value != 0 }
            let inside = scalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
            return "\"\(inside)\""
        }
        guard !quoted.isEmpty else { return nil }
        expression = quoted.joined(separator: " ") + " *"
    }
}

extension SearchHit {
    init(_ opened: OpenedEntry) {
        eventID = opened.entry.eventID.hex
        origin = opened.entry.origin.text
        index = opened.entry.leaf
        agency = opened.entry.agency.text
        type = opened.common?.type.text
        summary = opened.summary
        reference = opened.read.reference?.text
        recordedAt = opened.entry.issuedAt.description
        isPending = opened.isPending
        corrections = opened.corrections
    }
}
