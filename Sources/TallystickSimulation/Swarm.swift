/// What can go wrong in one world. The seed says which of it exists there, so that faults do not hide each other.
public struct Swarm: Hashable, Sendable {
    /// How many agencies run nodes.
    public var agencyCount = 3
    /// Nodes lose their power, also in the middle of a write.
    public var crashesNodes = false
    /// The broker does.
    public var crashesBroker = false
    /// Links are cut, one way or both; requests and answers are lost, doubled, or come late.
    public var disturbsNetwork = false
    /// Clocks run ahead, behind, and back.
    public var movesClocks = false
    /// Disks fill up.
    public var fillsDisks = false
    /// Flushes fail.
    public var failsFlushes = false
    /// Parties end the protocol and sign it again.
    public var endsProtocols = false
    /// Days pass, and what was given for a time is destroyed.
    public var passesDays = false
    /// Whom the board lists as witnesses.
    public var witnesses = Witnesses.none
    /// Disks of nodes and witnesses are lost, and older copies put back.
    public var restoresCopies = false
    /// Who misbehaves how; nil in an honest world.
    public var misconduct: Misconduct?

    /// How many witnesses the board lists.
    public enum Witnesses: Hashable, Sendable, CaseIterable {
        /// No list is in force.
        case none
        /// Fewer than the four below which nothing is final.
        case tooFew
        /// Every agency that runs a node, and some that are none.
        case enough
    }

    /// A world in which nothing goes wrong.
    public init() {}

    /// The board's list; nil where there is none.
    func listing(sabotage: Sabotage?) -> WitnessListing? {
        let listsEnough = witnesses == .enough || sabotage == .listsMoreWitnesses
        return witnesses == .none ? nil : WitnessListing(agencyCount: agencyCount, listsEnough: listsEnough)
    }

    /// The world of a seed.
    init(_ chance: Chance) {
        agencyCount = chance.int(in: 2...4)
        witnesses = chance.element(of: [.none, .tooFew, .enough, .enough]) ?? .none
        // One world in eight is calm: what happens there is nobody's fault but ours.
        guard !chance.once(in: 8) else { return }
        crashesNodes = chance.once(in: 2)
        crashesBroker = chance.once(in: 2)
        disturbsNetwork = chance.once(in: 2)
        movesClocks = chance.once(in: 3)
        fillsDisks = chance.once(in: 3)
        failsFlushes = chance.once(in: 3)
        endsProtocols = chance.once(in: 4)
        passesDays = chance.once(in: 3)
        restoresCopies = chance.once(in: 3)
        misconduct = chance.once(in: 2) ? chance.element(of: Misconduct.allCases) : nil
    }
}
