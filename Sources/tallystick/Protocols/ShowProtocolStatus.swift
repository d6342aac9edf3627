import ArgumentParser
import Auditing
public import CommandLineSupport
import EventLogs
import NodeInterface
public import Partnership
import PartyFiles
import Replication
import SharingProtocols
import TallystickPrimitives

/// Says where protocols stand.
struct ShowProtocolStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract:
            "Say where each version of a protocol stands: who has still to sign, and between whom it is in force.",
        discussion: """
            It asks the node. With --bundle it asks an audit bundle instead, without a node and without anybody's word, as \
            of its end or of --at. A protocol file, named with a slash or a full stop in it, is said to be drafted where \
            its rules are not on the log.

            Example: tallystick protocol status jag
            """)

    @Argument(help: "The protocol's code, or the path of a file; every protocol if left out.") var name: String?
    @Option(help: "An audit bundle: the directory that audit fetch made.") var bundle: String?
    @Option(help: "With --bundle, the board's fingerprint, 64 hexadecimal digits.") var fingerprint: String?
    @Option(help: "With --bundle, a register position, or a time such as 2026-03-01T12:00:00Z; its end if left out.")
    var at: String?
    @OptionGroup var node: NodeCommandOptions

    func validate() throws {
        guard bundle != nil || fingerprint == nil && at == nil else {
            throw ValidationError("--fingerprint and --at go with --bundle")
        }
    }

    func run() async throws {
        let file = name.flatMap { name in name.contains { $0 == "/" || $0 == "." } ? name : nil }
        let drafted = try file.map { try Drafted(path: $0) }
        let code = drafted?.terms.code.text ?? name
        guard bundle == nil else { return try await replay(code, drafted: drafted) }
        guard let drafted else {
            return try await node.submit(
                ProtocolStatusForm(protocolCode: code), to: NodePath.protocolStatus, showing: [ProtocolLifePage].self)
        }
        let body = try await node.address.connection().post(NodePath.protocolStatus, ProtocolStatusForm())
        try write(try CommandJSON.decode([ProtocolLifePage].self, from: body), drafted: drafted)
    }

    private func replay(_ code: String?, drafted: Drafted?) async throws {
        var options = BundleOptions()
        options.bundle = bundle ?? ""
        options.fingerprint = fingerprint
        let (source, roster) = try options.open()
        var watch = LifeWatch(until: try moment(), from: roster)
        let report = try await AuditReplay.run(source, roster: roster, observer: &watch, progress: source.progress.show)
        let named = try code.map { code throws -> ProtocolCode in
            guard let named = ProtocolCode(code) else {
                throw CommandFailure("'\(code)' is not a code", status: .usage)
            }
            return named
        }
        let times = watch.times
        let pages = watch.roster.lives(of: named, at: watch.size, moment: watch.admittedAt ?? source.fetchedAt).map {
            ProtocolLifePage($0, time: { position in position.value > 0 ? times[position.value - 1] : nil })
        }
        try write(pages, drafted: drafted)
        try Findings.end(report.findings.filter { $0.severity == .integrity })
    }

    private func moment() throws -> AuditMoment? {
        guard let at else { return nil }
        if let position = UInt64(at) { return .size(TreeSize(position)) }
        guard let instant = Timestamp(at) else {
            throw CommandFailure("--at needs a register position or a time", status: .usage)
        }
        return .time(instant)
    }

    private func write(_ pages: [ProtocolLifePage], drafted: Drafted?) throws {
        guard let drafted else { return try node.output.write(pages) }
        let known = pages.filter { $0.bundle == drafted.bundle }
        guard known.isEmpty else { return try node.output.write(known) }
        let open = drafted.terms.openChoices.map { "  to be settled: \($0.code): \($0.question)\n" }.joined()
        StandardStream.output.write(
            """
            \(drafted.terms.code) version \(drafted.terms.version): \(drafted.terms.title)
              rules \(drafted.bundle)
              Drafted: these rules are not on the board's log. Nothing is shared under them.

            """ + open)
    }
}

/// A protocol file with the rules that it would be published with.
private struct Drafted {
    let terms: SharingProtocol
    let bundle: String

    init(path: String) throws {
        terms = try ProtocolFileReading.terms(of: path)
        bundle = RulesBundle.current(yaml: try PublicFile.read(path)).hash.hex
    }
}

/// Who was who at a moment of a replay.
private struct LifeWatch: AuditObserver {
    let until: AuditMoment?
    private(set) var roster: Roster
    private(set) var size = TreeSize.empty
    private(set) var admittedAt: Timestamp?
    /// When each act about protocols was admitted, by register position.
    private(set) var times: [UInt64: Timestamp] = [:]
    private var isOver = false

    init(until: AuditMoment?, from roster: Roster) {
        self.until = until
        self.roster = roster
    }

    mutating func take(_ step: AuditStep) {
        let now = step.record.admittedAt
        if let until, !until.covers(position: step.position, admittedAt: now) { isOver = true }
        guard !isOver else { return }
        size = TreeSize(step.position + 1)
        admittedAt = now
        guard step.statement.payload.kind.isControl else { return }
        times[step.position] = now
        roster = step.roster
    }
}

extension ProtocolLifePage: AnswerRow {
    /// A paragraph a version.
    public static func text(of rows: [ProtocolLifePage]) -> String {
        guard !rows.isEmpty else { return "No protocol has been published.\n" }
        return PlainText.printable(rows.map(\.text).joined(separator: "\n"), keepingLines: true)
    }
}
