import DeterministicCBOR
import EventLogs
import Foundation
import Partnership
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import TallystickTesting

/// A partnership at its beginning: a board whose genesis is folded, and parties that may join.
struct Founding {
    let entropy = SeededEntropy(seed: 3)
    var board: BoardFixture
    var broker: PartyLog
    var police: PartyLog
    var council: PartyLog
    let fingerprint: Hash256
    /// The board's log so far.
    var boardStatements: [Statement]
    var roster: Roster
    var position: UInt64 = 0
    let now = Timestamp(wholeSeconds: 1_772_000_000)

    init() throws {
        board = BoardFixture(entropy: entropy)
        broker = PartyLog("northshire-broker", .broker, entropy: entropy)
        police = PartyLog("northshire-police", .agency, entropy: entropy)
        council = PartyLog("marlow-vale-council", .agency, entropy: entropy)
        let genesis = try board.log.statement(board.genesis, event: EventID(from: entropy))
        fingerprint = genesis.hash
        boardStatements = [genesis]
        roster = Roster(fingerprint: fingerprint)
        try roster.verify(genesis, index: LeafIndex(0), at: .empty, now: now)
        try roster.fold(genesis, at: .empty, compartments: [])
        board.log.append(genesis)
    }

    /// A founding with both agencies enrolled, founded and with keys.
    static func joined() throws -> Founding {
        var founding = try Founding()
        for party in [\Founding.police, \.council] {
            try founding.enrol(founding[keyPath: party].enrolment())
            try founding.add(party, founding[keyPath: party].genesis(of: founding.fingerprint))
            try founding.add(party, founding[keyPath: party].keySet)
        }
        return founding
    }

    func event() -> EventID { EventID(from: entropy) }

    /// What stands against a statement at a register position, the next one unless told otherwise.
    func fault(
        of statement: Statement, index: LeafIndex, at now: Timestamp? = nil,
        position: UInt64? = nil
    ) -> RosterFault? {
        do throws(RosterFault) {
            try roster.verify(
                statement, index: index, at: TreeSize(position ?? self.position),
                now: now ?? self.now)
            return nil
        } catch { return error }
    }

    /// Judges and folds a statement at the next register position.
    mutating func add(
        _ party: WritableKeyPath<Founding, PartyLog>, _ statement: Statement,
        compartments: [CarriedCompartment] = []
    ) throws {
        if let fault = fault(of: statement, index: self[keyPath: party].nextIndex) { throw fault }
        try roster.fold(statement, at: TreeSize(position), compartments: compartments)
        self[keyPath: party].append(statement)
        if statement.origin == board.log.origin { boardStatements.append(statement) }
        position += 1
    }

    mutating func add(
        _ party: WritableKeyPath<Founding, PartyLog>, _ control: ControlBody,
        signer: (any Signer)? = nil
    ) throws {
        var options = PartyLog.Options()
        options.signer = signer
        try add(party, try self[keyPath: party].statement(control, event: event(), options))
    }

    mutating func enrol(_ enrolment: Enrolment) throws {
        let event = event()
        let act = try board.act(enrolment, .enrol, event: event)
        try add(\.board.log, try board.log.statement(.enrol(act), event: event))
    }

    // MARK: Protocols

    static func bundle(_ name: String = "jag") throws -> RulesBundle {
        // The tests may be linked into another package, so the link is followed first.
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let yaml = try Data(contentsOf: root.appending(path: "protocols/\(name).yaml"))
        return RulesBundle.current(yaml: Array(yaml))
    }

    /// The publication of a bundle as the board's own program makes it.
    func publication(
        of bundle: RulesBundle, carrying body: CompartmentBody? = nil, version: UInt64 = 1
    ) throws -> (statement: Statement, compartments: [CarriedCompartment]) {
        let fields = [PublishedProtocol.bundleField: bundle.encoded]
        let event = event()
        let draft = try BoardActs.publish(
            ProtocolPublication(code: "jag", version: version, bundle: bundle.hash),
            bundle: body ?? CompartmentBody(seed: entropy.bytes(count: 32), fields: fields),
            compartment: CompartmentID(from: entropy), origin: board.log.origin, event: event,
            signers: Array(board.members.prefix(2)))
        var options = PartyLog.Options()
        options.descriptors = draft.descriptors
        return (try board.log.statement(draft.control, event: event, options), draft.compartments)
    }

    mutating func publish(_ bundle: RulesBundle, version: UInt64 = 1) throws {
        let made = try publication(of: bundle, version: version)
        try add(\.board.log, made.statement, compartments: made.compartments)
    }

    mutating func activate(_ bundle: RulesBundle, from position: UInt64) throws {
        let event = event()
        let activation = Activation(bundle: bundle.hash, position: TreeSize(position))
        let act = try board.act(activation, .activate, event: event)
        try add(\.board.log, try board.log.statement(.activate(act), event: event))
    }

    mutating func adopt(
        _ bundle: RulesBundle, by party: WritableKeyPath<Founding, PartyLog>
    ) throws {
        let code = self[keyPath: party].code
        let offices = try bundle.sharingProtocol().party(code)?.offices ?? ["data-protection-officer"]
        try add(party, .adopt(bundle: bundle.hash, offices: offices))
    }

    mutating func end(
        _ bundle: RulesBundle, by party: WritableKeyPath<Founding, PartyLog>
    ) throws {
        try add(
            party,
            .endAdoption(bundle: bundle.hash, offices: ["data-protection-officer"], reason: "review-overdue"))
    }
}

/// Names one key and signs with nothing.
struct Forger: Signer {
    let publicKey: VerificationKey

    func sign(_ bytes: [UInt8]) -> [UInt8] { [UInt8](repeating: 0, count: 64) }
}

/// The order in which things happen, every one of them.
func permutations<Element>(of elements: [Element]) -> [[Element]] {
    guard let first = elements.first else { return [[]] }
    return permutations(of: Array(elements.dropFirst())).flatMap { rest in
        (0...rest.count).map { place in
            var order = rest
            order.insert(first, at: place)
            return order
        }
    }
}
