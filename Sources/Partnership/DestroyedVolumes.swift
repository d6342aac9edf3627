public import EventLogs
public import TallystickPrimitives

/// Which volumes agencies have proposed to destroy, and which the board has let go: a fold of the register's accepted
/// statements, the same for everybody.
///
/// An act counts only where it is what the log's own agency proposed, so that neither the board alone nor an agency alone
/// destroys anything.
public struct DestroyedVolumes: Sendable {
    /// A proposal of a log's own agency.
    public struct Proposal: Hashable, Sendable {
        /// The proposal, by its event.
        public let event: EventID
        /// What is to go.
        public let facts: VolumeFacts
        /// Where the register has it.
        public let position: TreeSize
    }

    /// The signed record that stands in a destroyed volume's place.
    public struct Record: Hashable, Sendable {
        /// The board's act, by its event.
        public let act: EventID
        /// What it says.
        public let decision: VolumeDestruction
        /// Where the register has it.
        public let position: TreeSize
    }

    /// How many leaves a volume has.
    public let width: VolumeWidth
    /// The newest proposal about each volume.
    public private(set) var proposals: [Volume: Proposal] = [:]
    /// What is destroyed.
    public private(set) var records: [Volume: Record] = [:]

    init(width: VolumeWidth) { self.width = width }

    /// The record of the volume that an entry was in; nil where that is not destroyed.
    public func record(of origin: Origin, at index: LeafIndex) -> Record? {
        records.isEmpty ? nil : records[Volume(origin: origin, number: width.volume(of: index))]
    }

    /// How many volumes of a log are destroyed.
    public func count(of origin: Origin) -> Int { records.keys.count { $0.origin == origin } }

    /// Whether an act of the board is what the agency proposed, and nothing has been destroyed by another.
    public func fits(_ decision: VolumeDestruction) -> Bool {
        guard let proposal = proposals[decision.volume], records[decision.volume] == nil else { return false }
        return proposal.event == decision.proposal && proposal.facts == decision.facts
    }

    mutating func take(_ statement: Statement, at position: TreeSize) {
        switch statement.payload.control {
        case .destroyProposed(let facts):
            let volume = Volume(origin: statement.origin, number: facts.number)
            guard records[volume] == nil else { return }
            proposals[volume] = Proposal(event: statement.eventID, facts: facts, position: position)
        case .destroy(let act):
            guard fits(act.decision) else { return }
            records[act.decision.volume] = Record(
                act: statement.eventID, decision: act.decision, position: position)
        default: break
        }
    }
}

extension Roster {
    /// Refuses a proposal by whoever has no volumes, of what is no complete volume of its log, or of what is gone.
    func verifyVolume(_ control: ControlBody, of party: Party, at index: LeafIndex) throws(RosterFault) {
        if case .destroy = control { throw .wrongLogForKind(.destroy) }
        guard case .destroyProposed(let facts) = control else { return }
        // Only agencies write of people; everybody else's entries are the control stream's, which stays.
        guard party.enrolment.party == .agency else { throw .wrongLogForKind(.destroy) }
        guard facts.size == volumes.width.leafCount else { throw .volumeSize }
        guard let leaves = volumes.width.leaves(of: facts.number), leaves.upperBound <= index.value else {
            throw .volumeIncomplete
        }
        guard volumes.records[Volume(origin: party.origin, number: facts.number)] == nil else { throw .volumeGone }
    }
}
