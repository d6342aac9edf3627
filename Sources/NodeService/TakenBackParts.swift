import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import SharingProtocols
import Synchronization
import TallystickPrimitives

/// What was recalled or withdrawn from this agency. Whoever opens content asks here first, so that it is hidden wherever
/// anything is shown, given or made anew.
///
/// It is a fold of the RECALLs and WITHDRAWs received, and of what this agency decided to keep, made anew at every start.
/// What was recalled stays hidden for good; what was withdrawn is shown again only where it is kept under a law.
final class TakenBackParts: Sendable {
    private struct Parts {
        var recalled: Set<CompartmentAddress> = []
        var withdrawn: [CompartmentAddress: Set<EventID>] = [:]
        var places: [EventID: [CaseBook.Address]] = [:]
        var kept: Set<EventID> = []
    }

    private let parts = Mutex(Parts())

    /// Whether a compartment was taken back, and is not kept on a basis of this agency's own.
    func contains(_ address: CompartmentAddress) -> Bool {
        parts.withLock { parts in
            parts.recalled.contains(address)
                || parts.withdrawn[address].map { !$0.isSubset(of: parts.kept) } ?? false
        }
    }

    /// Takes in a recall or a withdrawal that the register accepted, if it is for this agency.
    ///
    /// - Returns: the entries of which something is hidden from now on.
    func take(_ statement: Statement, for agency: AgencyCode) -> [CaseBook.Address] {
        guard let taken = statement.payload.control.takenBack, taken.recipient == agency else { return [] }
        let places = Set(taken.places.map(\.index)).sorted().map {
            CaseBook.Address(origin: taken.endedLog ?? statement.origin, index: $0)
        }
        let addresses = taken.addresses(in: statement.origin)
        parts.withLock { parts in
            if statement.payload.kind == .recall {
                parts.recalled.formUnion(addresses)
            } else {
                for address in addresses { parts.withdrawn[address, default: []].insert(statement.eventID) }
                parts.places[statement.eventID] = places
            }
        }
        return places
    }

    /// Takes in what this agency decided becomes of something withdrawn.
    ///
    /// - Returns: the entries of which something is shown again, or hidden again, from now on.
    func takeOwn(_ fields: EventFields) -> [CaseBook.Address] {
        guard case .text("withdrawal-decided")? = fields[.record]?["event-type"],
            case .withdrawalDecided(let decided)? = try? DisclosureEvent.decode(fields).event
        else { return [] }
        return parts.withLock { parts in
            if decided.kept == nil {
                parts.kept.remove(decided.withdrawal)
            } else {
                parts.kept.insert(decided.withdrawal)
            }
            return parts.places[decided.withdrawal] ?? []
        }
    }
}
