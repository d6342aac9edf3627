import Auditing
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

/// A small partnership in memory: a board of three, a broker, three agencies and an auditor, and
/// their register.
struct SyntheticPartnership {
    let entropy: SeededEntropy
    let members: [SigningKey]
    let bundle: RulesBundle
    var board: LogWriter
    var broker: LogWriter
    var police: LogWriter
    var council: LogWriter
    var homes: LogWriter
    var register: SyntheticRegister
    var boardStatements: [Statement] = []
    var fingerprint: Hash256
    var now = Timestamp(wholeSeconds: 1_772_000_000)

    static let police: AgencyCode = "northshire-police"
    static let council: AgencyCode = "marlow-vale-council"
    static let homes: AgencyCode = "harbour-homes"
    static let broker: AgencyCode = "northshire-broker"
    static let auditor: AgencyCode = "northshire-auditor"
    static let everybody: Set<AgencyCode> = [police, council, homes, broker, auditor]

    /// Founds the partnership; the register begins with the broker's own statements and the board's
    /// log.
    init(seed: UInt64 = 7) throws {
        entropy = SeededEntropy(seed: seed)
        let source = entropy
        members = (0..<3).map { _ in SigningKey(from: source) }
        bundle = RulesBundle.current(yaml: try SyntheticPartnership.protocolFile())
        board = try LogWriter("board", entropy: entropy)
        broker = try LogWriter(SyntheticPartnership.broker, entropy: entropy)
        police = try LogWriter(SyntheticPartnership.police, entropy: entropy)
        council = try LogWriter(SyntheticPartnership.council, entropy: entropy)
        homes = try LogWriter(SyntheticPartnership.homes, entropy: entropy)
        let auditor = try LogWriter(SyntheticPartnership.auditor, entropy: entropy)
        var drafts = [
            BoardActs.genesis(
                members: members.map(\.publicKey), threshold: 2,
                statementKey: board.statementKey.publicKey,
                logKey: board.logKey.publicKey, event: EventID(from: entropy))
        ]
        for (writer, kind) in [
            (broker, PartyKind.broker), (police, .agency), (council, .agency), (homes, .agency),
            (auditor, .auditor),
        ] {
            let enrolment = Enrolment(
                agency: writer.code, party: kind, origin: writer.origin,
                rootKey: writer.rootKey.publicKey.bytes,
                certificate: [1, 2, 3], expires: nil, scope: kind == .auditor ? "everything" : nil)
            drafts.append(
                try BoardActs.enrol(
                    enrolment, origin: board.origin, event: EventID(from: entropy),
                    signers: Array(members.prefix(2))))
        }
        let founding = try board.write(drafts, seen: nil, now: now)
        boardStatements = founding.map(\.statement)
        fingerprint = boardStatements[0].hash
        register = SyntheticRegister(
            origin: broker.origin, logKey: broker.logKey,
            roster: try Roster.bootstrap(
                fingerprint: fingerprint, statements: boardStatements, now: now))
        for placed in try broker.write(
            [try self.founding(of: broker, .broker), try keys(of: broker)], seen: nil, now: now)
        {
            try register.takeOwn(placed.statement, now: now)
        }
        register.logNotes[board.origin] = board.note
        for placed in founding {
            register.admit(placed, came: SyntheticPartnership.control(), now: now)
        }
        try register.closePage()
    }

    /// Who a control statement goes to: everybody but its author.
    static func control(by author: AgencyCode? = nil) -> [AgencyCode: [Label]] {
        Dictionary(uniqueKeysWithValues: everybody.filter { $0 != author }.map { ($0, []) })
    }

    static func protocolFile() throws -> [UInt8] {
        // The tests may be linked into another package, so the link is followed first.
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: root.appending(path: "protocols/jag.yaml")))
    }

    // MARK: Drafts

    func founding(of writer: LogWriter, _ kind: PartyKind) throws -> StatementDraft {
        StatementDraft(
            eventID: EventID(from: entropy), stream: .control, expectedVersion: .noStream,
            control: .genesis(
                Genesis(
                    party: kind, rootKey: writer.rootKey.publicKey.bytes,
                    boardFingerprint: fingerprint)),
            rootSigner: writer.rootKey)
    }

    func keys(of writer: LogWriter, logKeyUntil end: Timestamp? = nil) throws -> StatementDraft {
        let entries = [
            KeySetEntry(
                role: .statement, algorithm: KeySetEntry.ed25519,
                key: writer.statementKey.publicKey.bytes,
                expires: nil),
            KeySetEntry(
                role: .log, algorithm: KeySetEntry.ed25519, key: writer.logKey.publicKey.bytes,
                expires: end),
        ]
        return StatementDraft(
            eventID: EventID(from: entropy), stream: .control, expectedVersion: .any,
            control: .keyset(entries),
            rootSigner: writer.rootKey)
    }

    func adoption(by agency: AgencyCode) throws -> StatementDraft {
        let offices = try bundle.sharingProtocol().party(agency)?.offices ?? []
        return StatementDraft(
            eventID: EventID(from: entropy), stream: .control, expectedVersion: .any,
            control: .adopt(bundle: bundle.hash, offices: offices))
    }

    func draft(
        _ control: ControlBody, in stream: StreamID, decision: DecisionCodes? = nil,
        parts: [Part] = [],
        grantsTo: [AgencyCode] = []
    ) -> StatementDraft {
        StatementDraft(
            eventID: EventID(from: entropy), stream: stream, expectedVersion: .any,
            decision: decision,
            control: control, descriptors: parts.filter(\.isDescribed).map(\.descriptor),
            compartments: parts.filter(\.travels).map(\.carried), grants: grantsTo.map(grant))
    }

    /// One compartment of a draft.
    struct Part {
        let descriptor: CompartmentDescriptor
        let carried: CarriedCompartment
        var isDescribed = true
        var travels: Bool
    }

    func part(_ label: Label, in epoch: EpochID?) -> Part {
        let id = CompartmentID(from: entropy)
        let content = entropy.bytes(count: 300)
        let wrap = epoch.map {
            KeyWrap(compartment: id, epoch: $0, wrapped: entropy.bytes(count: 40)).encoded
        }
        let descriptor = CompartmentDescriptor(
            id: id, label: label, paddedLength: ByteCount(256),
            contentHash: Hash256(hashing: content),
            wrapHash: wrap.map { Hash256(hashing: $0) }, keyCommitment: Hash256(hashing: id.bytes),
            fieldRoot: Hash256(hashing: content), reader: epoch.map { .epoch($0) } ?? .home,
            caveats: ["ask-first", "no-contact-with-subject", "no-onward", "same-purpose"],
            expires: nil)
        return Part(
            descriptor: descriptor,
            carried: CarriedCompartment(id: id, content: content, wrap: wrap),
            travels: epoch != nil)
    }

    func grant(to recipient: AgencyCode) -> [UInt8] {
        DirectGrant(
            salt: entropy.bytes(count: 16), recipient: recipient, kemKeyID: Hash256(hashing: [1]),
            kem: 0x647a,
            kdf: 1, aead: 2, encapsulation: entropy.bytes(count: 64),
            sealed: entropy.bytes(count: 64)
        ).encoded
    }

    /// A circle of agencies; `labels` says who is due which label.
    func circle(
        _ members: [AgencyCode], labels: [Label: [AgencyCode]], epoch: EpochID,
        from sequence: UInt64 = 0,
        isOwn: Bool = false
    ) -> ControlBody {
        let ordered = members.sorted()
        let due = labels.mapValues { agencies in
            CircleLabel(
                members: ordered.indices.filter { agencies.contains(ordered[$0]) },
                keyCommitment: Hash256(hashing: epoch.bytes))
        }
        return .circle(
            CircleControl(
                epoch: epoch, members: ordered, labels: due, fromSequence: sequence,
                bundle: isOwn || labels.isEmpty ? nil : bundle.hash, reason: "case-opened"))
    }

    func decision(_ basis: BasisCode) -> DecisionCodes {
        DecisionCodes(
            bundle: bundle.hash, purpose: "prevent-asb", gateway: "cda-1998-s115", basis: basis,
            condition: nil)
    }

    // MARK: Travelling

    /// Writes drafts into a log and has them admitted, with what the fixture knows of where they
    /// go.
    @discardableResult
    mutating func push(
        _ writer: WritableKeyPath<SyntheticPartnership, LogWriter>, _ drafts: [StatementDraft],
        came: [[AgencyCode: [Label]]], forced: Verdict? = nil
    ) throws -> [SequencedStatement] {
        now = now.adding(seconds: 60)
        let placed = try self[keyPath: writer].write(drafts, seen: register.seen, now: now)
        for (number, statement) in placed.enumerated() {
            register.admit(statement, came: came[number], now: now, forced: forced)
        }
        register.logNotes[self[keyPath: writer].origin] = self[keyPath: writer].note
        return placed
    }

    /// What an auditor starts from.
    func roster() throws -> Roster {
        try Roster.bootstrap(fingerprint: fingerprint, statements: boardStatements, now: now)
    }

    /// The bundle an auditor would fetch now.
    func fetched() throws -> MemoryAuditBundle {
        var notes = register.logNotes
        notes[register.origin] = try register.note(at: register.tree.size)
        return MemoryAuditBundle(
            pages: register.pages.map(\.encoded), heads: HeadNotes(notes: notes).encoded,
            fetchedAt: now.adding(seconds: 3600))
    }
}
