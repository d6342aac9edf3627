import TallystickPrimitives

extension SharePreview {
    /// Several entries as one text: first what they say, entry by entry, with what to look at again; then, once for each
    /// agency, what it sees of all of them, what it does not, and why.
    ///
    /// - Parameter previews: each with the name of its kind of entry, where there is more than one.
    public static func text(of previews: [(entry: String?, preview: SharePreview)]) -> String {
        let said = previews.map { entry, preview in
            (entry.map { "\($0)\n" } ?? "") + preview.said(indent: entry == nil ? "" : "  ")
        }
        var sections = ["What it says\n------------\n" + said.joined()]
        // Agencies that see the same are said once, in the order of their names.
        var views: [(agencies: [String], text: String)] = []
        var names: Set<String> = []
        for view in previews.flatMap(\.preview.agencies) where names.insert(view.agency).inserted {
            let lines = previews.flatMap(\.preview.agencies).filter { $0.agency == view.agency }.flatMap(\.lines)
            let text = verdicts(on: lines)
            if let place = views.firstIndex(where: { $0.text == text }) {
                views[place].agencies.append(view.agency)
            } else {
                views.append(([view.agency], text))
            }
        }
        for view in views {
            let title = "What \(view.agencies.joined(separator: ", ")) \(view.agencies.count == 1 ? "sees" : "see")"
            sections.append(title + "\n" + String(repeating: "-", count: title.count) + "\n" + view.text)
        }
        return sections.joined(separator: "\n")
    }

    private func said(indent: String) -> String {
        texts.filter { !SharePreview.occasion.contains($0.field) && !$0.text.isEmpty }.map { entry in
            let marks = entry.marks.map { "\(indent)  look again: \($0.text) (\($0.kind.rawValue))\n" }
            return indent + PlainTable.wrapped("\(entry.field): \(entry.text)") + marks.joined()
        }.joined()
    }

    /// What is decided alike is said once, in the order of the labels; what is shown stands first.
    private static func verdicts(on lines: [Line]) -> String {
        var groups: [(line: Line, fields: [String])] = []
        for line in lines {
            let place = groups.firstIndex {
                ($0.line.label, $0.line.isShown, $0.line.why, $0.line.caveats)
                    == (line.label, line.isShown, line.why, line.caveats)
            }
            let field = occasion.contains(line.field) ? "who recorded it and when" : line.field
            guard let place else {
                groups.append((line, [field]))
                continue
            }
            if !groups[place].fields.contains(field) { groups[place].fields.append(field) }
        }
        let shown = groups.filter(\.line.isShown).sorted { $0.line.label < $1.line.label }
        let hidden = groups.filter { !$0.line.isShown }.sorted { $0.line.label < $1.line.label }
        guard !groups.isEmpty else { return "Nothing.\n" }
        return (shown + hidden).map { line, fields in
            let restrictions = line.caveats.map { " [\($0)]" }.joined()
            let label = line.label.isEmpty ? "" : " \(line.label)"
            let what = line.isShown || line.label.isEmpty ? ": \(fields.sorted().joined(separator: ", "))" : ""
            return PlainTable.wrapped("\(line.isShown ? "sees" : "not")\(label)\(what). \(line.why)\(restrictions)")
        }.joined()
    }

    /// What every entry has, whatever it says.
    private static let occasion: Set<String> = [
        "actor", "case-agency", "case-stream", "derived-from", "event-type", "happened-at",
    ]
}
