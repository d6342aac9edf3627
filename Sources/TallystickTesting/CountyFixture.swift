public import EventLogs
public import Partnership
public import Replication
public import SharingProtocols
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// A partnership of a county in a test or a benchmark: its board, its broker and its agencies, each with a log that can
/// be pushed. Nothing of it is registered until somebody does so.
public struct CountyFixture: Sendable {
    /// The police; it decides under its own lawful basis.
    public static let police: AgencyCode = "northshire-police"
    /// A district council.
    public static let council: AgencyCode = "marlow-vale-council"
    /// A housing association.
    public static let homes: AgencyCode = "harbour-homes"
    /// Another one.
    public static let meadow: AgencyCode = "meadow-housing"
    /// The broker.
    public static let broker: AgencyCode = "northshire-broker"
    /// All agencies; they sign the protocol.
    public static let agencies = [council, homes, meadow, police]
    /// The board, where an agency is named.
    public static let boardCode: AgencyCode = "board"

    /// Identifiers and keys.
    public let entropy: SeededEntropy
    /// The board.
    public private(set) var board: BoardFixture
    /// The parties' logs; the board's too, under its code.
    public var logs: [AgencyCode: PartyLog]
    /// The protocol.
    public let bundle: RulesBundle
    /// What pins the board.
    public let fingerprint: Hash256
    /// When statements are written.
    public var now: Timestamp
    private var frontiers: [AgencyCode: TreeFrontier] = [:]
    private var waiting: [AgencyCode: [CarriedStatement]] = [:]
    private var pushed: [AgencyCode: UInt64] = [:]

    /// Makes the keys and the board's log: its genesis and the enrolments.
    public init(protocolFile: [UInt8], now: Timestamp, seed: UInt64 = 11) throws {
        entropy = SeededEntropy(seed: seed)
        self.now = now
        board = BoardFixture(entropy: entropy)
        bundle = RulesBundle.current(yaml: protocolFile)
        logs = [:]
        for code in CountyFixture.agencies { logs[code] = PartyLog(code, .agency, entropy: entropy) }
        logs[CountyFixture.broker] = PartyLog(CountyFixture.broker, .broker, entropy: entropy)
        var options = PartyLog.Options()
        options.issuedAt = now
        let genesis = try board.log.statement(board.genesis, event: EventID(from: entropy), options)
        fingerprint = genesis.hash
        logs[CountyFixture.boardCode] = board.log
        append(CarriedStatement(bytes: genesis.bytes, compartments: [], grants: []), genesis, to: CountyFixture.boardCode)
        for code in logs.keys.sorted() where code != CountyFixture.boardCode {
            guard let log = logs[code] else { continue }
            try act(log.enrolment(), .enrol) { .enrol($0) }
        }
    }

    /// The board's statements that wait to be pushed.
    public var boardStatements: [CarriedStatement] { waiting[CountyFixture.boardCode] ?? [] }

    /// What everybody starts from: the board and who is enrolled.
    public func bootstrap() throws -> Roster {
        try Roster.bootstrap(
            fingerprint: fingerprint, statements: try boardStatements.map { try Statement(decoding: $0.bytes) }, now: now)
    }

    /// Writes a statement of a log; it waits to be pushed.
    @discardableResult
    public mutating func write(
        _ control: ControlBody, by code: AgencyCode, event: EventID? = nil, compartments: [CarriedCompartment] = [],
        _ change: (inout PartyLog.Options) -> Void = { _ in }
    ) throws -> Statement {
        guard let log = logs[code] else { throw CountyFixtureError.unknown(code) }
        var options = PartyLog.Options()
        options.issuedAt = now
        change(&options)
        let statement = try log.statement(control, event: event ?? EventID(from: entropy), options)
        append(
            CarriedStatement(bytes: statement.bytes, compartments: compartments, grants: options.grants), statement,
            to: code)
        return statement
    }

    /// Writes an act of the board, signed by enough of its members.
    public mutating func act<Decision>(
        _ decision: Decision, _ kind: StatementKind, compartments: [CarriedCompartment] = [],
        _ change: (inout PartyLog.Options) -> Void = { _ in }, control: (BoardAct<Decision>) -> ControlBody
    ) throws {
        let event = EventID(from: entropy)
        let act = try board.act(decision, kind, event: event)
        try write(
            control(act), by: CountyFixture.boardCode, event: event, compartments: compartments, change)
    }

    /// Everything of a log that waits, up to a number of statements, under a head that covers exactly it.
    public mutating func push(of code: AgencyCode, atMost count: Int = .max) throws -> PushRequest {
        guard let log = logs[code] else { throw CountyFixtureError.unknown(code) }
        let statements = Array((waiting[code] ?? []).prefix(count))
        waiting[code]?.removeFirst(statements.count)
        var frontier = frontiers[code] ?? TreeFrontier()
        let first = frontier.size.nextIndex
        for statement in statements { frontier.append(MerkleTree.leafHash(statement.bytes)) }
        frontiers[code] = frontier
        let head = TreeHead(origin: log.origin, size: frontier.size, root: frontier.root)
        return PushRequest(
            origin: log.origin, firstIndex: first, statements: statements,
            headNote: try SignedTreeHead.sign(head, with: log.logKey).note)
    }

    private mutating func append(_ carried: CarriedStatement, _ statement: Statement, to code: AgencyCode) {
        logs[code]?.append(statement)
        waiting[code, default: []].append(carried)
    }
}

/// What a fixture was asked for and does not have.
public enum CountyFixtureError: Error, Hashable, Sendable {
    /// Nobody has this code.
    case unknown(AgencyCode)
}
