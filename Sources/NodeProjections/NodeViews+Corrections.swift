public import Casework
public import Disclosures
import EventLogs
import GRDB
public import TallystickPrimitives

/// That an entry was corrected or is disputed, as it is shown beside the entry.
public struct CorrectionNote: Hashable, Sendable, Encodable {
    /// Who says so.
    public let by: String
    /// `corrected` or `disputed`.
    public let kind: String
    /// What is wrong and what is right; or who contests what.
    public let words: String
    /// When it was recorded, as its author claims.
    public let recordedAt: String
    /// The entry that stands in its place, in hexadecimal.
    public let replacedBy: String?

    /// Only whoever wrote an entry corrects it; what anybody else says so is no correction.
    init?(_ opened: OpenedEntry, of entry: StoredEntry) {
        guard case .entryCorrected(let correction) = opened.disclosure,
            correction.kind == .disputed || opened.entry.agency == entry.agency
        else { return nil }
        by = opened.entry.agency.text
        kind = correction.kind.rawValue
        words = correction.words
        recordedAt = opened.entry.issuedAt.description
        replacedBy = correction.replacedBy?.hex
    }

    func isSame(_ other: CorrectionNote) -> Bool {
        (by, kind, words, replacedBy) == (other.by, other.kind, other.words, other.replacedBy)
    }
}

/// A correction that this agency recorded, with whom it has told.
public struct OwnCorrection: Sendable {
    /// The entry that says it.
    public let id: EventID
    /// What it says.
    public let correction: EntryCorrection
    /// The case that the corrected entry belongs to.
    public let reference: CaseReference?
    /// Whose entry it is about.
    public let author: AgencyCode?
    /// The agencies that it has told, and of which entries: of the one, and of those that say it again.
    public let told: [AgencyCode: Set<EventID>]
}

extension NodeViews {
    /// Every correction that this agency recorded, the oldest first.
    public func ownCorrections() throws(NodeViewsError) -> [OwnCorrection] {
        try read("read corrections") { database in
            guard let type = try database.nameID("entry-corrected") else { return [] }
            let all = try database.entries(
                where: "entry.type = ? AND refused.event IS NULL ORDER BY entry.issued, entry.id", [type])
            let own = all.compactMap { opened -> (OpenedEntry, EntryCorrection)? in
                guard opened.entry.agency == agency, case .entryCorrected(let correction) = opened.disclosure else {
                    return nil
                }
                return (opened, correction)
            }
            return try own.filter { $0.1.act == nil }.map { opened, correction in
                let id = opened.entry.eventID
                var told: [AgencyCode: Set<EventID>] = [:]
                for (notice, said) in own where said.act == id {
                    for member in try database.members(of: notice.entry) {
                        told[member, default: []].insert(said.entry)
                    }
                }
                let target = try database.entries(where: "entry.event = ?", [correction.entry.blob]).first
                return OwnCorrection(
                    id: id, correction: correction, reference: target?.read.reference, author: target?.entry.agency,
                    told: told)
            }
        }
    }

    /// What other agencies said of entries of theirs that this agency has made entries of its own from, and that it has not
    /// said of those yet, the oldest first.
    public func correctionsToPassOn() throws(NodeViewsError) -> [CorrectionToPassOn] {
        try read("read corrections") { database in
            guard let type = try database.nameID("entry-corrected") else { return [] }
            let all = try database.entries(
                where: "entry.type = ? AND refused.event IS NULL ORDER BY entry.issued, entry.id", [type])
            var passed: Set<CorrectionToPassOn> = []
            for case .entryCorrected(let own) in all.filter({ $0.entry.agency == agency }).compactMap(\.disclosure) {
                guard let follows = own.follows else { continue }
                passed.insert(CorrectionToPassOn(id: follows, kind: own.kind, words: own.words, copy: own.entry))
            }
            return try all.filter { $0.entry.agency != agency }.flatMap { opened -> [CorrectionToPassOn] in
                guard case .entryCorrected(let correction) = opened.disclosure,
                    let target = try database.entries(where: "entry.event = ?", [correction.entry.blob]).first,
                    CorrectionNote(opened, of: target.entry) != nil
                else { return [] }
                return try made(from: correction.entry, database).map {
                    CorrectionToPassOn(
                        id: opened.entry.eventID, kind: correction.kind, words: correction.words, copy: $0.event)
                }
            }.filter { !passed.contains($0) }
        }
    }
}

/// What another agency said of an entry, to be said of an own one that was made from it.
public struct CorrectionToPassOn: Hashable, Sendable {
    /// What the other agency recorded.
    public let id: EventID
    /// `corrected` or `disputed`.
    public let kind: CorrectionKind
    /// Its words.
    public let words: String
    /// The own entry.
    public let copy: EventID
}
