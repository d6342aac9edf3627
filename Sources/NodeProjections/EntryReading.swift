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
            if OpenedEntry.disclosures.contains(common?.type.text ?? "") {
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

    /// Whether it is an earlier entry said again for somebody who came later: it is shown, and what was said since counts.
    var isGivenEarlier: Bool { casework != nil && common?.derivedFrom.isEmpty == false }

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
        "emergency-reviewed",
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
        return found
    }

    /// The kept number of a name; nil when nothing has it.
    func nameID(_ text: String) throws -> Int64? {
        try number("SELECT id FROM name WHERE text = ?", [text])
    }
}
