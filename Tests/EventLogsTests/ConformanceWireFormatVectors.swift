import DeterministicCBOR
import EventLogs
import TallystickPrimitives
import TallystickTesting
import Testing

/// A statement as the vectors spell it out, and as `docs/wire-format.md` names its parts.
struct WireStatement: Decodable, Sendable {
    let id: String
    let kind: UInt64
    let seed: HexBytes
    let public_key: HexBytes
    let key_id: HexBytes
    let origin: String
    let event: HexBytes
    let issued_at: UInt64
    let stream: HexBytes
    let sequence: UInt64
    let previous: HexBytes
    let seen: WireSeen?
    let compartments: [WireDescriptor]
    let grants: [HexBytes]
    let decision: WireDecision?
    let control: WireControl?
    let payload: HexBytes
    let protected: HexBytes
    let sig_structure: HexBytes
    let statement: HexBytes
    let hash: HexBytes
    let leaf_hash: HexBytes

    /// The payload that the parts make, built through the public initialisers alone.
    func made() throws -> StatementPayload {
        let kind = try #require(StatementKind(rawValue: kind))
        return StatementPayload(
            stream: try stream.id(), sequence: sequence,
            previous: previous.bytes.isEmpty ? nil : try previous.hash(), seen: try seen?.made(),
            compartments: try compartments.map { try $0.made() },
            grants: try grants.map { try $0.hash() }, decision: try decision?.made(),
            control: try (control ?? WireControl()).made(kind))
    }
}

/// A register head.
struct WireSeen: Decodable, Sendable {
    let origin: String
    let size: UInt64
    let root: HexBytes

    func made() throws -> SeenHead {
        SeenHead(origin: try wireOrigin(origin), size: TreeSize(size), root: try root.hash())
    }
}

/// A decision's codes.
struct WireDecision: Decodable, Sendable {
    let bundle: HexBytes?
    let purpose: String
    let gateway: String
    let basis: String
    let condition: String?

    func made() throws -> DecisionCodes {
        DecisionCodes(
            bundle: try bundle?.hash(), purpose: try wireCode(purpose),
            gateway: try wireCode(gateway), basis: try wireCode(basis),
            condition: try condition.map { try wireCode($0) })
    }
}

/// What a statement says of one compartment.
struct WireDescriptor: Decodable, Sendable {
    let id: HexBytes
    let label: String
    let padded_length: Int
    let content_hash: HexBytes
    let wrap_hash: HexBytes?
    let key_commitment: HexBytes?
    let field_root: HexBytes
    let reader: UInt64?
    let epoch: HexBytes?
    let caveats: [String]
    let expires: UInt64?

    func made() throws -> CompartmentDescriptor {
        CompartmentDescriptor(
            id: try id.id(), label: try wireCode(label), paddedLength: ByteCount(padded_length),
            contentHash: try content_hash.hash(), wrapHash: try wrap_hash?.hash(),
            keyCommitment: try key_commitment?.hash(), fieldRoot: try field_root.hash(),
            reader: try madeReader(), caveats: try caveats.map { try wireCode($0) },
            expires: expires.map { Timestamp(wholeSeconds: $0) })
    }

    private func madeReader() throws -> CompartmentReader {
        if let epoch { return .epoch(try epoch.id()) }
        let readers: [CompartmentReader] = [.home, .pointer, .match, .public]
        return readers[Int(try #require(reader))]
    }
}

/// A decision of the board; which parts there are depends on the kind.
struct WireBoardDecision: Decodable, Sendable {
    struct Witness: Decodable, Sendable {
        let verifier_key: String
        let `operator`: String
        let is_party: Bool
    }
    let agency: String?
    let party: String?
    let origin: String?
    let root_key: HexBytes?
    let certificate: HexBytes?
    let expires: UInt64?
    let scope: String?
    let witnesses: [Witness]?
    let code: String?
    let version: UInt64?
    let bundle: HexBytes?
    let position: UInt64?
    let key_id: HexBytes?
    let compromised_after: UInt64?
    let threshold: Int?
    let board_keys: [HexBytes]?
    let predecessor: String?
    let successor: String?
    let schedule: Schedule?
    let keeper: String?
    let moves: [Move]?
    let reason: String?

    struct Schedule: Decodable, Sendable {
        let hash: HexBytes
        let case_count: UInt64
    }
    struct Move: Decodable, Sendable {
        let matter: WireAddress
        let lead: WireAddress?
        let recipient: String
        let acceptance: WireAddress
    }

    func madeSuccession() throws -> Succession {
        Succession(
            predecessor: try wireCode(#require(predecessor)), successor: try wireCode(#require(successor)),
            schedule: try schedule.map { Succession.Schedule(hash: try $0.hash.hash(), caseCount: $0.case_count) },
            position: TreeSize(try #require(position)), keeper: try keeper.map { try wireCode($0) })
    }

    func reassignment() throws -> Reassignment {
        Reassignment(
            moves: try #require(moves).map {
                Reassignment.Move(
                    matter: try $0.matter.asStream(), lead: try $0.lead?.asEvent(),
                    recipient: try wireCode($0.recipient),
                    acceptance: try $0.acceptance.asEvent())
            }, reason: try wireCode(#require(reason)))
    }

    func revocation() throws -> PartyRevocation {
        PartyRevocation(
            agency: try wireCode(#require(agency)), keyID: try #require(key_id).hash(),
            compromisedAfter: TreeSize(try #require(compromised_after)))
    }

    func membership() throws -> BoardMembership {
        BoardMembership(threshold: try #require(threshold), keys: try #require(board_keys).map(\.bytes))
    }

    func enrolment() throws -> Enrolment {
        Enrolment(
            agency: try wireCode(#require(agency)), party: try wireParty(party),
            origin: try wireOrigin(#require(origin)), rootKey: try #require(root_key).bytes,
            certificate: try #require(certificate).bytes,
            expires: expires.map { Timestamp(wholeSeconds: $0) }, scope: scope)
    }

    func witnessList() throws -> WitnessList {
        WitnessList(
            entries: try #require(witnesses).map {
                WitnessList.Entry(
                    verifierKey: $0.verifier_key, operator: $0.operator, isParty: $0.is_party)
            })
    }

    func publication() throws -> ProtocolPublication {
        ProtocolPublication(
            code: try wireCode(#require(code)), version: try #require(version),
            bundle: try #require(bundle).hash())
    }

    func activation() throws -> Activation {
        Activation(
            bundle: try #require(bundle).hash(), position: TreeSize(try #require(position)))
    }
}

/// A stream or an event by its full name.
struct WireAddress: Decodable, Sendable {
    let origin: String
    let stream: HexBytes?
    let event: HexBytes?

    func asStream() throws -> StreamAddress {
        StreamAddress(origin: try wireOrigin(origin), stream: try #require(self.stream).id())
    }

    func asEvent() throws -> EventAddress {
        EventAddress(origin: try wireOrigin(origin), event: try #require(self.event).id())
    }
}

/// A signature of a board member.
struct WireSignature: Decodable, Sendable {
    let key_id: HexBytes
    let signature: HexBytes

    static func byKey(_ list: [WireSignature]) throws -> [Hash256: [UInt8]] {
        var signatures: [Hash256: [UInt8]] = [:]
        for entry in list { signatures[try entry.key_id.hash()] = entry.signature.bytes }
        return signatures
    }
}

func wireOrigin(_ text: String) throws -> Origin { try #require(Origin(text)) }

func wireCode<Tag>(_ text: String) throws -> Code<Tag> { try #require(Code<Tag>(text)) }

func wireParty(_ text: String?) throws -> PartyKind {
    try #require(text.flatMap(PartyKind.init(rawValue:)))
}

extension HexBytes {
    func hash() throws -> Hash256 { try #require(Hash256(bytes: bytes)) }

    func id<Tag>() throws -> RandomID<Tag> { try #require(RandomID<Tag>(bytes: bytes)) }
}
