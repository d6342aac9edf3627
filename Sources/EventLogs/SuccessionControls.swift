public import DeterministicCBOR
public import TallystickPrimitives

/// Cases whose lead cannot let go, its node being lost, given by the board to agencies that said they would take them.
public struct Reassignment: BoardDecision {
    /// One case.
    public struct Move: Hashable, Sendable {
        /// The stream that opened it.
        public let matter: StreamAddress
        /// By what its lead leads it; nil where it opened the case.
        public let lead: EventAddress?
        /// Who leads from here on.
        public let recipient: AgencyCode
        /// Where they said that they would.
        public let acceptance: EventAddress

        /// States a move.
        public init(matter: StreamAddress, lead: EventAddress?, recipient: AgencyCode, acceptance: EventAddress) {
            self.matter = matter
            self.lead = lead
            self.recipient = recipient
            self.acceptance = acceptance
        }
    }

    /// The cases, each once.
    public let moves: [Move]
    /// Why, as a code.
    public let reason: ReasonCode

    /// States an act.
    public init(moves: [Move], reason: ReasonCode) {
        self.moves = moves
        self.reason = reason
    }

    public var item: CBOR {
        .array([
            .array(
                moves.map {
                    .array([$0.matter.item, .optional($0.lead, \.item), .code($0.recipient), $0.acceptance.item])
                }), .code(reason),
        ])
    }

    public init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        var moves: [Move] = []
        for move in try items[0].items(atMost: Limits.reassignedCount) {
            let parts = try move.items(count: 4)
            moves.append(
                Move(
                    matter: try StreamAddress(parts[0]), lead: try parts[1].orNil.map(EventAddress.init),
                    recipient: try parts[2].code(), acceptance: try EventAddress(parts[3])))
        }
        guard !moves.isEmpty, Set(moves.map(\.matter)).count == moves.count else {
            throw CBORShapeError("at least one case, each once")
        }
        self.moves = moves
        reason = try items[1].code()
    }
}

/// That one party takes the place of another, wholly or for what a schedule names.
public struct Succession: BoardDecision {
    /// What is taken over, where that is not everything: a list that both sides hold, and nobody else.
    public struct Schedule: Hashable, Sendable {
        /// SHA-256 of the list's file.
        public let hash: Hash256
        /// How many cases may move under it at the most.
        public let caseCount: UInt64

        /// Names a schedule.
        public init(hash: Hash256, caseCount: UInt64) {
            self.hash = hash
            self.caseCount = caseCount
        }
    }

    /// Whose place is taken.
    public let predecessor: AgencyCode
    /// Who takes it.
    public let successor: AgencyCode
    /// What is taken over; nil for everything.
    public let schedule: Schedule?
    /// The register position from which on it holds.
    public let position: TreeSize
    /// Who answers for the predecessor's log and holds its keys once it is closed; nil where the predecessor goes on.
    public let keeper: AgencyCode?

    /// States a succession.
    public init(
        predecessor: AgencyCode, successor: AgencyCode, schedule: Schedule?, position: TreeSize, keeper: AgencyCode?
    ) {
        self.predecessor = predecessor
        self.successor = successor
        self.schedule = schedule
        self.position = position
        self.keeper = keeper
    }

    public var item: CBOR {
        .array([
            .code(predecessor), .code(successor),
            .optional(schedule) { .array([.hash($0.hash), .unsigned($0.caseCount)]) }, .unsigned(position.value),
            .optional(keeper, CBOR.code),
        ])
    }

    public init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 5)
        predecessor = try items[0].code()
        successor = try items[1].code()
        var schedule: Schedule?
        if let named = items[2].orNil {
            let parts = try named.items(count: 2)
            schedule = Schedule(hash: try parts[0].hash256(), caseCount: try parts[1].unsigned())
        }
        self.schedule = schedule
        position = TreeSize(try items[3].unsigned())
        keeper = try items[4].orNil?.code()
        guard predecessor != successor else { throw CBORShapeError("two parties") }
    }
}

/// What one side of a succession says of it on its own log.
public struct SuccessionWord: Hashable, Sendable {
    /// What is said.
    public enum Word: Hashable, Sendable {
        /// The predecessor gives what the act names.
        case gives
        /// The successor takes it.
        case takes
        /// The predecessor has let go of so many cases, and of all that were to move.
        case gave(UInt64)
        /// The successor leads so many cases by it.
        case took(UInt64)
    }

    /// The board's act, by its event.
    public let act: EventID
    /// What is said.
    public let word: Word

    /// States a word.
    public init(act: EventID, word: Word) {
        self.act = act
        self.word = word
    }

    var item: CBOR {
        switch word {
        case .gives: .array([.id(act), .text("gives"), .null])
        case .takes: .array([.id(act), .text("takes"), .null])
        case .gave(let count): .array([.id(act), .text("gave"), .unsigned(count)])
        case .took(let count): .array([.id(act), .text("took"), .unsigned(count)])
        }
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 3)
        act = try items[0].id()
        switch (try items[1].string(), items[2]) {
        case ("gives", .null): word = .gives
        case ("takes", .null): word = .takes
        case ("gave", .unsigned(let count)): word = .gave(count)
        case ("took", .unsigned(let count)): word = .took(count)
        default: throw CBORShapeError("gives or takes, or gave or took with a count")
        }
    }
}

extension Limits {
    /// Cases that one act of the board gives to others.
    public static let reassignedCount = 32
}
