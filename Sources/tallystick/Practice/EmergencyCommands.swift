import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Telling other agencies of a danger.
struct Emergency: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emergency",
        abstract: "Tell any agency that somebody is in danger now. No agreement is needed.",
        discussion: """
            If anybody is in danger now, ring 999 first. Sharing to protect a life is lawful; write what you know and \
            whom you told. Somebody else reviews it on the next working day.

            Example: tallystick emergency contacts
            """,
        subcommands: [
            TellEmergency.self, ListEmergencies.self, ReviewEmergency.self, EmergencyContacts.self,
        ])
}

/// Tells agencies.
struct TellEmergency: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tell",
        abstract: "Tell agencies of a danger, in words and with what you choose of a case.",
        discussion: """
            What you told by telephone or on paper is entered the same way, afterwards, with --told-at.

            Example: tallystick emergency tell --to northshire-police --person "Duty inspector, by telephone" \
            --threat "He has said he will burn the flat down tonight"
            """)

    @Option(name: .customLong("to"), help: "An agency to tell; repeat for more.") var agencies: [String]
    @Option(name: .customLong("person"), help: "Who there was told, or is to act.") var personTold: String
    @Option(help: "The danger, in words.") var threat: String?
    @Option(help: "Who is in danger.") var atRisk: String?
    @Option(help: "Where they are or can be reached.") var whereabouts: String?
    @Option(name: .customLong("case"), help: "The case it is about.") var reference: String?
    @Option(
        name: .customLong("give"),
        help: "What of the case goes with it, such as safe-contact or account; repeat for more.")
    var labels: [String] = []
    @Option(
        name: .customLong("report"), help: "With --give account: a report whose account you give; repeat for more.")
    var reports: [String] = []
    @Option(help: "When it was told by telephone or on paper, such as 2026-03-02T21:40Z.") var toldAt: String?
    @Flag(help: "Show what would be told and given, and tell nobody.") var preview = false
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        StandardStream.error.write("If anybody is in danger now, ring 999 first.\n")
        let texts = try words.texts(
            ["threat": threat, "at-risk": atRisk, "whereabouts": whereabouts], needed: ["threat"])
        var form = EmergencyForm(
            officer: try node.person(), agencies: agencies, threat: texts["threat"] ?? "", personTold: personTold)
        form.atRisk = texts["at-risk"]
        form.whereabouts = texts["whereabouts"]
        form.caseReference = reference
        form.labels = labels
        form.reports = reports.isEmpty ? nil : reports
        form.toldAt = toldAt
        guard !preview else {
            return try await node.submit(form, to: NodePath.previewEmergency, showing: PreviewPage.self)
        }
        do {
            try await node.submit(form, to: NodePath.emergencies, showing: EmergencyMade.self)
        } catch {
            // Whatever kept it from being recorded must not keep anybody from being told.
            StandardStream.error.write("This has not told them. Ring them now.\n")
            if let contacts = try? ContactFile(in: node.address) { StandardStream.error.write(contacts.text) }
            throw error
        }
    }
}

/// Lists emergencies.
struct ListEmergencies: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List what was told in emergencies, by this agency and to it, and what waits for review.",
        discussion: "Example: tallystick emergency list")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show([EmergencyLine].self, from: NodePath.emergencies, query: ["officer": try node.person()])
    }
}

/// Reviews an emergency.
struct ReviewEmergency: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Record whether telling was right. Somebody else does this than who told.",
        discussion: """
            Findings: justified (telling was right), too-much (more was told than was needed), not-needed. The agencies \
            that were told see the finding; your words stay here.

            Example: tallystick emergency review 0f5c1a2b justified --because "Arson threat made to a neighbour"
            """)

    @Argument(help: "The emergency.") var emergency: String
    @Argument(help: "The finding.") var finding: String
    @Option(help: "Why; it stays with this agency.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        let form = EmergencyReviewForm(
            officer: try node.person(), emergency: emergency, finding: finding, words: texts["because"])
        try await node.submit(form, to: NodePath.reviewEmergency, showing: Recorded.self)
    }
}

/// Shows whom to ring.
struct EmergencyContacts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contacts",
        abstract: "Show whom to ring, also while node and broker are down.",
        discussion: """
            They are what your administrator wrote into emergency-contacts.txt in the node's directory.

            Example: tallystick emergency contacts --node /var/lib/tallystick-node
            """)

    @OptionGroup var address: NodeAddressOptions

    func run() async throws { StandardStream.output.write(try ContactFile(in: address).text) }
}
