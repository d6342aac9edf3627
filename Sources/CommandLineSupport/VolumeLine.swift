public import NodeInterface

extension VolumeRow: AnswerRow {
    /// One paragraph a volume.
    public static func text(of rows: [VolumeRow]) -> String {
        rows.isEmpty
            ? "No volume of this agency's log is complete yet.\n" : rows.map(\.paragraph).joined(separator: "\n")
    }

    private var paragraph: String {
        var lines = ["Volume \(volume), \(size) entries: \(VolumeRow.words(of: standing))", "  Root \(root)"]
        if !obstacles.isEmpty {
            lines.append("  In the way: \(obstacles.map(VolumeRow.obstacle).joined(separator: "; "))")
        }
        if let erasure {
            lines.append("  Proposal of two people: \(erasure)")
            if let due, standing == "quarantine" { lines.append("  It can be brought back until \(due)") }
        }
        if standing == "board", let proposal {
            lines.append("  For the board:")
            lines.append(
                "    tallystick board destroy AGENCY \(volume) --size \(size) --root \(root) --proposal \(proposal)")
        }
        if let act { lines.append("  Destroyed by the board's act \(act)\(decidedAt.map { " of \($0)" } ?? "")") }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }

    private static func words(of standing: String) -> String {
        switch standing {
        case "kept": "kept"
        case "proposed": "waits for two people to approve it"
        case "quarantine": "approved, and can be brought back"
        case "asking": "everybody is asked whether something holds it"
        case "board": "nothing holds it; waits for the board"
        case "destroyed": "destroyed"
        default: standing
        }
    }

    private static func obstacle(_ code: String) -> String {
        switch code {
        case "on-hold": "somebody holds something in it"
        case "kept": "an agency keeps something of it under a law, or has not answered"
        case "not-over": "something in it is neither erased nor at rest"
        case "in-use": "a hold that stands was placed in it, or a case is led by it"
        default: code
        }
    }
}
