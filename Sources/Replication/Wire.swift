import DeterministicCBOR
public import EventLogs
public import TallystickPrimitives

/// Why bytes from a peer are not what their place calls for.
public enum WireFault: Error, Hashable, Sendable {
    /// Not one item of the strict subset.
    case cbor(CBORFaultText)
    /// Not the shape of its place.
    case shape(String)
    /// A statement that does not read.
    case statement(StatementFault)
}

/// The strict decoder's words, kept as text so that callers need not know the decoder.
public struct CBORFaultText: Hashable, Sendable {
    /// Such as `truncated(at: 12)`.
    public let text: String
}

func wireItem(_ bytes: [UInt8], limit: Int) throws(WireFault) -> CBOR {
    do { return try CBOR(decoding: bytes, limit: limit) } catch { throw .cbor(CBORFaultText(text: "\(error)")) }
}

func wireItems(_ bytes: [UInt8], limit: Int) throws(WireFault) -> [CBOR] {
    let item = try wireItem(bytes, limit: limit)
    guard case .array(let items) = item else { throw .shape("an array") }
    return items
}

func wireShape<Value>(_ body: () throws(CBORShapeError) -> Value) throws(WireFault) -> Value {
    do { return try body() } catch { throw .shape(error.expected) }
}

/// A statement with what travels beside it, as it is pushed and fed.
public struct CarriedStatement: Hashable, Sendable {
    /// The exact bytes.
    public let bytes: [UInt8]
    /// The compartments that travel with it to this receiver.
    public let compartments: [CarriedCompartment]
    /// The grants that travel with it to this receiver.
    public let grants: [[UInt8]]

    /// States a carried statement.
    public init(bytes: [UInt8], compartments: [CarriedCompartment], grants: [[UInt8]]) {
        self.bytes = bytes
        self.compartments = compartments
        self.grants = grants
    }

    /// The bytes of all of it, without their framing.
    public var byteCount: Int {
        bytes.count + compartments.reduce(0) { $0 + $1.content.count + ($1.wrap?.count ?? 0) }
            + grants.reduce(0) { $0 + $1.count }
    }

    var item: CBOR {
        .array([
            .bytes(bytes), .array(compartments.map(carriedItem)), .array(grants.map(CBOR.bytes)),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 3)
        bytes = try items[0].byteString()
        guard bytes.count <= Limits.statementByteCount else {
            throw CBORShapeError("a statement of at most \(Limits.statementByteCount) bytes")
        }
        var carried: [CarriedCompartment] = []
        for part in try items[1].items(atMost: Limits.shareCompartmentCount) {
            carried.append(try carriedCompartment(part))
        }
        compartments = carried
        var grants: [[UInt8]] = []
        for grant in try items[2].items(atMost: Limits.grantCount) { grants.append(try grant.byteString()) }
        guard grants.allSatisfy({ $0.count <= Limits.grantByteCount }) else {
            throw CBORShapeError("grants of at most \(Limits.grantByteCount) bytes")
        }
        self.grants = grants
    }
}

private func carriedItem(_ compartment: CarriedCompartment) -> CBOR {
    .array([.id(compartment.id), .bytes(compartment.content), .optional(compartment.wrap, CBOR.bytes)])
}

private func carriedCompartment(_ item: CBOR) throws(CBORShapeError) -> CarriedCompartment {
    let items = try item.items(count: 3)
    let content = try items[1].byteString()
    guard content.count <= Limits.carriedByteCount else {
        throw CBORShapeError("a compartment of at most \(Limits.carriedByteCount) bytes")
    }
    let wrap = try items[2].orNil?.byteString()
    guard wrap?.count ?? 0 <= Limits.wrapByteCount else {
        throw CBORShapeError("a wrap of at most \(Limits.wrapByteCount) bytes")
    }
    return CarriedCompartment(id: try items[0].id(), content: content, wrap: wrap)
}

/// The body of `POST /v1/push`: the next statements of one log and its signed head after them.
public struct PushRequest: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// The index of the first statement.
    public let firstIndex: LeafIndex
    /// The statements, in index order.
    public let statements: [CarriedStatement]
    /// The log's signed head; its size is the index after the last statement.
    public let headNote: [UInt8]

    /// States a push.
    public init(origin: Origin, firstIndex: LeafIndex, statements: [CarriedStatement], headNote: [UInt8]) {
        self.origin = origin
        self.firstIndex = firstIndex
        self.statements = statements
        self.headNote = headNote
    }

    /// The body's bytes.
    public var encoded: [UInt8] {
        CBOR.array([
            .origin(origin), .unsigned(firstIndex.value), .array(statements.map(\.item)), .bytes(headNote),
        ]).encoded
    }

    /// Decodes a body.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let items = try wireItems(bytes, limit: Limits.requestByteCount)
        guard items.count == 4 else { throw .shape("an array of 4 items") }
        origin = try wireShape { () throws(CBORShapeError) in try items[0].origin() }
        firstIndex = LeafIndex(try wireShape { () throws(CBORShapeError) in try items[1].unsigned() })
        statements = try wireShape { () throws(CBORShapeError) in
            var list: [CarriedStatement] = []
            for item in try items[2].items(atMost: Limits.pageStatementCount) {
                list.append(try CarriedStatement(item))
            }
            guard !list.isEmpty else { throw CBORShapeError("at least one statement") }
            return list
        }
        headNote = try wireShape { () throws(CBORShapeError) in try items[3].byteString() }
        guard headNote.count <= Limits.noteByteCount else { throw .shape("a note within its limit") }
    }
}

/// What the broker decided about one pushed statement, with the proof that it is registered.
public struct AdmissionReceipt: Hashable, Sendable {
    /// The register position.
    public let position: UInt64
    /// det([register leaf, COSE receipt]) (WIRE §4, admission proof).
    public let proof: [UInt8]

    /// States a receipt.
    public init(position: UInt64, leaf: [UInt8], receipt: [UInt8]) {
        self.position = position
        proof = CBOR.array([.bytes(leaf), .bytes(receipt)]).encoded
    }

    var item: CBOR { .array([.unsigned(position), .bytes(proof)]) }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        position = try items[0].unsigned()
        proof = try items[1].byteString()
    }

    /// The register leaf and the COSE receipt inside the proof.
    public func parts() throws(WireFault) -> (leaf: RegisterLeaf, receipt: [UInt8]) {
        try AdmissionReceipt.parts(of: proof)
    }

    /// The register leaf and the COSE receipt inside an admission proof.
    public static func parts(of proof: [UInt8]) throws(WireFault) -> (leaf: RegisterLeaf, receipt: [UInt8]) {
        let items = try wireItems(proof, limit: Limits.statementByteCount)
        guard items.count == 2 else { throw .shape("a leaf and a receipt") }
        let leaf = try wireShape { () throws(CBORShapeError) in try items[0].byteString() }
        let receipt = try wireShape { () throws(CBORShapeError) in try items[1].byteString() }
        return (try RegisterLeaf(decoding: leaf), receipt)
    }
}

/// The answer to a push: a receipt for each statement, in order.
public struct PushAnswer: Hashable, Sendable {
    /// The receipts.
    public let receipts: [AdmissionReceipt]

    /// States an answer.
    public init(receipts: [AdmissionReceipt]) { self.receipts = receipts }

    /// The body's bytes.
    public var encoded: [UInt8] { CBOR.array(receipts.map(\.item)).encoded }

    /// Decodes a body.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let items = try wireItems(bytes, limit: Limits.requestByteCount)
        receipts = try wireShape { () throws(CBORShapeError) in
            guard items.count <= Limits.pageStatementCount else {
                throw CBORShapeError("at most \(Limits.pageStatementCount) receipts")
            }
            var list: [AdmissionReceipt] = []
            for item in items { list.append(try AdmissionReceipt(item)) }
            return list
        }
    }
}
