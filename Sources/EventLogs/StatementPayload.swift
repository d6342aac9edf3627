public import DeterministicCBOR
public import TallystickPrimitives

/// The content of a statement: random identifiers, codes and hashes only (WIRE §4).
public struct StatementPayload: Hashable, Sendable {
    /// The stream this belongs to.
    public let stream: StreamID
    /// The place in the stream, from 0.
    public let sequence: UInt64
    /// SHA-256 of the stream's previous statement; nil at sequence 0.
    public let previous: Hash256?
    /// The newest register head the author had verified; nil until the log first names one (decision 0002).
    public let seen: SeenHead?
    /// The clear type.
    public let kind: StatementKind
    /// What travels beside the statement.
    public let compartments: [CompartmentDescriptor]
    /// SHA-256 of each direct grant that travels beside the statement.
    public let grants: [Hash256]
    /// The rules decided under.
    public let decision: DecisionCodes?
    /// What a statement of this kind says in the clear.
    public let control: ControlBody

    /// States a payload.
    public init(
        stream: StreamID, sequence: UInt64, previous: Hash256?, seen: SeenHead?, compartments: [CompartmentDescriptor],
        grants: [Hash256], decision: DecisionCodes?, control: ControlBody
    ) {
        self.stream = stream
        self.sequence = sequence
        self.previous = previous
        self.seen = seen
        kind = control.kind
        self.compartments = compartments
        self.grants = grants
        self.decision = decision
        self.control = control
    }

    /// The bytes that are signed.
    public var encoded: [UInt8] {
        let values: [CBOR] = [
            .unsigned(1), .id(stream), .unsigned(sequence), .bytes(previous?.bytes ?? []),
            .optional(seen, \.item), .unsigned(kind.rawValue), .array(compartments.map(\.item)),
            .array(grants.map(CBOR.hash)), .optional(decision, \.item), control.item,
        ]
        return CBOR.map(of: zip(1..., values).map { (.unsigned(UInt64($0)), $1) }).encoded
    }

    /// Decodes a payload of format 1.
    ///
    /// - Throws: `PayloadError`, naming the key at fault.
    public init(decoding bytes: [UInt8]) throws(PayloadError) {
        let map: CBORMap
        do { map = try CBOR(decoding: bytes, limit: Limits.statementByteCount).entries() } catch let error as CBORError
        {
            throw .notDeterministic(error)
        } catch { throw .wrongShape(key: 0, expected: "a map") }
        var values: [CBOR] = []
        values.reserveCapacity(map.pairs.count)
        for (position, pair) in map.pairs.enumerated() {
            guard pair.key == .unsigned(UInt64(position + 1)) else { throw .wrongKeys }
            values.append(pair.value)
        }
        guard values.count == 10 else { throw .wrongKeys }
        guard values[0] == .unsigned(1) else { throw .unknownFormat }
        let number = try payloadPart(6) { () throws(CBORShapeError) in try values[5].unsigned() }
        guard let kind = StatementKind(rawValue: number) else { throw .unknownKind(number) }
        self.kind = kind
        stream = try payloadPart(2) { () throws(CBORShapeError) in try values[1].id() }
        sequence = try payloadPart(3) { () throws(CBORShapeError) in try values[2].unsigned() }
        previous = try payloadPart(4) { () throws(CBORShapeError) in
            values[3] == .bytes([]) ? nil : try values[3].hash256()
        }
        seen = try payloadPart(5) { () throws(CBORShapeError) in try values[4].orNil.map(SeenHead.init) }
        compartments = try payloadPart(7) { () throws(CBORShapeError) in
            var list: [CompartmentDescriptor] = []
            for item in try values[6].items(atMost: Limits.compartmentCount) {
                list.append(try CompartmentDescriptor(item))
            }
            return list
        }
        grants = try payloadPart(8) { () throws(CBORShapeError) in
            var list: [Hash256] = []
            for item in try values[7].items(atMost: Limits.grantCount) { list.append(try item.hash256()) }
            return list
        }
        decision = try payloadPart(9) { () throws(CBORShapeError) in try values[8].orNil.map(DecisionCodes.init) }
        control = try payloadPart(10) { () throws(CBORShapeError) in try ControlBody(kind: kind, item: values[9]) }
        try check()
    }

    private func check() throws(PayloadError) {
        guard (sequence == 0) == (previous == nil) else { throw .previousDoesNotFitSequence }
        guard kind.isControl == (stream == .control) else { throw .kindNotAllowedInStream(kind) }
        guard compartments.count < 2 || Set(compartments.map(\.id)).count == compartments.count else {
            throw .duplicateCompartment
        }
        guard Set(grants).count == grants.count else { throw .duplicateGrant }
    }
}

/// Why bytes are not a statement's payload.
public enum PayloadError: Error, Hashable, Sendable {
    /// Not one item of the strict subset.
    case notDeterministic(CBORError)
    /// The keys are not exactly 1 to 10.
    case wrongKeys
    /// Key 1 is not a format this program knows.
    case unknownFormat
    /// The kind is not in the list; refused until it is activated.
    case unknownKind(UInt64)
    /// The value of a key is not what its place calls for.
    case wrongShape(key: Int, expected: String)
    /// Sequence 0 has no previous statement; every other has one.
    case previousDoesNotFitSequence
    /// Control kinds live in the control stream, all others outside it.
    case kindNotAllowedInStream(StatementKind)
    /// One compartment identifier occurs twice.
    case duplicateCompartment
    /// One grant occurs twice.
    case duplicateGrant
}

private func payloadPart<Value>(
    _ key: Int, _ body: () throws(CBORShapeError) -> Value
) throws(PayloadError) -> Value {
    do { return try body() } catch { throw .wrongShape(key: key, expected: error.expected) }
}
