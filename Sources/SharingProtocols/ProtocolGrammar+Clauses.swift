import TallystickPrimitives

/// What goes, what never goes, and what must be on record.
extension SectionGrammar {
    static let feed = SectionGrammar("a feed", rule)

    static let direct = SectionGrammar(
        "a direct share",
        rule + [.required("days", .number(1...366), "The longest life of the share.")])

    private static let rule: [KeyGrammar] =
        [
            .required("clause", .code, "The name of the clause."),
            .required("labels", .list(of: .named(.labels)), "What goes."),
            .required("from", .roles, "Who may send it."),
            .required("to", .roles, "Who may receive it."),
            .required("purposes", .list(of: .named(.purposes)), "What for."),
            .required("gateways", .list(of: .named(.gateways)), "Under which powers."),
            .required(
                "confidence", .choice(of: ConfidentialityBasis.self), "Why confidence does not stand against it."),
            .required("trigger", .text, "What sets it off."),
            .required("frequency", .choice(of: Frequency.self), "How often it goes."),
            .required("text", .text, "The clause in words."),
            .optional("conditions", .list(of: .named(.conditions)), "One of which the decision must name."),
            .optional("caveats", .list(of: .named(.caveats)), "Restrictions that travel with it."),
            .optional("events", .list(of: .named(.events)), "The entries it covers."),
            .optional("fields", .section(fields), "The fields it covers."),
            .optional("case-kinds", .list(of: .code), "The kinds of case it covers."),
            .optional("categories", .list(of: .code), "The categories of case it covers."),
            .optional("within-hours", .number(1...2400), "Hours until it must have gone."),
            .optional("urgent", .text, "What is done when it cannot wait."),
        ] + force

    static let fields = SectionGrammar(
        "`fields`",
        [
            .optional("mandatory", .list(of: .known("field")), "Must be there where the entry's type has them."),
            .optional("optional", .list(of: .known("field")), "May be there."),
            .optional("never", .list(of: .known("field")), "Must not be there."),
        ])

    static let never = SectionGrammar(
        "a `never`",
        [
            .required("clause", .code, "The name of the clause."),
            .required("labels", .list(of: .named(.labels)), "What never goes."),
            .required("channels", .list(of: .choice(of: SharingChannel.self)), "The ways it closes."),
            .required("to", .roles, "Who never receives it."),
            .optional("from", .roles, "Who never sends it; everybody where it is left out."),
            .optional("events", .list(of: .named(.events)), "The entries it is about; every one where it is left out."),
            .optional("fields", .list(of: .known("field")), "The fields it is about; all where it is left out."),
            .required("text", .text, "Why."),
        ] + force)

    static let consent = SectionGrammar(
        "a consent rule",
        [
            .required("clause", .code, "The name of the clause."),
            .required("channels", .list(of: .choice(of: SharingChannel.self)), "The ways it is about."),
            .required("labels", .list(of: .named(.labels)), "What it is about."),
            .required("to", .roles, "The recipients it is about."),
            .optional("events", .list(of: .named(.events)), "The entries it is about; every one where it is left out."),
            .optional("accept", .list(of: .choice(of: ConsentState.self)), "One of these must be on record."),
            .optional("refuse", .list(of: .choice(of: ConsentState.self)), "None of these may be on record."),
            .optional(
                "safe-contact", .list(of: .choice(of: SafeContactState.self)), "One of these must be on record."),
            .required("text", .text, "Why."),
        ] + force)

    static let pointer = SectionGrammar(
        "`pointer`",
        [
            .required("broker", .code, "The agency that runs the visibility view."),
            .required("fields", .list(of: .known("pointer-field")), "All that a pointer may hold."),
            .required("exclude-categories", .list(of: .code), "Categories of which no pointer is made."),
            .required("exclude-case-kinds", .list(of: .code), "Kinds of case of which no pointer is made."),
            .optional("sensitive-leads", .list(of: .named(.agencies)), "Shown as \"ask the contact\"."),
            .required("gateways", .list(of: .named(.gateways)), "Under which powers."),
            .required("text", .text, "Why, and how fine."),
        ] + force)

    static let matches = SectionGrammar(
        "`matches`",
        [
            .required("matching", .choice(of: MatchRules.Matching.self), "Whether the broker looks for matches."),
            .optional("impact-assessment", .text, "Its reference; needed for matching."),
            .required("more-revealing", .list(of: .section(rank)), "From the most revealing involvement to the least."),
            .required("reviewer", .text, "Who looks where both involvements say as much."),
            .required("text", .text, "In words."),
        ] + force)

    static let rank = SectionGrammar(
        "a step of `more-revealing`",
        [
            .required("roles", .list(of: .named(.roles)), "Roles whose involvement says as much."),
            .required("because", .text, "Why it says more than what follows."),
        ])
}
