import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import GRDB
import TallystickPrimitives

/// An entry with its fields decoded once, however far that goes.
struct OpenedEntry {
    let read: ReadEntry
    let fields: EventFields
    let common: EventCommon?
    let casework: CaseworkEvent?
    let disclosure: DisclosureEvent?
    let fault: EventDecodingError?
    /// Whether it is an earlier entry said again for somebody who came later: it is shown, and what was said since counts.
    var isGivenEarlier = false
    /// Who took it back, from whom and why.
    var recalls: [RecallNote] = []
    /// Who no longer gives it, to whom, why, and what became of it there.
    var withdrawals: [WithdrawalNote] = []
    /// Who says that it is wrong, or contests it.
    var corrections: [CorrectionNote] = []

    init(_ read: ReadEntry) throws {
        self.read = read
        do { fields = try OpenedFields.decode(read.entry.opened) } catch {
            throw NodeViewsError.damaged(part: "fields")
        }
        var casework: CaseworkEvent?
        var disclosure: DisclosureEvent?
        var common: EventCommon?
        var fault: EventDecodingError?
        do throws(EventDecodingError) {
            common = try EventCommon.decode(fields)
            if common?.type == OpenedFields.recalledType {
                // What is left of an entry that was taken back says to which case it belongs, and nothing else.
            } else if OpenedEntry.disclosures.contains(common?.type.text ?? "") {
                disclosure = try DisclosureEvent.decode(fields).event
            } else {
                casework = try CaseworkEvent.decode(fields).event
            }
        } catch { fault = error }
        self.casework = casework
        self.disclosure = disclosure
        self.common = common
        self.fault = fault
    }

    var entry: StoredEntry { read.entry }
    var isPending: Bool { entry.position == nil }

    /// The partner summary, where the entry has one.
    var summary: String? {
        guard case .text(let text) = fields["record"]?["summary"] else { return nil }
        return text
    }

    /// When something was told by voice or on paper, of an answer that enters it afterwards: never later than it was
    /// entered.
    var toldAt: Timestamp? {
        guard case .requestAnswered(let answer) = disclosure, answer.told != nil,
            let text = common?.happenedAt, let told = Timestamp(text)
        else { return nil }
        return min(told, entry.issuedAt)
    }

    private static let disclosures: Set<String> = [
        "request-made", "request-answered", "request-stepped", "disclosure-made", "emergency-disclosed",
        "emergency-reviewed", "entry-corrected", "recall-made", "recall-answered", "recall-used", "recall-decided",
        "reading-reported", "reading-withheld", "subject-access-opened", "subject-access-marked",
        "subject-access-consulted", "subject-access-advised", "subject-access-extended", "subject-access-packed",
        "contact-away",
        "withdrawal-made", "withdrawal-answered", "withdrawal-decided",
    ]
}

extension Database {
    /// The entries that a condition names, each decoded once.
    func entries(
        where condition: String, _ arguments: StatementArguments, from more: String = ""
    ) throws -> [OpenedEntry] {
        var found: [OpenedEntry] = []
        try forEachRow(
            "SELECT \(ReadEntry.columns) FROM \(ReadEntry.source) \(more) WHERE \(condition)",
            arguments
        ) { row in found.append(try OpenedEntry(ReadEntry(row))) }
        if try number("SELECT EXISTS (SELECT 1 FROM taken_back)") == 1 {
            for place in found.indices {
                let taken = try takeBacks(of: found[place].entry)
                found[place].recalls = taken.compactMap(RecallNote.init)
                found[place].withdrawals = try taken.compactMap { try withdrawalNote($0) }
            }
        }
        for place in found.indices
        where found[place].casework != nil && found[place].common?.derivedFrom.isEmpty == false {
            let entry = found[place].entry
            found[place].isGivenEarlier = try isGivenEarlier(entry, origin: nameID(entry.origin.text))
        }
        if let type = try nameID("entry-corrected") {
            for place in found.indices { found[place].corrections = try corrections(of: found[place].entry, type) }
        }
        return found
    }

    /// What is said against an entry, oldest first; what one agency told several others is said once.
    private func corrections(of entry: StoredEntry, _ type: Int64) throws -> [CorrectionNote] {
        var notes: [CorrectionNote] = []
        try forEachRow(
            """
            SELECT \(ReadEntry.columns) FROM \(ReadEntry.source)
            WHERE entry.about = ? AND entry.type = ? AND refused.event IS NULL
            ORDER BY entry.position IS NULL, entry.position, entry.leaf
            """, [entry.eventID.blob, type]
        ) { row in
            guard let note = CorrectionNote(try OpenedEntry(ReadEntry(row)), of: entry),
                !notes.contains(where: note.isSame)
            else { return }
            notes.append(note)
        }
        return notes
    }

    /// The recalls and withdrawals that name an entry, oldest first.
    private func takeBacks(of entry: StoredEntry) throws -> [ReadEntry] {
        var found: [ReadEntry] = []
        try forEachRow(
            """
            SELECT \(ReadEntry.columns) FROM taken_back JOIN \(ReadEntry.source)
            WHERE entry.id = taken_back.entry AND taken_back.leaf = ?1 AND refused.event IS NULL
                AND taken_back.origin = (SELECT id FROM name WHERE text = ?2)
            ORDER BY entry.position IS NULL, entry.position, entry.leaf
            """, [entry.leaf.stored, entry.origin.text]
        ) { row in
            found.append(try ReadEntry(row))
        }
        return found
    }

    /// Whether an entry stands in a stream that was opened to give somebody what was said before they came.
    func isGivenEarlier(_ entry: StoredEntry, origin: Int64?) throws -> Bool {
        let row = try row(
            """
            SELECT control FROM entry WHERE stream = ? AND origin = ? AND kind = 13 AND sequence <= ?
            ORDER BY sequence DESC LIMIT 1
            """, [entry.stream.blob, origin, entry.sequence.stored])
        guard let bytes = try row?.optionalBytes(0), let item = try? CBOR(decoding: bytes),
            case .circle(let circle)? = try? KeptControl(item)
        else { return false }
        return circle.reason == KeptCircle.earlierReason
    }

    /// The kept number of a name; nil when nothing has it.
    func nameID(_ text: String) throws -> Int64? {
        try number("SELECT id FROM name WHERE text = ?", [text])
    }
}
