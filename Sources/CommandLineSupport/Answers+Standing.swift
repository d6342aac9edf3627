public import NodeInterface

extension EntryStanding {
    /// That an entry is recorded here and what that does not mean yet; nothing where nothing was recorded.
    static func text(of standing: EntryStanding?) -> String {
        guard let standing else { return "" }
        let broker =
            standing.brokerAnswers
            ? "the broker has not confirmed it yet."
            : "the broker does not answer now; it goes there by itself once the broker does."
        return """
            It is recorded in this agency's own log; \(broker)
            Until then nobody else has it. See when it is confirmed:
              tallystick node entry \(PlainText.printable(standing.entry))

            """
    }
}

extension EntryPage: Answer {
    /// Whether nobody can change any more that it was confirmed.
    private var final: String {
        switch isFinal {
        case true?: "Final: enough co-signers stand behind its place.\n"
        case false?: "Not yet co-signed: the co-signers have not got as far.\n"
        case nil: ""
        }
    }

    /// Whether the broker has the entry, and what to do if it refused it.
    public var text: String {
        let name = PlainText.printable(entry)
        let first = "Entry \(name), recorded here \(PlainText.printable(recordedAt))\n"
        let place = position.map { " (place \($0) in its register)" } ?? ""
        switch verdict {
        case .waiting:
            let broker = brokerAnswers ? "answers, and has not judged it yet" : "does not answer now"
            return first + "Not yet confirmed: the broker \(broker). Nobody else has it.\n"
        case .accepted:
            return first + "Confirmed by the broker\(place). Whoever is due it can have it.\n" + final
        case .refused:
            let why = reason.map { ": \(PlainText.printable($0))" } ?? ""
            return first + "Refused by the broker\(place)\(why). Nobody else has it. Record it again, "
                + "and ask your operator if it is refused again.\n"
        }
    }
}
