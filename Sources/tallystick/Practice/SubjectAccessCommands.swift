import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Requests for one's own data.
struct SubjectAccesses: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subject-access",
        abstract: "Work on a person's request for their own data, up to a draft for the lead who answers.",
        discussion: """
            The program collects, asks the agencies that contributed and makes a draft. It releases nothing: what is given \
            is decided, checked and sent by the lead. The steps are in docs/runbooks/subject-access.md.

            Example: tallystick subject-access list
            """,
        subcommands: [
            StartSubjectAccess.self, ListSubjectAccess.self, ShowSubjectAccess.self, ExemptEntry.self, GiveEntry.self,
            ConsultAgencies.self, AdviseAgency.self, ExtendSubjectAccess.self, PackSubjectAccess.self,
        ])
}

/// Enters a request.
struct StartSubjectAccess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract:
            "Enter that somebody asked for their own data; the clock of one month runs from the day it was received.",
        discussion: """
            Where somebody's identity had to be checked first, --received is the day on which it was.

            Names are given in a file, such as {"name": "Ada Quillfeather", "also": "Adie Quill; A. Marsh"}, with "born" where \
            you know it. 'also' has other names that entries may have for them, with a semicolon between two. What this agency \
            has of them is held against erasure from now on; lift the hold when you have answered.

            Example: tallystick subject-access start --form name.json --received 2026-06-02 --lead "P. Ostrey"
            """)

    @Option(help: .hidden) var name: [String] = []
    @Option(help: .hidden) var also: [String] = []
    @Option(help: .hidden) var born: [String] = []
    @Option(help: "The day from which the clock runs, such as 2026-06-02.") var received: String
    @Option(help: "The lead who answers.") var lead: String
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func validate() throws {
        let example = "{\"name\": \"…\", \"also\": \"…; …\", \"born\": \"…\"}"
        try NamedPerson.refuse(["name": name, "also": also, "born": born], example: example)
    }

    func run() async throws {
        let texts = try words.texts(["name": nil, "also": nil, "born": nil], needed: [])
        var form = SubjectAccessForm(
            officer: try node.person(), requester: try NamedPerson.needed(texts["name"], "name"), receivedOn: received,
            lead: lead)
        form.otherNames = NamedPerson.list(texts["also"])
        form.born = texts["born"]
        try await node.submit(form, to: NodePath.subjectAccess, showing: Recorded.self)
    }
}

/// Lists requests.
struct ListSubjectAccess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List requests for one's own data, and what other agencies ask about theirs.",
        discussion: "Example: tallystick subject-access list")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show(
            SubjectAccessLists.self, from: NodePath.subjectAccess, query: ["officer": try node.person()])
    }
}

/// Shows one request.
struct ShowSubjectAccess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show every entry about the person, what they are in each, and what would be given and left out.",
        discussion: """
            Entries are found by the names. Somebody of the same name may be among them: look at each. That you looked is \
            recorded.

            Example: tallystick subject-access show 0f5c1a2b
            """)

    @Argument(help: "The request.") var access: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = SubjectAccessQuery(officer: try node.person(), access: access)
        try await node.submit(form, to: NodePath.showSubjectAccess, showing: SubjectAccessPage.self)
    }
}

/// Leaves an entry out.
struct ExemptEntry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exempt",
        abstract: "Leave an entry out of the draft, under an exemption that you choose.",
        discussion: """
            UK GDPR: crime, protect-public, other-person, legal-privilege, harm-health, harm-social-work, harm-education, \
            child-abuse. Part 3: inquiry, prejudice-crime, public-security, national-security, rights-of-others.
            With --reach permanent it stays so; with --reach neither-confirm-nor-deny it leaves no trace.

            Example: tallystick subject-access exempt 0f5c1a2b --entry 77ab90c4 --exemption crime --because "A visit is planned"
            """)

    @Argument(help: "The request.") var access: String
    @Option(help: "The entry, 8 digits or more.") var entry: String
    @Option(help: "The exemption.") var exemption: String
    @Option(help: "How far: for-now, permanent or neither-confirm-nor-deny.") var reach = "for-now"
    @Option(help: "Why.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        var form = SubjectAccessMarkForm(
            officer: try node.person(), access: access, entry: entry, words: texts["because"] ?? "")
        form.exemption = exemption
        form.reach = reach
        try await node.submit(form, to: NodePath.markSubjectAccess, showing: Recorded.self)
    }
}

/// Puts an entry or a field in, or under another part of the law.
struct GiveEntry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "give",
        abstract:
            "Put an entry back in, one of its fields that is left out otherwise, or the entry under another regime.",
        discussion: """
            A field that you put in goes as it is written: nobody's name is taken out of it.

            Example: tallystick subject-access give 0f5c1a2b --entry 77ab90c4 --include contact:address \
            --because "It is her own address, and safe"
            """)

    @Argument(help: "The request.") var access: String
    @Option(help: "The entry, 8 digits or more.") var entry: String
    @Option(help: "A field, as 'show' lists it.") var include: String?
    @Option(help: "The regime: uk-gdpr or part-3.") var regime: String?
    @Option(help: "Why.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        var form = SubjectAccessMarkForm(
            officer: try node.person(), access: access, entry: entry, words: texts["because"] ?? "")
        form.include = include
        form.regime = regime
        try await node.submit(form, to: NodePath.markSubjectAccess, showing: Recorded.self)
    }
}

/// Asks agencies that contributed.
struct ConsultAgencies: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consult",
        abstract:
            "Ask agencies whose entries would be given what they say to it; all that contributed, unless you name some.",
        discussion: """
            They learn who asked, which of their entries it is about, and your words. You decide; they are heard.

            Example: tallystick subject-access consult 0f5c1a2b --because "Is there anything in these that would harm her?"
            """)

    @Argument(help: "The request.") var access: String
    @Option(name: .customLong("agency"), help: "An agency; repeat for more.") var agencies: [String] = []
    @Option(help: "Days they have; 7 if left out.") var days: Int?
    @Option(help: "What they should know to say.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        var form = SubjectAccessConsultForm(
            officer: try node.person(), access: access, words: texts["because"] ?? "")
        form.agencies = agencies
        form.days = days
        try await node.submit(form, to: NodePath.consultSubjectAccess, showing: SubjectAccessConsulted.self)
    }
}

/// Answers another agency's question.
struct AdviseAgency: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Answer another agency that asks about a person's request for their own data.",
        discussion: """
            You say: no-objection, objection or neither-confirm-nor-deny. They see your words and the exemption that you \
            name; they decide.

            Example: tallystick subject-access answer 91d0… objection --exemption other-person \
            --because "The neighbour asked us not to be named"
            """)

    @Argument(help: "The question, as 'list' shows it.") var consultation: String
    @Argument(help: "What you say.") var view: String
    @Option(help: "The exemption that would apply.") var exemption: String?
    @Option(help: "Why.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        var form = SubjectAccessAdviceForm(
            officer: try node.person(), consultation: consultation, view: view, words: texts["because"] ?? "")
        form.exemption = exemption
        try await node.submit(form, to: NodePath.adviseSubjectAccess, showing: Recorded.self)
    }
}

/// Extends the clock.
struct ExtendSubjectAccess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extend",
        abstract: "Extend the clock by two months, once and before it is over, where the request is complex.",
        discussion: """
            Tell the person within the month, and why.

            Example: tallystick subject-access extend 0f5c1a2b --because "Four agencies hold records over nine years"
            """)

    @Argument(help: "The request.") var access: String
    @Option(help: "Why, as the person is told.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        let form = SubjectAccessExtendForm(officer: try node.person(), access: access, words: texts["because"] ?? "")
        try await node.submit(form, to: NodePath.extendSubjectAccess, showing: Recorded.self)
    }
}

/// Writes the draft.
struct PackSubjectAccess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Write the draft for the lead into a new directory, in the clear.",
        discussion: """
            One HTML page and one text for each regime. It is a draft: the lead checks it and releases it, or not. That it \
            was written, and by whom, is recorded. Take the directory away when you no longer need it.
            Where a third party needs one field and no more, give a proof of it: tallystick ledger prove-field.

            Example: tallystick subject-access pack 0f5c1a2b --out quillfeather-draft
            """)

    @Argument(help: "The request.") var access: String
    @Option(help: "The directory to make; it must not be there yet.") var out: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = SubjectAccessQuery(officer: try node.person(), access: access)
        // Before anything is asked for: what was made and cannot be written would stand in the record for nothing.
        let directory = try DraftDirectory(making: out)
        let body = try await node.address.connection().post(NodePath.packSubjectAccess, form)
        let made = try CommandJSON.decode(SubjectAccessFiles.self, from: body)
        for name in made.files.keys.sorted() { try directory.write(made.files[name] ?? "", as: name) }
        let files = made.files.keys.sorted().map { "\(out)/\($0)" }.joined(separator: ", ")
        let first =
            files.isEmpty
            ? "Nothing is to be given: no file was written.\n"
            : "Wrote \(files): a draft in the clear, for the lead who answers.\n"
        StandardStream.output.write(first + made.waiting.map { "Still open: \(PlainText.printable($0)).\n" }.joined())
    }
}
