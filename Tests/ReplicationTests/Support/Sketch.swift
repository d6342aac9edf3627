import EventLogs
import Partnership
import Replication
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import TallystickTesting

/// What somebody means to push; the defaults make what stands.
struct Sketch {
    static let board: AgencyCode = "board"

    var author: AgencyCode
    var control: ControlBody
    var stream = StreamID.control
    var decision: DecisionCodes?
    var parts: [Part] = []
    /// Compartments that travel although the statement does not name them.
    var added: [CarriedCompartment] = []
    var grants: [[UInt8]] = []
    /// What the statement says of grants, where that is not what travels.
    var namedGrants: [[UInt8]]?
    /// The register head it names, if not the newest; `.some(nil)` for none.
    var seen: SeenHead??
    var event: EventID?
    /// The time it claims, if not the time it is.
    var issuedAt: Timestamp?
    var place: (sequence: UInt64, previous: Hash256?)?
    var signer: (any Signer)?

    init(
        _ author: AgencyCode, _ control: ControlBody, in stream: StreamID = .control,
        decision: DecisionCodes? = nil, parts: [Part] = [], grants: [[UInt8]] = []
    ) {
        self.author = author
        self.control = control
        self.stream = stream
        self.decision = decision
        self.parts = parts
        self.grants = grants
    }

    func with(_ change: (inout Sketch) -> Void) -> Sketch {
        var copy = self
        change(&copy)
        return copy
    }
}

/// One compartment: what the statement says of it, and what travels.
struct Part {
    var descriptor: CompartmentDescriptor
    var carried: CarriedCompartment?
    /// The bytes of a compartment that stays home, for the share that gives it later.
    var kept: CarriedCompartment?
}

extension World {
    /// A sealed compartment, for a circle's epoch or, without one, for the author alone.
    func part(_ label: Label, in epoch: EpochID?, paddedLength: Int = 256, byteCount: Int = 40) -> Part {
        let id = CompartmentID(from: entropy)
        let content = entropy.bytes(count: byteCount)
        let wrap = epoch.map {
            KeyWrap(compartment: id, epoch: $0, wrapped: entropy.bytes(count: 40)).encoded
        }
        let descriptor = CompartmentDescriptor(
            id: id, label: label, paddedLength: ByteCount(paddedLength),
            contentHash: Hash256(hashing: content), wrapHash: wrap.map { Hash256(hashing: $0) },
            keyCommitment: .zero, fieldRoot: .zero, reader: epoch.map { .epoch($0) } ?? .home,
            caveats: [], expires: nil)
        let carried = CarriedCompartment(id: id, content: content, wrap: wrap)
        return Part(
            descriptor: descriptor, carried: epoch == nil ? nil : carried,
            kept: epoch == nil ? carried : nil)
    }

    /// A clear compartment for everybody or for the broker.
    func clearPart(
        _ label: Label, _ body: CompartmentBody, reader: CompartmentReader,
        fieldRoot: Hash256? = nil
    ) -> Part {
        let id = CompartmentID(from: entropy)
        let content = CarriedCompartment.clearContent(body)
        let descriptor = CompartmentDescriptor(
            id: id, label: label, paddedLength: ByteCount(content.count),
            contentHash: Hash256(hashing: content), wrapHash: nil, keyCommitment: nil,
            fieldRoot: fieldRoot ?? body.fieldRoot, reader: reader, caveats: [], expires: nil)
        return Part(
            descriptor: descriptor,
            carried: CarriedCompartment(id: id, content: content, wrap: nil))
    }

    func grant(to recipient: AgencyCode) -> [UInt8] {
        DirectGrant(
            salt: entropy.bytes(count: 16), recipient: recipient, kemKeyID: .zero, kem: 0x647a,
            kdf: 1, aead: 2, encapsulation: entropy.bytes(count: 8),
            sealed: entropy.bytes(count: 8)
        ).encoded
    }

    /// A circle; `labels` says who is due which.
    func circle(
        _ members: [AgencyCode], _ labels: [Label: [AgencyCode]] = [:], epoch: EpochID,
        from sequence: UInt64 = 0, bundle: Hash256?? = .none
    ) -> ControlBody {
        let ordered = members.sorted()
        let due = labels.mapValues { agencies in
            CircleLabel(
                members: ordered.indices.filter { agencies.contains(ordered[$0]) },
                keyCommitment: .zero)
        }
        let usual = labels.isEmpty || members.count == 1 ? nil : self.bundle.hash
        return .circle(
            CircleControl(
                epoch: epoch, members: ordered, labels: due, fromSequence: sequence,
                bundle: bundle ?? usual, reason: "case-opened"))
    }

    /// The codes that an agency decides under: each has its own lawful basis.
    func decision(
        of agency: AgencyCode, bundle: Hash256?? = .none, purpose: PurposeCode = "prevent-asb"
    ) -> DecisionCodes {
        let bases: [AgencyCode: BasisCode] = [
            World.police: "law-enforcement", World.homes: "recognised-interests",
            World.meadow: "recognised-interests",
        ]
        return DecisionCodes(
            bundle: bundle ?? self.bundle.hash, purpose: purpose, gateway: "cda-1998-s115",
            basis: bases[agency] ?? "public-task", condition: nil)
    }

    func adoption(by agency: AgencyCode, of bundle: RulesBundle? = nil) -> Sketch {
        let bundle = bundle ?? self.bundle
        let offices = (try? bundle.sharingProtocol())?.party(agency)?.offices ?? ["data-protection-officer"]
        return Sketch(agency, .adopt(bundle: bundle.hash, offices: offices))
    }

    /// The board's publication of a bundle; the body that travels may be another's.
    func publication(
        of hash: Hash256, carrying body: CompartmentBody, version: UInt64 = 1
    ) throws -> Submission {
        let event = EventID(from: entropy)
        let publication = ProtocolPublication(code: "jag", version: version, bundle: hash)
        let act = try board.act(publication, .protocol, event: event)
        var sketch = Sketch(Sketch.board, .protocol(act))
        sketch.event = event
        sketch.parts = [clearPart(PublishedProtocol.bundleLabel, body, reader: .public)]
        return try submission(sketch)
    }

    func address(of admitted: Admitted, _ number: Int = 0) -> CompartmentAddress {
        let submission = admitted.submission
        return CompartmentAddress(
            origin: submission.statement.origin, index: submission.index,
            compartment: submission.statement.payload.compartments[number].id)
    }
}
