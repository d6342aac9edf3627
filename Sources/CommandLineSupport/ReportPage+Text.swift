public import NodeInterface

extension ReportPage: Answer {
    /// The whole report for reading, the full account last.
    public var text: String {
        let facts: [(String, String?)] = [
            ("Recorded by", content.officer), ("Recorded", recordedAt), ("Their number", sourceReference),
            ("Kind", content.category), ("Channel", content.channel), ("Occurred", content.occurred),
            ("Place", content.place), ("Area", content.area), ("Victim", content.victimName),
            ("Victim born", content.victimBorn), ("Subject", content.subjectName), ("Address", content.address),
            ("Telephone", content.telephone), ("Safe contact", content.safeContact),
            ("Told by", content.reporterName), ("Told as", content.reporterRole), ("Account", content.narrative),
        ]
        let heading = PlainText.wrapped("Report \(report)", indent: 0) + PlainText.wrapped(content.summary, indent: 0)
        let lines = facts.flatMap { name, value in
            value.map { $0.isEmpty ? [] : PlainText.wrapped("\(name): \($0)", indent: 0) } ?? []
        }
        return (heading + lines).map { $0 + "\n" }.joined()
    }
}
