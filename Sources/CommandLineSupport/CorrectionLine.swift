public import NodeInterface

extension CorrectionMade: Answer {
    /// Who is told, and who must be told otherwise.
    public var text: String {
        var lines = ["Recorded: \(correction). The entry stands, and says so wherever it is shown."]
        if !told.isEmpty { lines.append("Told: \(told.joined(separator: ", "))") }
        for (agency, why) in notTold.sorted(by: { $0.key < $1.key }) { lines.append("Not told: \(agency), \(why)") }
        if told.isEmpty, notTold.isEmpty { lines.append("Nobody else was given it.") }
        return lines.map { PlainText.printable($0) + "\n" }.joined() + EntryStanding.text(of: standing)
    }
}

/// That an entry was corrected or is disputed, as far as the text shows it.
public struct CorrectionLine: Codable, Hashable, Sendable {
    let by: String
    let kind: String
    let words: String
    let recordedAt: String
    let replacedBy: String?

    /// The restrictions that travel with an entry, as a mark beside it.
    static func mark(of caveats: [String]?) -> String {
        guard let caveats, !caveats.isEmpty else { return "" }
        return " [restricted: \(caveats.joined(separator: ", "))]"
    }

    var mark: String {
        let who = kind == "corrected" ? "corrected by" : "disputed by"
        let instead = replacedBy.map { "; see \($0)" } ?? ""
        return " [\(who) \(by) on \(recordedAt.prefix(10)): \(words)\(instead)]"
    }
}
