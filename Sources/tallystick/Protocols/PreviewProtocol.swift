import ArgumentParser
import CommandLineSupport
import PartyFiles
import SharingProtocols
import TallystickPrimitives

/// Tries one entry against a protocol file.
struct PreviewProtocol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show what each agency would see of one entry under a protocol file, and why.",
        discussion: """
            For those who write protocols: try an invented entry before anybody signs.

            Example: tallystick protocol preview protocols/jag.yaml --event report-recorded \
            --from harbour-homes --to northshire-police --purpose prevent-asb \
            --gateway cda-1998-s115 --basis recognised-interests --field summary="Shouting at night"
            """)

    @Argument(help: "The file.") var file: String
    @Option(help: "The kind of entry.") var event: String
    @Option(name: .customLong("from"), help: "The agency that shares.") var sender: String
    @Option(name: .customLong("to"), help: "An agency on the case; repeat for more.")
    var recipients: [String]
    @Option(help: "The purpose.") var purpose: String
    @Option(help: "The power or duty.") var gateway: String
    @Option(help: "The lawful basis.") var basis: String
    @Option(help: "The condition for special category or criminal data.") var condition: String?
    @Option(help: "The consent state on record.") var consent: String?
    @Option(help: "The kind of case, such as location.") var caseKind: String?
    @Option(help: "The category of the case, such as noise.") var category: String?
    @Option(name: .customLong("person"), help: "The name of somebody in the case, to be marked; repeat for more.")
    var people: [String] = []
    @Option(name: .customLong("field"), help: "FIELD=TEXT; repeat for more.") var fields: [String]
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let terms = try ProtocolFileReading.terms(of: file)
        try output.write(SharePreview(try draft(at: SystemTime().now()), under: terms))
    }

    private func draft(at now: Timestamp) throws -> ShareDraft {
        let eventType: EventTypeCode = try code(event, "--event")
        let from: AgencyCode = try code(sender, "--from")
        let members: [AgencyCode] = try recipients.map { try code($0, "--to") }
        let values = try Pairs.texts(fields).sorted { $0.key < $1.key }.map { name, text in
            DraftField(field: try code(name, "--field"), text: text)
        }
        let facts = SealedFacts(
            eventType: eventType, fields: Set(values.map(\.field)), consent: try consentState(),
            category: try category.map { try code($0, "--category") },
            caseKind: try caseKind.map { try code($0, "--case-kind") })
        let question = ShareQuestion(
            sender: from, recipient: members[0], label: "record", sealed: facts,
            purpose: try code(purpose, "--purpose"), gateway: try code(gateway, "--gateway"),
            basis: try code(basis, "--basis"),
            condition: try condition.map { try code($0, "--condition") },
            circle: Set(members).union([from]), at: now)
        return ShareDraft(eventType: eventType, fields: values, question: question, people: people)
    }

    private func consentState() throws -> ConsentState? {
        guard let consent else { return nil }
        guard let state = ConsentState(rawValue: consent) else {
            let known = ConsentState.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                "'\(consent)' is no consent state", status: .usage, hint: "one of: \(known)")
        }
        return state
    }

    private func code<Tag>(_ text: String, _ option: String) throws -> Code<Tag> {
        guard let code = Code<Tag>(text) else {
            throw CommandFailure("\(option): '\(text)' is not a code", status: .usage)
        }
        return code
    }
}
