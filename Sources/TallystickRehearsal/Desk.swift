import Foundation

/// One agency's desk: the command line as its people use it.
public struct Desk: Sendable {
    /// Where it plays.
    public let stage: RehearsalStage
    /// The agency's code.
    public let agency: String

    /// Sits down at an agency's desk.
    public init(stage: RehearsalStage, agency: String) {
        self.stage = stage
        self.agency = agency
    }

    /// Runs a command and gives back how it ended.
    public func run(_ arguments: [String]) throws -> RehearsalStage.Outcome {
        try stage.run(
            "tallystick",
            arguments + ["--node", stage.path(agency), "--officer", "officer-of-\(agency)", "--format", "json"])
    }

    /// Runs a command that must succeed and gives back its answer.
    @discardableResult
    public func must(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try run(arguments)
        guard outcome.status == 0 else {
            throw StepFailure("\(agency): \(arguments.prefix(2).joined(separator: " ")): \(outcome.errors)")
        }
        return try outcome.json() as? [String: Any] ?? [:]
    }

    /// Runs a command that lists, and must succeed.
    public func list(_ arguments: [String]) throws -> [[String: Any]] {
        let outcome = try run(arguments)
        guard outcome.status == 0 else {
            throw StepFailure("\(agency): \(arguments.prefix(2).joined(separator: " ")): \(outcome.errors)")
        }
        return try outcome.json() as? [[String: Any]] ?? []
    }

    /// A case as this agency sees it; nil when it has no such case.
    public func view(of reference: String) throws -> [String: Any]? {
        let outcome = try run(["case", "show", reference])
        guard outcome.status == 0 else { return nil }
        return try outcome.json() as? [String: Any]
    }

    /// The labels of which this agency can read something in a case.
    public func readableLabels(of reference: String) throws -> Set<String> {
        let timeline = try view(of: reference)?["timeline"] as? [[String: Any]] ?? []
        let fields = timeline.flatMap { $0["fields"] as? [[String: Any]] ?? [] }
        return Set(fields.compactMap { $0["label"] as? String })
    }
}
