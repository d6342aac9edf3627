import DeterministicCBOR
import EventLogs
import Foundation
import Partnership
import Replication
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// A small partnership and its register, up to the moment when everybody has signed the protocol.
struct World {
    static let police: AgencyCode = "northshire-police"
    static let council: AgencyCode = "marlow-vale-council"
    static let homes: AgencyCode = "harbour-homes"
    static let meadow: AgencyCode = "meadow-housing"
    /// Its enrolment ends before the others'.
    static let fire: AgencyCode = "northshire-fire"
    /// Enrolled, and has signed nothing.
    static let county: AgencyCode = "northshire-county"
    static let auditor: AgencyCode = "northshire-auditor"
    static let broker: AgencyCode = "northshire-broker"
    static let signatories = [police, council, homes, meadow, fire]

    /// Founded once for all tests; every test works on its own copy.
    static let founded = Result { try World() }

    let entropy: SeededEntropy
    var board: BoardFixture
    var logs: [AgencyCode: PartyLog] = [:]
    let bundle: RulesBundle
    let fingerprint: Hash256
    var boardStatements: [Statement] = []
    var register: Register
    var now = Timestamp(wholeSeconds: 1_772_000_000)
    let fireExpires = Timestamp(wholeSeconds: 1_772_000_000 + 10_000_000)

    private init() throws {
        let entropy = SeededEntropy(seed: 5)
        self.entropy = entropy
        board = BoardFixture(entropy: entropy)
        bundle = RulesBundle.current(yaml: try World.protocolFile())
        for code in World.signatories + [World.county] {
            logs[code] = PartyLog(code, .agency, entropy: entropy)
        }
        logs[World.auditor] = PartyLog(World.auditor, .auditor, entropy: entropy)
        let broker = PartyLog(World.broker, .broker, entropy: entropy)
        logs[World.broker] = broker
        let genesis = try board.log.statement(board.genesis, event: EventID(from: entropy))
        board.log.append(genesis)
        fingerprint = genesis.hash
        boardStatements = [genesis]
        register = Register(
            origin: broker.origin, logKey: broker.logKey,
            admission: AdmissionState(roster: Roster(fingerprint: fingerprint)))
        for code in logs.keys.sorted() { try enrolAtFounding(code) }
        register.restart(
            with: try Roster.bootstrap(
                fingerprint: fingerprint, statements: boardStatements, now: now))
        try found()
    }

    private mutating func enrolAtFounding(_ code: AgencyCode) throws {
        let event = EventID(from: entropy)
        let log = try #require(logs[code])
        let expires = code == World.fire ? fireExpires : nil
        let act = try board.act(log.enrolment(expires: expires), .enrol, event: event)
        let statement = try board.log.statement(.enrol(act), event: event)
        board.log.append(statement)
        boardStatements.append(statement)
    }

    private mutating func found() throws {
        let broker = try #require(logs[World.broker])
        for control in [broker.genesis(of: fingerprint), broker.keySet] {
            var own = try #require(logs[World.broker])
            let statement = try own.statement(control, event: EventID(from: entropy))
            own.append(statement)
            logs[World.broker] = own
            try register.takeOwn(statement, now: now)
        }
        for (index, statement) in boardStatements.enumerated() {
            let submission = Submission(
                index: LeafIndex(UInt64(index)), statement: statement, compartments: [], grants: [])
            try #require(register.admit(submission, now: now).verdict == .accepted)
        }
        for code in World.signatories + [World.county, World.auditor] {
            let log = try #require(logs[code])
            try accept(Sketch(code, log.genesis(of: fingerprint)))
            try accept(Sketch(code, log.keySet))
        }
        try publish(bundle)
        for code in World.signatories { try accept(adoption(by: code)) }
    }

    /// Publishes and activates a bundle.
    mutating func publish(_ bundle: RulesBundle, version: UInt64 = 1) throws {
        let fields = [PublishedProtocol.bundleField: bundle.encoded]
        let made = try publication(
            of: bundle.hash,
            carrying: CompartmentBody(seed: entropy.bytes(count: 32), fields: fields), version: version)
        try #require(admit(made).verdict == .accepted)
        let event = EventID(from: entropy)
        let activation = Activation(bundle: bundle.hash, position: .empty)
        let act = try board.act(activation, .activate, event: event)
        var options = PartyLog.Options()
        options.seen = register.seen
        let statement = try board.log.statement(.activate(act), event: event, options)
        try #require(admit(submission(of: statement)).verdict == .accepted)
    }

    static func protocolFile() throws -> [UInt8] {
        // The tests may be linked into another package, so the link is followed first.
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return Array(try Data(contentsOf: root.appending(path: "protocols/jag.yaml")))
    }

    /// A statement of the broker's own, which stands in the register itself.
    mutating func takeOwn(_ control: ControlBody) throws {
        var broker = try #require(logs[World.broker])
        var options = PartyLog.Options()
        options.issuedAt = now
        let statement = try broker.statement(control, event: EventID(from: entropy), options)
        broker.append(statement)
        logs[World.broker] = broker
        try register.takeOwn(statement, now: now)
    }

    // MARK: Travelling

    /// Signs what a sketch says, for the next place of its author's log.
    func submission(_ sketch: Sketch) throws -> Submission {
        let log = try #require(sketch.author == Sketch.board ? board.log : logs[sketch.author])
        var options = PartyLog.Options()
        options.stream = sketch.stream
        options.seen = sketch.seen.map { $0 } ?? register.seen
        options.decision = sketch.decision
        options.descriptors = sketch.parts.map(\.descriptor)
        options.grants = sketch.namedGrants ?? sketch.grants
        options.issuedAt = sketch.issuedAt ?? now
        options.place = sketch.place
        options.signer = sketch.signer
        let event = sketch.event ?? EventID(from: entropy)
        return Submission(
            index: log.nextIndex, statement: try log.statement(sketch.control, event: event, options),
            compartments: sketch.parts.compactMap(\.carried) + sketch.added,
            grants: sketch.grants)
    }

    func submission(of statement: Statement) -> Submission {
        Submission(
            index: board.log.nextIndex, statement: statement, compartments: [], grants: [])
    }

    /// Has a submission admitted, whatever the verdict.
    @discardableResult
    mutating func admit(_ submission: Submission) -> Judgement {
        let origin = submission.statement.origin
        if origin == board.log.origin {
            board.log.append(submission.statement)
            boardStatements.append(submission.statement)
        } else if let code = logs.first(where: { $0.value.origin == origin })?.key {
            logs[code]?.append(submission.statement)
        }
        return register.admit(submission, now: now)
    }

    /// Has a sketch admitted, and insists that it is accepted.
    @discardableResult
    mutating func accept(_ sketch: Sketch) throws -> Admitted {
        let judgement = admit(try submission(sketch))
        try #require(judgement.verdict == .accepted, "\(sketch.author) \(sketch.control.kind)")
        return try #require(register.admitted.last)
    }
}
