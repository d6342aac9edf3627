public import TallystickPrimitives

/// What came of one seed.
public struct SimulationOutcome: Sendable {
    /// The seed.
    public let seed: UInt64
    /// Steps that were taken.
    public let eventCount: Int
    /// Leaves of the register at the end.
    public let leafCount: UInt64
    /// The digest of everything that happened.
    public let digest: Hash256
    /// What must never happen and did; nil when all is well.
    public let violation: String?
    /// Who misbehaved how, where somebody did.
    public let misconduct: Misconduct?
    /// Whether that was reported.
    public let isReported: Bool
    /// What was reported, by whom.
    public let reports: [String]
    /// What happened, line by line, where it was asked for.
    public let lines: [String]
}

/// Runs seeds.
public struct SimulationRun: Sendable {
    /// Where every world begins.
    public let county: FoundedCounty
    /// Steps of the phase with faults.
    public var eventCount = 500
    /// What can go wrong; nil lets the seed say.
    public var swarm: Swarm?
    /// Who misbehaves how in every world; nil lets the seed say.
    public var misconduct: Misconduct?
    /// What is broken on purpose.
    public var sabotage: Sabotage?
    /// Whether every line is kept.
    public var keepsLines = false

    /// Runs seeds that begin with a founded county.
    public init(_ county: FoundedCounty) { self.county = county }

    /// Runs one seed to its end.
    public func run(seed: UInt64) async throws -> SimulationOutcome {
        let simulation = try await Simulation(
            county, seed: seed, swarm: swarm, misconduct: misconduct, sabotage: sabotage)
        simulation.trace.keepsLines = keepsLines
        var violation: String?
        do {
            try await simulation.runSafety(steps: eventCount)
            try await simulation.heal()
            try await simulation.runUntilQuiet()
            try await simulation.checkThoroughly(isQuiet: true)
        } catch let found as Violation {
            violation = "step \(simulation.stepCount): \(found)"
        } catch let fault as SimulationFault {
            throw fault
        } catch {
            violation = "step \(simulation.stepCount): unexpected \(error)"
        }
        await simulation.close()
        simulation.trace.note(violation ?? "sound")
        for report in simulation.reports.sorted() { simulation.trace.note("reported by \(report)") }
        return SimulationOutcome(
            seed: seed, eventCount: simulation.stepCount, leafCount: simulation.ledger.register.size.value,
            digest: simulation.trace.digest, violation: violation,
            misconduct: simulation.injected,
            isReported: simulation.injected?.isReported(in: simulation.reports) ?? false,
            reports: simulation.reports.sorted().map(\.description), lines: simulation.trace.lines)
    }
}
