public import NodeInterface

extension CarryAnswer: Answer {
    /// What was taken in, and what it is worth until the broker says so.
    public var text: String {
        guard taken > 0 else { return "Everything that \(agency) gave by this file is here already.\n" }
        let known = known > 0 ? " (\(known) were here already)" : ""
        return """
            Took in \(PlainText.count(taken, "entry", "entries")) of \(agency)\(known).
            The broker has not confirmed them: each is marked until it has, and goes again if it refuses it.

            """
    }
}
