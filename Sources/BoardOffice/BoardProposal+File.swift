import DeterministicCBOR
import EventLogs
import TallystickPrimitives

extension BoardProposal {
    /// The file's bytes.
    public var encoded: [UInt8] {
        let reading: CBOR =
            self.reading.map { .array([.bytes($0.yaml), .optional($0.inForce, CBOR.bytes)]) } ?? .null
        return CBOR.array([
            .text(BoardProposal.mark), .hash(fingerprint), .origin(origin), .id(event),
            .unsigned(motion.kind.rawValue), motion.item, reading,
            .map(of: signatures.map { (.hash($0.key), .bytes($0.value)) }),
        ]).encoded
    }

    /// Reads a file; nothing in it is believed yet.
    /// - Throws: `BoardOfficeError.notAProposal`.
    public init(decoding bytes: [UInt8]) throws(BoardOfficeError) {
        do {
            let items = try CBOR(decoding: bytes, limit: Limits.requestByteCount).items(count: 8)
            guard items[0] == .text(BoardProposal.mark) else { throw CBORShapeError("a proposal") }
            var signatures: [Hash256: [UInt8]] = [:]
            for pair in try items[7].entries().pairs {
                signatures[try pair.key.hash256()] = try pair.value.byteString(count: 64)
            }
            let reading = try items[6].orNil.map { (item) throws(CBORShapeError) in try ProposalReading(item) }
            self.init(
                fingerprint: try items[1].hash256(), origin: try items[2].origin(),
                event: try items[3].id(),
                motion: try BoardMotion(kind: try items[4].unsigned(), items[5], yaml: reading?.yaml),
                reading: reading, signatures: signatures)
        } catch { throw .notAProposal }
    }

    private static let mark = "tallystick/board-proposal/v2"
}

extension ProposalReading {
    fileprivate init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        let before: [UInt8]? = if let file = items[1].orNil { try file.byteString() } else { nil }
        self.init(yaml: try items[0].byteString(), inForce: before)
    }
}

extension BoardMotion {
    fileprivate var item: CBOR {
        switch self {
        case .enrol(let decision): decision.item
        case .witnesses(let decision): decision.item
        case .publish(let decision, _): decision.item
        case .activate(let decision): decision.item
        case .revoke(let decision): decision.item
        case .members(let decision): decision.item
        case .succession(let decision): decision.item
        case .reassign(let decision): decision.item
        }
    }

    fileprivate init(kind: UInt64, _ item: CBOR, yaml: [UInt8]?) throws(CBORShapeError) {
        switch StatementKind(rawValue: kind) {
        case .enrol: self = .enrol(try Enrolment(item))
        case .witnesses: self = .witnesses(try WitnessList(item))
        case .protocol:
            guard let yaml else { throw CBORShapeError("the protocol's file") }
            self = .publish(try ProtocolPublication(item), yaml: yaml)
        case .activate: self = .activate(try Activation(item))
        case .revoke: self = .revoke(try PartyRevocation(item))
        case .members: self = .members(try BoardMembership(item))
        case .succession: self = .succession(try Succession(item))
        case .reassign: self = .reassign(try Reassignment(item))
        default: throw CBORShapeError("a board's act")
        }
    }
}
