import TallystickPrimitives

/// Parties, powers and what there is to share.
extension SectionGrammar {
    static let party = SectionGrammar(
        "a party",
        [
            .required("agency", .code, "The enrolled agency."),
            .required("role", .known("role"), "What the clauses speak of."),
            .required("entity", .text, "The legal entity that signs."),
            .required("controller", .choice(of: ControllerRole.self), "Who decides about what it holds."),
            .optional("processes-for", .code, "The controller that a processor works for."),
            .required("regime", .choice(of: DataProtectionRegime.self), "The law it works under."),
            .optional(
                "law-enforcement-purposes", .list(of: .named(.purposes)),
                "The purposes for which it is a competent authority, with regime law-enforcement."),
            .required("offices", .list(of: .known("office")), "Whose signature the adoption needs."),
            .optional("public-body", .choice(of: YesOrNo.self), "\"no\" for a private body."),
            .optional("functions", .list(of: .known("function")), "Functions the law looks at, beside the role."),
            .optional("side", .choice(of: PartySide.self), "Whose side it is always on."),
        ])

    static let contact = SectionGrammar(
        "a contact",
        [
            .required("agency", .named(.agencies), "The party."),
            .required("contact", .text, "The single point of contact: an office, not a person."),
            .required("deputy", .text, "Who stands in."),
            .optional("out-of-hours", .text, "Who answers outside office hours."),
        ])

    static let person = SectionGrammar(
        "a person's role",
        [
            .required("role", .known("person"), "A role that somebody has in one allegation."),
            .required("category", .choice(of: PersonRole.Category.self), "The category of DPA 2018 s.38."),
            .required("side", .choice(of: PartySide.self), "Whose side that is."),
            .required("text", .text, "The role in words."),
        ])

    static let jointRecord = SectionGrammar(
        "a joint record",
        [
            .required("record", .code, "The record."),
            .required("rights-lead", .named(.agencies), "Who leads when people ask for their data."),
            .required("text", .text, "The record in words."),
        ])

    static let purpose = SectionGrammar(
        "a purpose",
        [.required("purpose", .code, "The purpose."), .required("text", .text, "The purpose in words.")])

    static let gateway = SectionGrammar(
        "a gateway",
        [
            .required("gateway", .known("gateway"), "The power or duty, from the table."),
            .required("purposes", .list(of: .named(.purposes)), "The purposes it serves here."),
            .required("to", .roles, "The roles it reaches."),
            .required("bases", .list(of: .known("basis")), "The lawful bases that go with it."),
            .optional("from", .date, "The first day it has force here."),
            .optional("until", .date, "The last day it has force here."),
            .optional("case-kinds", .list(of: .code), "The kinds of case it is for."),
            .required("source", .text, "Where it is written."),
        ] + force)

    static let caveat = SectionGrammar(
        "a caveat",
        [
            .required("caveat", .known("caveat"), "A restriction that travels with what is shared."),
            .required("text", .text, "What the recipient must do or not do."),
        ])

    static let onward = SectionGrammar(
        "`onward`",
        [
            .required("rule", .choice(of: OnwardRule.Limit.self), "How far what is shared may go on."),
            .required("text", .text, "In words."),
        ] + force)

    static let classRule = SectionGrammar(
        "a class rule",
        [
            .required("clause", .code, "The name of the clause."),
            .required("classes", .list(of: .choice(of: DataClass.self)), "The data classes it is about."),
            .required("rule", .choice(of: ClassRule.Rule.self), "On what terms they go."),
            .optional("conditions", .list(of: .named(.conditions)), "One of which must be named: with-condition only."),
            .optional("to", .roles, "Who may receive them at all."),
            .required("text", .text, "Why."),
        ] + force)

    static let label = SectionGrammar(
        "a label",
        [
            .required("label", .known("label"), "The label."),
            .required("text", .text, "What it means."),
            .required(
                "fields", .list(.known("field"), mayBeEmpty: true), "All fields the shared events have under it."),
        ])

    static let localChoice = SectionGrammar(
        "a local choice",
        [
            .required("choice", .code, "The name of the choice."),
            .required("question", .text, "What has to be settled."),
            .optional("owner", .text, "The office that settles it."),
            .optional("value", .text, "The outcome."),
        ])
}
