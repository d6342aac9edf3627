public import Casework
import EventLogs
import GRDB
public import TallystickPrimitives

extension NodeViews {
    /// What this agency gave of a case until a day that has not come: to whom, and until when.
    public func sharesWithAnEnd(
        about reference: CaseReference, at now: Timestamp
    ) throws(NodeViewsError) -> [String] {
        try read("read what was given until a day") { database in
            let entries = try database.entries(
                where: """
                    matter.stream = ? AND matter.agency = ? AND entry.kind = 2 AND agency.text = ?
                    ORDER BY entry.position IS NULL, entry.position, entry.leaf
                    """, [reference.stream.blob, reference.agency.text, agency.text])
            return entries.compactMap { opened in
                guard case .share(let share) = opened.entry.control, let end = share.expires, end > now,
                    !opened.read.isRefused
                else { return nil }
                return "\(share.recipient) until \(end)"
            }
        }
    }
}
