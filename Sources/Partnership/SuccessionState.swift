public import EventLogs
public import TallystickPrimitives

/// How far one succession has come: the board's act and what either side has said of it, by register position.
public struct SuccessionState: Hashable, Sendable {
    /// The board's act, by its event.
    public let act: EventID
    /// What it says.
    public let decision: Succession
    /// Where the register has the act.
    public let decidedAt: TreeSize
    /// Where the predecessor said that it gives.
    public internal(set) var givesAt: TreeSize?
    /// Where the successor said that it takes.
    public internal(set) var takesAt: TreeSize?
    /// How many cases the predecessor says that it let go.
    public internal(set) var gave: UInt64?
    /// Where it said so.
    public internal(set) var gaveAt: TreeSize?
    /// How many cases the successor says that it leads by it.
    public internal(set) var took: UInt64?

    init(act: EventID, decision: Succession, at position: TreeSize) {
        self.act = act
        self.decision = decision
        decidedAt = position
    }

    /// Whether it holds at a register position: decided, given and taken before it, and not for a later one.
    ///
    /// One side alone moves nothing, nor does the board.
    public func holds(at position: TreeSize) -> Bool {
        guard let givesAt, let takesAt else { return false }
        return decidedAt < position && givesAt < position && takesAt < position && decision.position <= position
    }

    /// Since where it holds; nil while a side has not said so.
    public var since: TreeSize? {
        guard let givesAt, let takesAt else { return nil }
        let said = max(decidedAt, givesAt, takesAt)
        return max(TreeSize(said.value + 1), decision.position)
    }
}

extension Roster {
    /// The successions in which a party gives, in the order in which the board decided them.
    public func successions(from predecessor: AgencyCode) -> [SuccessionState] {
        successions.values.filter { $0.decision.predecessor == predecessor }.sorted { $0.decidedAt < $1.decidedAt }
    }

    /// The successions in which a party takes.
    public func successions(to successor: AgencyCode) -> [SuccessionState] {
        successions.values.filter { $0.decision.successor == successor }.sorted { $0.decidedAt < $1.decidedAt }
    }

    /// Since where a party winds up: a succession holds that names who keeps its log. It opens no case from there on.
    public func isWindingUpSince(_ code: AgencyCode, at position: TreeSize) -> TreeSize? {
        successions(from: code).filter { $0.decision.keeper != nil && $0.holds(at: position) }.compactMap(\.since).min()
    }

    /// Who answers for a party's log and holds its keys, once the party has let go of all that was to move; nil while it
    /// has not, and where it goes on.
    public func keeper(of code: AgencyCode, at position: TreeSize) -> AgencyCode? {
        let ending = successions(from: code).filter { $0.decision.keeper != nil && $0.decidedAt < position }
        guard !ending.isEmpty, ending.allSatisfy({ $0.gaveAt.map { $0 < position } ?? false }) else { return nil }
        return ending.last?.decision.keeper
    }

    /// Refuses a succession that cannot be.
    func check(_ succession: Succession) throws(RosterFault) {
        let named = [succession.predecessor, succession.successor] + [succession.keeper].compactMap(\.self)
        guard named.allSatisfy({ parties[$0]?.enrolment.party == .agency }), succession.keeper != succession.predecessor
        else { throw .successionParties }
        // Who gives everything up leaves a log behind that somebody must answer for.
        guard succession.schedule != nil || succession.keeper != nil else { throw .successionParties }
        let others = successions(from: succession.predecessor)
        let isWhole = succession.schedule == nil
        guard others.allSatisfy({ !isWhole && $0.decision.schedule != nil || $0.decision == succession }) else {
            throw .successionParties
        }
    }

    /// Refuses a word about a succession by whoever is not the side that says it, or that says it too early.
    func verifySuccession(
        _ control: ControlBody, of party: Party, at position: TreeSize
    ) throws(RosterFault) {
        if case .succession = control { throw .wrongLogForKind(.succession) }
        guard case .successionWord(let said) = control else { return }
        guard let state = successions[said.act], state.decidedAt < position else { throw .successionUnknown }
        switch said.word {
        case .gives: guard party.code == state.decision.predecessor else { throw .successionSide }
        case .takes: guard party.code == state.decision.successor else { throw .successionSide }
        case .gave:
            guard party.code == state.decision.predecessor else { throw .successionSide }
            guard state.holds(at: position) else { throw .successionNotYet }
        case .took:
            guard party.code == state.decision.successor else { throw .successionSide }
            guard state.gave != nil else { throw .successionNotYet }
        }
    }

    /// Takes in an act or a word that stands; what was said first counts.
    mutating func foldSuccession(_ statement: Statement, at position: TreeSize) {
        switch statement.payload.control {
        case .succession(let act):
            guard successions[statement.eventID] == nil else { return }
            successions[statement.eventID] = SuccessionState(
                act: statement.eventID, decision: act.decision, at: position)
        case .successionWord(let said):
            guard var state = successions[said.act] else { return }
            switch said.word {
            case .gives: state.givesAt = state.givesAt ?? position
            case .takes: state.takesAt = state.takesAt ?? position
            case .gave(let count):
                state.gave = state.gave ?? count
                state.gaveAt = state.gaveAt ?? position
            case .took(let count): state.took = state.took ?? count
            }
            successions[said.act] = state
        default: break
        }
    }
}
