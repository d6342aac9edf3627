import Casework
public import TallystickPrimitives

/// The disclosure ledger of one case: what was done with it, by whom, to whom, under what, and how far it got.
///
/// A pure fold of what an agency's node holds; in whichever order it is taken in, the outcome is the same.
public struct DisclosureLedger: Hashable, Sendable {
    /// Whose node.
    public let agency: AgencyCode
    private var acts: Set<LedgerAct> = []
    private var receptions: Set<LedgerReception> = []
    private var readings: Set<LedgerReading> = []
    private var declarations: Set<LedgerDeclaration> = []
    private var refused: Set<EventID> = []

    /// An empty ledger.
    public init(of agency: AgencyCode) { self.agency = agency }

    /// Takes in what was done.
    public mutating func add(_ act: LedgerAct) { acts.insert(act) }

    /// Takes in what a node confirmed.
    public mutating func add(_ reception: LedgerReception) { receptions.insert(reception) }

    /// Takes in one of our own readings.
    public mutating func add(_ reading: LedgerReading) { readings.insert(reading) }

    /// Takes in what another agency declared of its readings.
    public mutating func add(_ declaration: LedgerDeclaration) { declarations.insert(declaration) }

    /// Takes in an entry that the register refused: nothing was done by it.
    public mutating func addRefused(_ event: EventID) { refused.insert(event) }

    /// In the order of the register, what is pending last.
    public var lines: [LedgerLine] {
        acts.filter { !refused.contains($0.event) }.sorted(by: DisclosureLedger.isBefore).map { act in
            LedgerLine(act: act, recipients: act.recipients.sorted().map { standing(of: act, with: $0) })
        }
    }

    /// What it cannot show.
    public var gaps: LedgerGaps {
        let lines = lines
        let confirmed = lines.flatMap(\.recipients).filter { $0.delivered != nil }.map(\.agency)
        let given = lines.flatMap(\.recipients).filter { $0.available != nil && $0.isDeliveryKnown }.map(\.agency)
        func events(_ isCounted: (LedgerAct) -> Bool) -> Int {
            Set(lines.map(\.act).filter(isCounted).map(\.event)).count
        }
        return LedgerGaps(
            erased: events { $0.verb == .erasure }, refused: refused.count,
            pending: events { $0.admitted == nil && $0.agency == agency },
            silent: Set(given).subtracting(confirmed).sorted(), told: events { $0.told != nil },
            sealed: events { $0.type == nil && $0.verb == .disclosure })
    }

    private func standing(of act: LedgerAct, with recipient: AgencyCode) -> LedgerRecipient {
        let available = act.reached.contains(recipient) ? act.admitted : nil
        let delivered = available.flatMap { point in
            receptions.filter { $0.recipient == recipient && $0.author == act.agency && $0.size > point.position }
                .map(\.point).min { $0.position < $1.position }
        }
        var contacts: [AccessState: LedgerContact] = [:]
        for state in AccessState.allCases {
            contacts[state] = contact(state, act: act, recipient: recipient, since: available)
        }
        return LedgerRecipient(
            agency: recipient, available: available, delivered: delivered,
            isDeliveryKnown: act.agency == agency || recipient == agency, contacts: contacts)
    }

    private func contact(
        _ state: AccessState, act: LedgerAct, recipient: AgencyCode, since available: RegisterPoint?
    ) -> LedgerContact {
        guard recipient == agency else { return declared(state, act: act, by: recipient, since: available) }
        guard let available else { return .noRecord }
        let found = readings.filter { reading in
            reading.state == state && reading.at >= available.at
                && (reading.event == nil || reading.event == act.event)
        }.sorted { ($0.at, $0.role ?? "") < ($1.at, $1.role ?? "") }
        return found.isEmpty ? .noRecord : .recorded(found)
    }

    /// Of what others read they declare by the week that they displayed the case, and nothing of single entries; a week
    /// that was over before the entry was there says nothing of it.
    private func declared(
        _ state: AccessState, act: LedgerAct, by recipient: AgencyCode, since available: RegisterPoint?
    ) -> LedgerContact {
        guard state == .displayed, act.agency == agency, let available else { return .sealed(by: recipient) }
        let found = declarations.filter { declaration in
            declaration.reader == recipient
                && (declaration.week.daysSinceEpoch + 7) * 86_400_000 > available.at.milliseconds
        }
        guard !found.isEmpty else { return .sealed(by: recipient) }
        return .declared(by: recipient, found.sorted { $0.week < $1.week })
    }

    private static func isBefore(_ left: LedgerAct, _ right: LedgerAct) -> Bool {
        let order = LedgerVerb.allCases
        let places = [left, right].map { act in
            (act.admitted?.position ?? .max, act.at, act.event, order.firstIndex(of: act.verb) ?? 0)
        }
        return places[0] < places[1]
    }
}
