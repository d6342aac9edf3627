import EventLogs
import Auditing
import NodeService
import TallystickPrimitives

/// Something that somebody honest noticed.
struct Report: Hashable, Comparable, CustomStringConvertible {
    /// Who noticed.
    enum Reporter: String, Hashable {
        /// The broker refused a push as a whole.
        case broker
        /// The register holds a refusal.
        case register
        /// A member said so in its report to the author.
        case member
        /// A node's status shows it.
        case node
        /// The auditor found it.
        case auditor
    }

    let reporter: Reporter
    let code: String
    /// Whose log it is about, or who shows it.
    let about: String

    var description: String { "\(reporter.rawValue): \(code) (\(about))" }

    static func < (left: Report, right: Report) -> Bool { left.description < right.description }
}

extension Simulation {
    /// Collects what the nodes show now.
    func noteFaults(of node: SimulatedNode) async {
        for code in await node.hosted.faults {
            reports.insert(Report(reporter: .node, code: code, about: node.agency.text))
        }
        for log in await node.hosted.twoStories {
            reports.insert(Report(reporter: .node, code: "two-stories", about: log.text))
        }
    }

    /// Collects what the register, the members and the auditor say, and holds all of it against what was done.
    func checkReports(_ entitlements: Entitlements) async throws {
        for refusal in entitlements.refusals {
            reports.insert(Report(reporter: .register, code: refusal.code, about: refusal.origin.text))
        }
        for finding in entitlements.findings {
            reports.insert(Report(reporter: .member, code: finding.finding.text, about: finding.origin.text))
        }
        let audit = try await audit()
        for finding in audit.findings {
            reports.insert(Report(reporter: .auditor, code: finding.kind.name, about: finding.log.text))
        }
        guard audit.isComplete else { throw Violation("the audit is not of the newest head") }
        let unexplained = reports.filter { !isExplained($0) }.sorted()
        guard unexplained.isEmpty else {
            throw Violation("reported and never done: \(unexplained.map(\.description).joined(separator: ", "))")
        }
    }

    /// Whether a fault of this world, or what somebody did in it, leads to a report.
    private func isExplained(_ report: Report) -> Bool {
        if let done = injected, done.explains(report) { return true }
        guard report.reporter == .register else { return false }
        if swarm.movesClocks, Simulation.ofClocks.contains(report.code) { return true }
        if swarm.endsProtocols, Simulation.ofEndings.contains(report.code) { return true }
        return (swarm.movesClocks || swarm.endsProtocols) && Simulation.ofRefusals.contains(report.code)
    }

    /// An entry dated ahead is refused.
    private static let ofClocks: Set = ["issued-ahead"]
    /// A protocol ended while entries were under way.
    private static let ofEndings: Set = ["protocol-ended", "protocol-not-in-force"]
    /// What follows a circle that was refused has none, and what is about an entry that was refused is about nothing.
    private static let ofRefusals: Set = [
        "no-circle", "epoch", "circle", "request-unknown", "share-of-others", "recall-of-others",
        "withdrawal-of-others", "hold-unknown", "stream-unknown", "handover-case-unknown", "handover-no-offer",
        "handover-not-accepted",
    ]
}
