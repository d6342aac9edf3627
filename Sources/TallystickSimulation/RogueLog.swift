import EventLogs
import PartyFiles
import Replication
import SQLiteStore
import Sealing
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// The log of an agency that misbehaves: its own keys, and statements as a script wants them.
struct RogueLog {
    let origin: Origin
    let entropy: SeededEntropy
    let decision: DecisionCodes
    private let keys: PartyKeys
    private var streams: [StreamID: StreamHead] = [:]
    private var frontier = TreeFrontier()
    private var waiting: [CarriedStatement] = []
    private var firstWaiting = LeafIndex(0)

    /// What a statement says besides its control body.
    struct Options {
        var stream: StreamID
        var seen: SeenHead?
        var issuedAt: Timestamp
        var event: EventID?
        var skipsPlaces: UInt64 = 0
        var signer: (any Signer)?
        var grants: [[UInt8]] = []
        var parts: [(descriptor: CompartmentDescriptor, carried: CarriedCompartment)] = []
    }

    /// Goes on where a founded log ends.
    init(_ directory: PartyDirectory, entropy: SeededEntropy) throws {
        self.entropy = entropy
        keys = try directory.openKeys(passphrase: FoundedCounty.passphrase)
        origin = try directory.enrolment().origin
        var bundle: Hash256?
        for placed in try NodeStore.open(in: directory.path).readLog(from: LeafIndex(0), limit: .max) {
            _ = frontier.append(placed.statement.leafHash)
            let payload = placed.statement.payload
            streams[payload.stream] = StreamHead(sequence: payload.sequence, hash: placed.statement.hash)
            if case .adopt(let adopted, _) = payload.control { bundle = adopted }
        }
        decision = DecisionCodes(
            bundle: bundle, purpose: "prevent-asb", gateway: "cda-1998-s115", basis: "recognised-interests",
            condition: nil)
        firstWaiting = frontier.size.nextIndex
    }

    /// Signs a statement and puts it behind the others.
    @discardableResult
    mutating func write(_ control: ControlBody, _ options: Options) throws -> Statement {
        let head = streams[options.stream]
        let payload = StatementPayload(
            stream: options.stream, sequence: (head.map { $0.sequence + 1 } ?? 0) + options.skipsPlaces,
            previous: head?.hash ?? (options.skipsPlaces > 0 ? .zero : nil), seen: options.seen,
            compartments: options.parts.map(\.descriptor), grants: options.grants.map { Hash256(hashing: $0) },
            decision: decision, control: control)
        let signer = options.signer ?? keys.statement
        let header = StatementHeader(
            keyID: signer.publicKey.keyID, issuer: origin, subject: options.stream, issuedAt: options.issuedAt,
            eventID: options.event ?? EventID(from: entropy))
        let statement = try Statement(try SignedStatement.sign(payload.encoded, header: header, with: signer))
        if options.skipsPlaces == 0 {
            streams[options.stream] = StreamHead(sequence: payload.sequence, hash: statement.hash)
        }
        waiting.append(
            CarriedStatement(bytes: statement.bytes, compartments: options.parts.map(\.carried), grants: options.grants)
        )
        return statement
    }

    /// Everything that waits, under a head that covers exactly it.
    mutating func push() throws -> PushRequest {
        for statement in waiting { _ = frontier.append(MerkleTree.leafHash(statement.bytes)) }
        let head = TreeHead(origin: origin, size: frontier.size, root: frontier.root)
        defer {
            waiting = []
            firstWaiting = frontier.size.nextIndex
        }
        return PushRequest(
            origin: origin, firstIndex: firstWaiting, statements: waiting,
            headNote: try SignedTreeHead.sign(head, with: keys.log).note)
    }

    /// A circle with another agency, due one label; the key that is granted may be another than the one committed to.
    mutating func openCircle(
        with member: AgencyCode, kemKey: [UInt8], _ options: Options, givesOtherKey: Bool
    ) throws -> EpochID {
        let members = [FoundedCounty.rogue, member].sorted()
        let (epoch, key, event) = (EpochID(from: entropy), CircleKey(from: entropy), EventID(from: entropy))
        let control = CircleControl(
            epoch: epoch, members: members,
            labels: ["record": CircleLabel(members: [0, 1], keyCommitment: key.commitment)],
            fromSequence: 0, bundle: decision.bundle, reason: "case-opened")
        let given = givesOtherKey ? CircleKey(from: entropy) : key
        let grant = try GrantSeal.seal(
            GrantContents(epoch: epoch, circleKeys: ["record": given], contentKeys: []), to: member, publicKey: kemKey,
            in: GrantContext(origin: origin, stream: options.stream, event: event), entropy: entropy)
        var options = options
        options.event = event
        options.grants = [grant.encoded]
        try write(.circle(control), options)
        return epoch
    }

    /// A part that looks sealed, and that no key opens.
    func garbledPart(in epoch: EpochID) -> (descriptor: CompartmentDescriptor, carried: CarriedCompartment) {
        let id = CompartmentID(from: entropy)
        let content = entropy.bytes(count: 1024 + 36)
        let wrap = KeyWrap(compartment: id, epoch: epoch, wrapped: entropy.bytes(count: 40)).encoded
        let descriptor = CompartmentDescriptor(
            id: id, label: "record", paddedLength: ByteCount(1024), contentHash: Hash256(hashing: content),
            wrapHash: Hash256(hashing: wrap), keyCommitment: .zero, fieldRoot: .zero, reader: .epoch(epoch),
            caveats: ["ask-first", "no-contact-with-subject", "no-onward", "same-purpose"], expires: nil)
        return (descriptor, CarriedCompartment(id: id, content: content, wrap: wrap))
    }
}
