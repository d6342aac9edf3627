import Casework

/// An event as the views keep it, worked out beforehand: on any core, while another page is folded.
public struct PreparedEvent: Sendable {
    let entry: StoredEntry
    let meaning: EntryMeaning
    /// What a search finds it by.
    let words: String

    /// Works out what the views keep of an event.
    public init(_ event: FoldedEvent) { self.init(StoredEntry(event), event.opened) }

    init(_ entry: StoredEntry, _ fields: EventFields) {
        self.entry = entry
        meaning = EntryMeaning(entry, fields)
        words = OpenedFields.searchText(fields)
    }
}
