import DeterministicCBOR
public import EventLogs
public import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// What a log's own party asks the witnesses after its log was put back: which head of it they cosigned last. Answers are
/// for this one question, so that no older one can be shown in its place (WIRE §2, rollback).
public struct HeadQuery: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// 32 random bytes.
    public let nonce: [UInt8]

    /// Asks.
    ///
    /// - Parameter nonce: 32 random bytes; nil for any other number of them.
    public init?(origin: Origin, nonce: [UInt8]) {
        guard nonce.count == HeadQuery.nonceByteCount else { return nil }
        self.origin = origin
        self.nonce = nonce
    }

    /// Bytes of a nonce.
    public static let nonceByteCount = 32

    var item: CBOR { .array([.origin(origin), .bytes(nonce)]) }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        guard let query = HeadQuery(origin: try items[0].origin(), nonce: try items[1].byteString()) else {
            throw CBORShapeError("a nonce of \(HeadQuery.nonceByteCount) bytes")
        }
        self = query
    }
}

/// What one witness answers: the note of the head that it cosigned last, or that it cosigned none.
public struct HeadTestimony: Hashable, Sendable {
    /// The head with its log's signature; nil for none.
    public let note: [UInt8]?
    /// The witness's Ed25519 signature over query and note.
    public let signature: [UInt8]

    /// States one that somebody else made.
    public init(note: [UInt8]?, signature: [UInt8]) {
        self.note = note
        self.signature = signature
    }

    /// Answers a query.
    public static func sign(
        _ query: HeadQuery, note: [UInt8]?, with signer: any Signer
    ) throws -> HeadTestimony {
        HeadTestimony(note: note, signature: try signer.sign(signed(query, note)))
    }

    /// Whether a key signed this answer to this query.
    public func isSigned(by key: VerificationKey, for query: HeadQuery) -> Bool {
        key.isValid(signature: signature, over: HeadTestimony.signed(query, note))
    }

    // Nothing else that the key signs begins like this: a cosignature begins with text (c2sp.org/tlog-cosignature).
    private static func signed(_ query: HeadQuery, _ note: [UInt8]?) -> [UInt8] {
        CBOR.array([
            .text("tallystick/head-query/v1"), .origin(query.origin), .bytes(query.nonce),
            .optional(note.map { Hash256(hashing: $0) }, CBOR.hash),
        ]).encoded
    }

    var item: CBOR { .array([.optional(note, CBOR.bytes), .bytes(signature)]) }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        note = try items[0].orNil?.byteString()
        signature = try items[1].byteString()
    }
}

/// The answer to `POST /v1/own/query`: what the witnesses have said so far.
public struct HeadTestimonies: Hashable, Sendable {
    /// Each witness's answer; who gave it is told by its signature.
    public let testimonies: [HeadTestimony]

    /// States them.
    public init(testimonies: [HeadTestimony]) { self.testimonies = testimonies }

    /// The body's bytes.
    public var encoded: [UInt8] { CBOR.array(testimonies.map(\.item)).encoded }

    /// Decodes a body.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let item = try wireItem(bytes, limit: Limits.requestByteCount)
        testimonies = try wireShape { () throws(CBORShapeError) in
            var list: [HeadTestimony] = []
            for one in try item.items(atMost: Limits.testimonyCount) { list.append(try HeadTestimony(one)) }
            return list
        }
    }

    /// The note of each listed operator that has answered, nil where it has cosigned nothing; an answer that no listed key
    /// signed is nobody's.
    ///
    /// - Parameter list: the board's, without whom is not asked.
    public func notes(for query: HeadQuery, by list: [WitnessList.Entry]) -> [String: [UInt8]?] {
        var found: [String: [UInt8]?] = [:]
        for entry in list {
            guard let key = try? NoteVerifierKey(parsing: entry.verifierKey), key.kind == .cosignature,
                let testimony = testimonies.first(where: { $0.isSigned(by: key.key, for: query) })
            else { continue }
            found.updateValue(testimony.note, forKey: entry.operator)
        }
        return found
    }
}

extension Limits {
    /// Witnesses' answers to one query: as many as a board lists, and more.
    public static let testimonyCount = 64
    /// Bytes of a note in one of them: a head and its signatures.
    public static let testimonyNoteByteCount = 16_384
}
