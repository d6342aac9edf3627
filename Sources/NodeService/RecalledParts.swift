import EventLogs
import Synchronization
import TallystickPrimitives

/// What was taken back from this agency. Whoever opens content asks here first, so that it is hidden wherever anything is
/// shown, given or made anew.
///
/// It is a fold of the RECALLs received, made anew at every start, and nothing leaves it: what is to be given after all is
/// recorded anew by its author.
final class RecalledParts: Sendable {
    private let addresses = Mutex<Set<CompartmentAddress>>([])

    /// Whether a compartment was taken back.
    func contains(_ address: CompartmentAddress) -> Bool { addresses.withLock { $0.contains(address) } }

    /// Takes in a recall that the register accepted, if it is for this agency.
    ///
    /// - Returns: the entries of which something is hidden from now on.
    func take(_ statement: Statement, for agency: AgencyCode) -> [CaseBook.Address] {
        guard case .recall(let recall) = statement.payload.control, recall.recipient == agency else { return [] }
        addresses.withLock { $0.formUnion(recall.addresses(in: statement.origin)) }
        return Set(recall.places.map(\.index)).sorted().map {
            CaseBook.Address(origin: statement.origin, index: $0)
        }
    }
}
