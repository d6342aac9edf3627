import EventLogs
import TallystickPrimitives

/// This agency's own signatures under protocols that the register has not brought back yet, and the ends of them.
///
/// What an agency ended itself counts at once for what it sends: it need not wait for the register to tell it. A new
/// signature counts only once the register has it. A pure fold of what waits, in the order of the log.
struct OwnSignatures: Sendable {
    /// The end of a signature, as it was recorded.
    struct Ending: Sendable {
        let statedAt: Timestamp
        let reason: ReasonCode
    }

    private struct Act: Sendable {
        let index: LeafIndex
        let bundle: Hash256
        /// Nil for a signature.
        let ending: Ending?
    }

    private var waiting: [Act] = []

    /// Takes in an own statement that waits for its verdict.
    mutating func take(_ statement: Statement, at index: LeafIndex) {
        switch statement.payload.control {
        case .adopt(let bundle, _): waiting.append(Act(index: index, bundle: bundle, ending: nil))
        case .endAdoption(let bundle, _, let reason):
            let ending = Ending(statedAt: statement.issuedAt, reason: reason)
            waiting.append(Act(index: index, bundle: bundle, ending: ending))
        default: break
        }
    }

    /// The register has decided on an own statement: from now on the roster says what came of it.
    mutating func settle(_ index: LeafIndex) { waiting.removeAll { $0.index == index } }

    /// How this agency ended a bundle that the register may still hold in force.
    ///
    /// A signature that follows the end does not undo it: what was opened before the end does not revive.
    func ending(of bundle: Hash256) -> Ending? {
        waiting.lazy.filter { $0.bundle == bundle }.compactMap(\.ending).first
    }

    /// The bundles that are signed when everything that waits has been accepted.
    ///
    /// - Parameter inForce: those that are now.
    func signed(beside inForce: Set<Hash256>) -> Set<Hash256> {
        waiting.reduce(into: inForce) { signed, act in
            if act.ending == nil { signed.insert(act.bundle) } else { signed.remove(act.bundle) }
        }
    }
}
