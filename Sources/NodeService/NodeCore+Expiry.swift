import EventLogs
import Logging
import NodeProjections
import Partnership
import SQLiteStore
import TallystickPrimitives

extension NodeCore {
    /// Destroys what was given until a day that has passed: content, wraps, kept keys and the grants that held them; then
    /// shows the entries without it, and tells each author (WIRE §4, SHARE and PURGED).
    ///
    /// Destroying comes before telling. Stopped in between, it is done again: nothing says yet that it was.
    /// - Returns: how many compartments were destroyed.
    @discardableResult
    func dropExpired() async throws -> Int {
        let now = time.now()
        var gone: [CompartmentAddress] = []
        for (author, due) in Dictionary(grouping: book.expiries.due(at: now), by: \.address.origin) {
            gone += try drop(due, of: author)
        }
        guard !gone.isEmpty else { return 0 }
        // What is kept for the next start shows it still. It is written again when the node stops, and not here: that
        // takes seconds where there is much, and nobody is served meanwhile.
        sealedViews.remove()
        for place in Set(gone.map { CaseBook.Address(origin: $0.origin, index: $0.index) }) { try showAgain(place) }
        logger.notice("Destroyed what was given until today", metadata: ["batch.events": "\(gone.count)"])
        // It is told when the log may be written: until then it is due still, and found to be gone.
        guard certainty.mayAppend else { return gone.count }
        for (author, addresses) in Dictionary(grouping: gone, by: \.origin).sorted(by: { $0.key < $1.key }) {
            try await tell(author, destroyed: addresses.map(\.compartment))
        }
        return gone.count
    }

    private func drop(_ due: [ShareExpiries.Due], of author: Origin) throws -> [CompartmentAddress] {
        var over: [ShareExpiries.Due] = []
        for due in due {
            if try due.isShareAlone && isEntitledByCircle(due.address) {
                book.expiries.forgo(due)
            } else {
                over.append(due)
            }
        }
        guard !over.isEmpty else { return [] }
        try store.drop(
            over.map(\.address), of: author, givenBy: Set(over.flatMap(\.shares)))
        return over.map(\.address)
    }

    /// Whether this agency holds the key of the circle that the compartment was sealed for.
    private func isEntitledByCircle(_ address: CompartmentAddress) throws -> Bool {
        guard let received = try store.received(origin: address.origin, index: address.index),
            let payload = try? Statement(decoding: received.bytes).payload,
            let descriptor = payload.compartments.first(where: { $0.id == address.compartment }),
            case .epoch(let epoch) = descriptor.reader
        else { return false }
        return try store.circleKey(
            stream: payload.stream, label: descriptor.label, epoch: epoch, origin: address.origin) != nil
    }

    /// Folds a received statement anew, with what is left of it.
    func showAgain(_ place: CaseBook.Address) throws {
        guard let received = try store.received(origin: place.origin, index: place.index),
            let code = roster.party(of: place.origin)?.code
        else { return }
        let statement = try Statement(decoding: received.bytes)
        let opened = opener.open(statement, at: place.index, compartments: received.compartments)
        try views.fold([
            FoldedEvent(
                statement, index: place.index, agency: code, position: received.registerPosition, opened: opened)
        ])
    }

    func tell(
        _ author: Origin, destroyed: [CompartmentID], because reason: ReasonCode = ReceivedReports.expiredReason
    ) async throws {
        guard let code = roster.party(of: author)?.code else { return }
        try await turns.alone(on: ReceivedReports.turn(about: author)) {
            let opening = try openingSequence(of: reports.stream(about: author))
            try await append(
                reports.drafts(
                    destroyed: destroyed, because: reason, of: author, code: code, opening: opening, entropy: entropy))
        }
    }
}
