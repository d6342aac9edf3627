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
        let words = SearchWords(text, limit: ViewLimits.searchWords)
        let rows = ViewLimits.rows(limit)
        return try read("search") { database in
            var hits: [SearchHit] = []
            // A page of what was found may hold some that are shown to nobody.
            for page in index.find(words).pages(of: max(rows, 1)) where hits.count < rows {
                let found = try database.found(page, where: "refused.event IS NULL AND entry.kind <> 10")
                hits += found.map(SearchHit.init)
            }
            return Array(hits.prefix(rows))
        }
    }
}

extension NodeViews {
    /// Every case that has an entry with every word of a text, and how many such entries belong to no case.
    public func casesFound(
        _ text: String
    ) throws(NodeViewsError) -> (references: [CaseReference], elsewhere: Int) {
        let words = SearchWords(text, limit: ViewLimits.searchWords)
        return try read("search") { database in
            var references: Set<CaseReference> = []
            var elsewhere = 0
            for page in index.find(words).pages(of: ViewLimits.pageRows) {
                for opened in try database.found(page, where: "refused.event IS NULL AND entry.kind <> 10") {
                    if let reference = opened.read.reference {
                        references.insert(reference)
                    } else {
                        elsewhere += 1
                    }
                }
            }
            return (references.sorted(), elsewhere)
        }
    }
}

extension Array {
    /// Its elements in their order, so many at a time.
    func pages(of count: Int) -> some Sequence<ArraySlice<Element>> {
        stride(from: 0, to: self.count, by: count).lazy.map { self[$0..<Swift.min($0 + count, self.count)] }
    }
}

extension Database {
    /// Entries that were found and meet a condition, the newest claimed time first.
    func found(_ page: ArraySlice<WordIndex.Found>, where condition: String) throws -> [OpenedEntry] {
        let ids = page.map { String($0.entry) }.joined(separator: ",")
        return try entries(
            where: """
                entry.id IN (SELECT value FROM json_each(?)) AND \(condition)
                ORDER BY entry.issued DESC, entry.id DESC
                """, ["[\(ids)]"])
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
