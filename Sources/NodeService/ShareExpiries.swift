import EventLogs
import TallystickPrimitives

/// What other agencies gave this one until a day, and which day that is (WIRE §4, SHARE; the `expires` of a compartment).
///
/// A pure fold of statements in register order. It says what is due; it destroys nothing.
struct ShareExpiries: Sendable {
    /// A compartment whose time is over.
    struct Due: Hashable, Sendable {
        let address: CompartmentAddress
        /// Whether a circle may still entitle this agency to it: only the share is over then.
        let isShareAlone: Bool
        /// Where the shares that gave it stand in their author's log: their grants hold its key.
        let shares: [LeafIndex]
    }

    private struct Place: Hashable {
        let origin: Origin
        let compartment: CompartmentID
    }

    private struct Term {
        let index: LeafIndex
        /// Its own end, for whoever holds it.
        var ceiling: Timestamp?
        /// The latest end of the shares that gave it; nil when none did.
        var shared: Timestamp?
        var shares: [LeafIndex] = []

        var end: Timestamp? { [ceiling, shared].compactMap(\.self).min() }
    }

    private let agency: AgencyCode
    private var terms: [Place: Term] = [:]
    private var withoutEnd: Set<Place> = []

    /// Nothing is due.
    ///
    /// - Parameter agency: whose expiries these are.
    init(agency: AgencyCode) { self.agency = agency }

    /// Takes in an accepted statement.
    ///
    /// - Parameters:
    ///   - index: its place in its author's log.
    ///   - authorsLogs: all the author's logs, where it has several.
    mutating func fold(_ statement: Statement, index: LeafIndex, isOwn: Bool, authorsLogs: [Origin] = []) {
        if isOwn {
            guard case .purged(let compartments, let reason, _) = statement.payload.control else { return }
            settle(Set(compartments), isWhole: reason == NodeCore.withdrawnReason, by: statement)
            return
        }
        for descriptor in statement.payload.compartments {
            guard let ceiling = descriptor.expires else { continue }
            let place = Place(origin: statement.origin, compartment: descriptor.id)
            terms[place, default: Term(index: index)].ceiling = ceiling
        }
        guard case .share(let share) = statement.payload.control, share.recipient == agency else { return }
        // An author gives only what is its own; what names another log gave nothing.
        for address in share.compartments where (authorsLogs + [statement.origin]).contains(address.origin) {
            take(address, from: share, at: index)
        }
    }

    private mutating func take(_ address: CompartmentAddress, from share: ShareControl, at index: LeafIndex) {
        let place = Place(origin: address.origin, compartment: address.compartment)
        guard let expires = share.expires else {
            withoutEnd.insert(place)
            terms[place]?.shared = nil
            return
        }
        guard !withoutEnd.contains(place) else { return }
        var term = terms[place] ?? Term(index: address.index)
        term.shared = max(term.shared ?? expires, expires)
        term.shares.append(index)
        terms[place] = term
    }

    /// This agency has said that it destroyed them; what was given again since then stays, unless it was withdrawn: that is
    /// given no more.
    private mutating func settle(_ compartments: Set<CompartmentID>, isWhole: Bool, by statement: Statement) {
        let settled = terms.filter { place, term in
            compartments.contains(place.compartment)
                && (isWhole || term.end.map { $0 <= statement.issuedAt } == true)
                && ReceivedReports.stream(of: statement.origin, about: place.origin) == statement.payload.stream
        }
        for place in settled.keys { terms[place] = nil }
    }

    /// What must not be here any more.
    func due(at instant: Timestamp) -> [Due] {
        terms.compactMap { place, term in
            guard let end = term.end, end <= instant else { return nil }
            return Due(
                address: CompartmentAddress(
                    origin: place.origin, index: term.index, compartment: place.compartment),
                isShareAlone: term.ceiling.map { $0 > instant } ?? true, shares: term.shares)
        }.sorted { ($0.address.index, $0.address.compartment) < ($1.address.index, $1.address.compartment) }
    }

    /// The share is over and a circle entitles this agency still: nothing of it is due.
    mutating func forgo(_ due: Due) {
        let place = Place(origin: due.address.origin, compartment: due.address.compartment)
        terms[place]?.shared = nil
        if terms[place]?.ceiling == nil { terms[place] = nil }
    }
}
