/// Faults of parts that must fit each other: choices, days, regimes, classes, fields, steps.
enum NewBadFiles {
    static let rows: [BadFile] = [
        BadFile(
            name: "a local clause that nobody has chosen", old: "    standing: local\n    choice: reporters\n",
            new: "    standing: local\n",
            at: "local\n    text: Who told",
            message: "a local clause must name the choice it rests on"),
        BadFile(
            name: "a choice about the law", old: "  answer-months: 1\n  standing: law\n",
            new: "  answer-months: 1\n  standing: law\n  choice: reporters\n", at: "reporters\n  text",
            message: "what the law says is nobody's choice"),
        BadFile(
            name: "a gateway before its day", old: "  - gateway: pcsc-2022-s16\n",
            new: "  - gateway: pcsc-2022-s16\n    from: 2022-01-01\n", at: "2022-01-01",
            message: "`pcsc-2022-s16` is in force since 2023-01-31 only"),
        BadFile(
            name: "a gateway of which nobody knows the day", old: "- gateway: pcsc-2022-s16",
            new: "- gateway: vpa-2024-encompass", at: "gateway: vpa-2024-encompass",
            message: "since when `vpa-2024-encompass` is in force is not known"),
        BadFile(
            name: "law enforcement without purposes",
            old: "    regime: uk-gdpr\n    functions: [social-care]",
            new: "    regime: law-enforcement\n    functions: [social-care]", at: "law-enforcement\n    functions",
            message: "`law-enforcement-purposes` goes with the regime `law-enforcement`"),
        BadFile(
            name: "a processor of nobody", old: "    controller: controller\n    regime: uk-gdpr\n    functions",
            new: "    controller: processor\n    regime: uk-gdpr\n    functions", at: "agency: northshire-county",
            message: "names the party it works for"),
        BadFile(
            name: "a social care body without its guardian",
            old: "offices: [data-protection-officer, caldicott-guardian]",
            new: "offices: [data-protection-officer]", at: "[data-protection-officer]\n  - agency: harbour-homes",
            message: "cannot adopt without its caldicott-guardian"),
        BadFile(
            name: "a class with two rules", old: "classes: [RSK]", new: "classes: [RSK, ACT]", at: "ACT]",
            message: "the class `ACT` has two rules"),
        BadFile(
            name: "a condition where none is asked", old: "    classes: [RSK]\n    rule: allow\n",
            new: "    classes: [RSK]\n    rule: allow\n    conditions: [dpa-sch1-18-safeguarding]\n",
            at: "[dpa-sch1-18-safeguarding]", message: "`conditions` goes with the rule `with-condition`"),
        BadFile(
            name: "a field of another label in a clause",
            old: "    trigger: An assessment is made or changes.\n",
            new: "    trigger: An assessment is made or changes.\n    fields:\n      optional: [score, summary]\n",
            at: "summary]", message: "the clause's entries have no field `summary` under its labels"),
        BadFile(
            name: "an event that is not shared", old: "events: [referral-sent]", new: "events: [flag-raised]",
            at: "flag-raised", message: "unknown code `flag-raised`"),
        BadFile(
            name: "a field of an event that is not shared", old: "      - earlier-request\n",
            new: "      - earlier-request\n      - flag-kind\n", at: "flag-kind\n",
            message: "no event under `events` has the field `flag-kind`"),
        BadFile(
            name: "a role that is in no step", old: "    - roles: [police, fire]\n", new: "    - roles: [police]\n",
            at: "- roles: [victim-service]", message: "`more-revealing` must rank every role", hint: "add fire"),
        BadFile(
            name: "matching without assessment", old: "  matching: none\n", new: "  matching: tokens\n", at: "tokens",
            message: "matching needs an impact assessment"),
        BadFile(
            name: "a hold left out", old: "  - hold: ombudsman\n", new: "  - hold: death\n", at: "- hold: death",
            message: "nothing would stop erasure for ombudsman"),
        BadFile(
            name: "a party without contact",
            old: "  - agency: victim-first\n    contact: Duty case worker\n    deputy: Duty manager\n",
            new: "", at: "- agency: northshire-police\n    contact", message: "no contact is named for victim-first"),
        BadFile(
            name: "a quorum of too many", old: "quorum: 3", new: "quorum: 8", at: "8\n  threshold",
            message: "the quorum is 8, but there are 7 parties"),
        BadFile(
            name: "one way that goes both", old: "kind: information-sharing", new: "kind: data-disclosure",
            at: "data-disclosure", message: "a data disclosure goes one way"),
        BadFile(
            name: "once, by feed", old: "kind: information-sharing", new: "kind: one-off", at: "one-off",
            message: "what is shared once has no feeds"),
        BadFile(
            name: "a list of nothing", old: "    labels: [reporter]\n", new: "    labels: []\n", at: "[]\n    channels",
            message: "lists nothing"),
    ]
}
