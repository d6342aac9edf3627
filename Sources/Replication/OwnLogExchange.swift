import DeterministicCBOR
import EventLogs
public import TallystickPrimitives

/// The answer to `GET /v1/own/edge?from=`: what the broker has of the asker's own log.
public struct OwnLogEdge: Hashable, Sendable {
    /// The newest head that the log pushed; empty when nothing of it is registered.
    public let headNote: [UInt8]
    /// The leaf hashes from the index asked for, in order, as many as one answer holds.
    public let hashes: [Hash256]

    /// States an edge.
    public init(headNote: [UInt8], hashes: [Hash256]) {
        self.headNote = headNote
        self.hashes = hashes
    }

    /// The body's bytes.
    public var encoded: [UInt8] { CBOR.array([.bytes(headNote), .array(hashes.map(CBOR.hash))]).encoded }

    /// Decodes a body.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let items = try wireItems(bytes, limit: Limits.requestByteCount)
        guard items.count == 2 else { throw .shape("an array of 2 items") }
        headNote = try wireShape { () throws(CBORShapeError) in try items[0].byteString() }
        guard headNote.count <= Limits.noteByteCount else { throw .shape("a note within its limit") }
        hashes = try wireShape { () throws(CBORShapeError) in
            var list: [Hash256] = []
            for item in try items[1].items(atMost: Limits.pageLeafCount) { list.append(try item.hash256()) }
            return list
        }
    }
}

/// The answer to `GET /v1/own?from=`: statements of the asker's own log, with everything that the broker has beside them.
public struct OwnLogPage: Hashable, Sendable {
    /// The statements from the index asked for, in order, as many as one answer holds.
    public let statements: [CarriedStatement]

    /// States a page.
    public init(statements: [CarriedStatement]) { self.statements = statements }

    /// The body's bytes.
    public var encoded: [UInt8] { CBOR.array(statements.map(\.item)).encoded }

    /// Decodes a body.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let item = try wireItem(bytes, limit: Limits.cborByteCount)
        statements = try wireShape { () throws(CBORShapeError) in
            var list: [CarriedStatement] = []
            for item in try item.items(atMost: Limits.pageStatementCount) { list.append(try CarriedStatement(item)) }
            return list
        }
    }
}
