import HTTPTransport
import Partnership
import Replication
import TallystickPrimitives
import TransparencyLog

/// Rules that this program has not: it judges nothing by them, and nothing beside them.
extension RegisterKeeper {
    /// That the register may grow by some leaves without going by rules that this program has not.
    ///
    /// A verdict is for ever: one that a later program would not give is worse than none.
    func requireRules(for count: Int) throws(ProblemDetails) {
        let end = TreeSize(state.tree.size.value + UInt64(count) - 1)
        guard let rules = state.admission.roster.lackedRules(at: end) else { return }
        throw BrokerProblem.rulesLacked("\(rules)")
    }
}
