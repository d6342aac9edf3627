import Casework
import DeterministicCBOR
import TallystickPrimitives

/// An event as the views keep it, worked out beforehand: on any core, while another page is folded.
///
/// It never changes and is passed about a lot, hence a reference.
public final class PreparedEvent: Sendable {
    let entry: StoredEntry
    let meaning: EntryMeaning
    /// What a search finds it by.
    let words: SearchWords
    /// The labels sealed from us, as they are kept; nil for none.
    let withheld: [UInt8]?
    /// What is kept of the control body; nil for nothing.
    let control: [UInt8]?

    /// Works out what the views keep of an event.
    public convenience init(_ event: FoldedEvent) { self.init(StoredEntry(event), event.opened) }

    init(_ entry: StoredEntry, _ fields: EventFields) {
        self.entry = entry
        meaning = EntryMeaning(entry, fields)
        words = SearchWords(OpenedFields.searchText(fields))
        withheld = entry.withheld.isEmpty ? nil : CBOR.array(entry.withheld.map(CBOR.code)).encoded
        control = entry.control.item?.encoded
    }
}
