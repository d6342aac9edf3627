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
    /// The agencies that it has told.
    public let told: Set<AgencyCode>
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
                let told = try own.filter { $0.1.act == id }.flatMap { try database.members(of: $0.0.entry) }
                let target = try database.entries(where: "entry.event = ?", [correction.entry.blob]).first
                return OwnCorrection(
                    id: id, correction: correction, reference: target?.read.reference, author: target?.entry.agency,
                    told: Set(told))
            }
        }
    }
}
