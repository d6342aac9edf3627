import DeterministicCBOR
public import TallystickPrimitives
public import TransparencyLog

/// A head that a log would have cosigned, as the broker offers it to one witness.
public struct HeadOffer: Hashable, Sendable {
    /// The head and the proof from the size that the witness says it cosigned last; travels as the body of
    /// `add-checkpoint` (c2sp.org/tlog-witness).
    public let request: WitnessRequest
    /// The root that the offered tree has at that size; nil at size 0. Where it is not the witness's, the proof shows
    /// that the log has told two stories.
    public let olderRoot: Hash256?

    /// States an offer.
    public init(request: WitnessRequest, olderRoot: Hash256?) {
        self.request = request
        self.olderRoot = olderRoot
    }

    var item: CBOR { .array([.bytes(request.body), .optional(olderRoot, CBOR.hash)]) }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        let body = try items[0].byteString()
        do throws(WitnessRefusal) { request = try WitnessRequest(parsing: body) } catch {
            throw CBORShapeError("the body of an add-checkpoint request")
        }
        olderRoot = try items[1].orNil?.hash256()
    }
}

/// The answer to `POST /v1/witness/heads`: what there is to cosign.
public struct HeadOffers: Hashable, Sendable {
    /// An offer for each log that has something new for the witness.
    public let offers: [HeadOffer]
    /// What parties ask about their own logs, and this witness has not answered.
    public let queries: [HeadQuery]

    /// States the offers.
    public init(offers: [HeadOffer], queries: [HeadQuery] = []) {
        self.offers = offers
        self.queries = queries
    }

    /// The body's bytes.
    public var encoded: [UInt8] { CBOR.array([.array(offers.map(\.item)), .array(queries.map(\.item))]).encoded }

    /// Decodes a body. An offer that does not read is left out: one log must not keep the others from being cosigned.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let items = try wireItems(bytes, limit: Limits.cborByteCount)
        guard items.count == 2 else { throw .shape("an array of 2 items") }
        offers = try wireShape { () throws(CBORShapeError) in
            try items[0].items(atMost: Limits.offeredHeadCount).compactMap { try? HeadOffer($0) }
        }
        queries = try wireShape { () throws(CBORShapeError) in
            try items[1].items(atMost: Limits.offeredHeadCount).compactMap { try? HeadQuery($0) }
        }
    }
}

/// The body of `POST /v1/witness/heads`: how far a witness has cosigned each log, det({origin: size}).
public struct WitnessStanding: Hashable, Sendable {
    /// The sizes; a log that is not named has never been cosigned.
    public let sizes: [Origin: TreeSize]

    /// States how far it has got.
    public init(sizes: [Origin: TreeSize]) { self.sizes = sizes }

    /// The body's bytes.
    public var encoded: [UInt8] {
        CBOR.map(of: sizes.map { (.origin($0.key), .unsigned($0.value.value)) }).encoded
    }

    /// Decodes a body.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let item = try wireItem(bytes, limit: Limits.requestByteCount)
        sizes = try wireShape { () throws(CBORShapeError) in
            let pairs = try item.entries().pairs
            guard pairs.count <= Limits.offeredHeadCount else {
                throw CBORShapeError("at most \(Limits.offeredHeadCount) logs")
            }
            var found: [Origin: TreeSize] = [:]
            for pair in pairs { found[try pair.key.origin()] = TreeSize(try pair.value.unsigned()) }
            return found
        }
    }
}

/// What a witness says to one offer.
public enum WitnessAnswer: Hashable, Sendable {
    /// Its cosignature line, as the answer to `add-checkpoint` has it.
    case cosigned(Origin, line: [UInt8])
    /// It found that the log has told two stories; the evidence file.
    case equivocation(file: [UInt8])
    /// Its answer to what a party asks about its own log.
    case testimony(HeadQuery, HeadTestimony)

    var item: CBOR {
        switch self {
        case .cosigned(let origin, let line): .array([.unsigned(0), .origin(origin), .bytes(line)])
        case .equivocation(let file): .array([.unsigned(1), .bytes(file)])
        case .testimony(let query, let testimony): .array([.unsigned(2), query.item, testimony.item])
        }
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items()
        switch (items.first, items.count) {
        case (.unsigned(0)?, 3): self = .cosigned(try items[1].origin(), line: try items[2].byteString())
        case (.unsigned(1)?, 2): self = .equivocation(file: try items[1].byteString())
        case (.unsigned(2)?, 3): self = .testimony(try HeadQuery(items[1]), try HeadTestimony(items[2]))
        default: throw CBORShapeError("a cosignature, an evidence file or an answer to a query")
        }
    }
}

/// The body of `POST /v1/witness/answers`.
public struct WitnessAnswers: Hashable, Sendable {
    /// What the witness says to the offers that it did not refuse without a word.
    public let answers: [WitnessAnswer]

    /// States the answers.
    public init(answers: [WitnessAnswer]) { self.answers = answers }

    /// The body's bytes.
    public var encoded: [UInt8] { CBOR.array(answers.map(\.item)).encoded }

    /// Decodes a body.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let item = try wireItem(bytes, limit: Limits.requestByteCount)
        answers = try wireShape { () throws(CBORShapeError) in
            var list: [WitnessAnswer] = []
            for answer in try item.items(atMost: Limits.offeredHeadCount) { list.append(try WitnessAnswer(answer)) }
            return list
        }
    }
}

/// The answer to `GET /v1/cosigned?size=`: the newest final head of each log, and what is known against any.
public struct CosignedHeads: Hashable, Sendable {
    /// The note of each log with its cosignatures.
    public let notes: [Origin: [UInt8]]
    /// From the register's final head to the size that was asked for; empty where that is smaller.
    public let registerProof: [Hash256]
    /// Evidence files.
    public let evidence: [[UInt8]]

    /// States an answer.
    public init(notes: [Origin: [UInt8]], registerProof: [Hash256], evidence: [[UInt8]]) {
        self.notes = notes
        self.registerProof = registerProof
        self.evidence = evidence
    }

    /// The body's bytes.
    public var encoded: [UInt8] {
        CBOR.array([
            CBOR.map(of: notes.map { (.origin($0.key), .bytes($0.value)) }), .array(registerProof.map(CBOR.hash)),
            .array(evidence.map(CBOR.bytes)),
        ]).encoded
    }

    /// Decodes a body.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let items = try wireItems(bytes, limit: Limits.cborByteCount)
        guard items.count == 3 else { throw .shape("an array of 3 items") }
        notes = try wireShape { () throws(CBORShapeError) in
            var found: [Origin: [UInt8]] = [:]
            for pair in try items[0].entries().pairs { found[try pair.key.origin()] = try pair.value.byteString() }
            return found
        }
        registerProof = try wireShape { () throws(CBORShapeError) in
            var list: [Hash256] = []
            for hash in try items[1].items(atMost: WitnessRequest.proofLimit) { list.append(try hash.hash256()) }
            return list
        }
        evidence = try wireShape { () throws(CBORShapeError) in
            var list: [[UInt8]] = []
            for file in try items[2].items(atMost: Limits.offeredHeadCount) { list.append(try file.byteString()) }
            return list
        }
    }
}

extension Limits {
    /// Logs in one exchange of a witness: as many as a partnership can have parties, and more.
    public static let offeredHeadCount = 1024
}
