import TallystickPrimitives

/// How it is run, how long it is kept, and who answers for it; and the file as a whole.
extension SectionGrammar {
    static let review = SectionGrammar(
        "`review`",
        [
            .required("by", .date, "The last day before it is overdue."),
            .required("every-months", .number(1...60), "Months from one review to the next."),
            .required("lead", .text, "The office that leads it."),
            .required(
                "afterwards", .choice(of: ProtocolReview.Effect.self), "What happens to sharing when it is late."),
        ] + force)

    static let requests = SectionGrammar(
        "`requests`",
        [
            .required("answer-days", .number(1...60), "Working days to answer."),
            .required("urgent-hours", .number(1...72), "Hours to answer an urgent request."),
            .required("repeat", .text, "What a second request after a refusal needs."),
            .required("nil-answer", .text, "The words of a nil answer."),
            .required("escalation", .list(of: .section(step)), "Where an unanswered request goes."),
        ] + force)

    static let step = SectionGrammar(
        "a step",
        [
            .required("after-days", .number(0...120), "Working days after the answer was due."),
            .required("level", .choice(of: RequestRules.Level.self), "How high it goes."),
            .required("to", .text, "The office it goes to."),
        ])

    static let termsOfReference = SectionGrammar(
        "`terms-of-reference`",
        [
            .required("chair", .text, "Who chairs."),
            .required("deputy", .text, "Who stands in."),
            .required("meets", .choice(of: Frequency.self), "How often it meets."),
            .required("quorum", .number(1...100), "How many parties must be there."),
            .required("threshold", .text, "What a case needs to be taken."),
            .required("referrals", .text, "How a case gets on the agenda."),
            .required("minutes-days", .number(1...60), "Working days until the minutes are out."),
            .required("conflicts", .text, "How conflicts of interest are declared."),
        ] + force)

    static let withdrawal = SectionGrammar(
        "`withdrawal`",
        [
            .required("of-consent", .text, "What a person's withdrawal of consent does."),
            .required("of-party", .text, "What a party's leaving does."),
            .required("notice-days", .number(0...366), "Days of notice that a party gives."),
            .required("received", .choice(of: WithdrawalRule.Received.self), "What happens to what was received."),
        ] + force)

    static let retention = SectionGrammar(
        "a retention rule",
        [
            .required("role", .named(.roles), "The recipients."),
            .optional("labels", .list(of: .named(.labels)), "The labels it is about; the rest where it is left out."),
            .required("months", .number(1...1200), "The period."),
            .required("from", .list(of: .known("trigger")), "What starts it; the last of them counts."),
            .required("then", .choice(of: RetentionRule.End.self), "What happens at the end."),
            .required("because", .text, "Why that long, with its source."),
        ] + force)

    static let hold = SectionGrammar(
        "a hold",
        [
            .required("hold", .known("hold"), "The reason for which nothing is destroyed."),
            .required("placed-by", .text, "Who places it."),
            .required("text", .text, "In words."),
        ] + force)

    static let breach = SectionGrammar(
        "`breach`",
        [
            .required("tell", .text, "Whom to tell."),
            .required("within-hours", .number(1...72), "Hours until they must have been told."),
            .required("regulator-hours", .number(1...72), "Hours until the regulator must have been told."),
            .required("people", .text, "How the people concerned are told."),
        ] + force)

    static let rights = SectionGrammar(
        "`rights`",
        [
            .required("lead", .named(.agencies), "The party that leads when people ask for their data."),
            .required("office", .text, "Its office."),
            .required("answer-months", .number(1...3), "Months to answer."),
            .optional(
                "readings", .choice(of: RightsRule.Readings.self),
                "Whether agencies are told how often their cases are read; reported where it is left out."),
            .required("text", .text, "In words."),
        ] + force)

    static let accountability = SectionGrammar(
        "`accountability`",
        [
            .required("impact-assessment", .text, "Reference of the data protection impact assessment."),
            .required("policy-document", .text, "Reference of the appropriate policy document."),
            .required("privacy-notice", .text, "Where people are told about the sharing."),
            .required("complaints", .text, "How to complain."),
            .required("security", .text, "Marking and security."),
            .required("accuracy", .text, "Fact and opinion, and how corrections travel."),
        ])

    /// The whole file.
    static let file = SectionGrammar(
        "the protocol",
        [
            .required("format", .number(2...2), "The version of this language."),
            .required("code", .code, "The code people know it by."),
            .required("version", .number(1...Limits.protocolVersion), "Counted up from 1."),
            .required("title", .text, "The title people know it by."),
            .required("kind", .choice(of: SharingProtocol.Kind.self), "What sort of agreement it is."),
            .required("status", .choice(of: SharingProtocol.Status.self), "How far the text has come."),
            .required("summary", .text, "What it is for."),
            .required("review", .section(review), "When it is looked at again."),
            .required("parties", .list(of: .section(party)), "Who agrees."),
            .required("contacts", .list(of: .section(contact)), "Whom to ask at each party."),
            .required("people", .list(of: .section(person)), "The roles a person can have in one allegation."),
            .optional("joint-records", .list(of: .section(jointRecord)), "Records that several parties control."),
            .required("purposes", .list(of: .section(purpose)), "What for."),
            .required("gateways", .list(of: .section(gateway)), "Under which powers."),
            .optional("conditions", .list(of: .known("condition")), "Conditions that a decision may name."),
            .optional("caveats", .list(of: .section(caveat)), "Restrictions that travel along."),
            .required("onward", .section(onward), "How far what is shared may go on."),
            .required("events", .list(of: .known("event")), "The kinds of entry that are shared."),
            .required("labels", .list(of: .section(label)), "What each label covers."),
            .required("classes", .list(of: .section(classRule)), "On what terms each data class goes."),
            .optional("feeds", .list(of: .section(feed)), "What goes as it is recorded."),
            .optional("direct", .list(of: .section(direct)), "What goes once, in answer to a request."),
            .optional("never", .list(of: .section(never)), "What no clause can widen."),
            .optional("consent", .list(of: .section(consent)), "What must be on record."),
            .optional("pointer", .section(pointer), "What the broker may show without names."),
            .optional("matches", .section(matches), "Who is told of a match first."),
            .required("requests", .section(requests), "How requests are answered."),
            .optional("terms-of-reference", .section(termsOfReference), "How a group that meets works."),
            .required("retention", .list(of: .section(retention)), "How long recipients keep what they receive."),
            .required("holds", .list(of: .section(hold)), "What stops erasure at every holder."),
            .required("withdrawal", .section(withdrawal), "What ending does to what was shared before."),
            .required("breach", .section(breach), "What is done when something went where it should not."),
            .required("rights", .section(rights), "Who leads when people ask for their data."),
            .required("hard-blocks", .list(of: .known("hard-block")), "All of them."),
            .optional("local-choices", .list(of: .section(localChoice)), "What somebody must settle."),
            .required("accountability", .section(accountability), "Where the rest is written."),
        ])
}
