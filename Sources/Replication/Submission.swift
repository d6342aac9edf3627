public import EventLogs
public import SignedStatements
public import TallystickPrimitives

/// A statement as its author pushed it, with everything worked out that can be judged without knowing any other.
///
/// Hashes and clear contents are read and the signature is checked once, when it is made, so that many can be made at
/// the same time and the one place that registers them only compares. It never changes and is passed about a lot, hence
/// a reference.
public final class Submission: Sendable {
    /// Its index in its log.
    public let index: LeafIndex
    /// The statement.
    public let statement: Statement
    /// The compartments that came with it.
    public let compartments: [CarriedCompartment]
    /// The grants that came with it.
    public let grants: [[UInt8]]
    /// For each grant who can open it; nil for one that does not read.
    public let grantRecipients: [AgencyCode?]
    /// Its signature, if it has been checked and stands; it says by which key.
    public let signature: VerifiedStatement?
    let parts: [SubmittedPart]
    let grantHashes: [Hash256]

    /// States a submission.
    ///
    /// - Parameter keys: those that the signature is checked with, if the statement names one of them. Nothing is
    ///   refused here: which key may sign is for the roster in force at admission to say.
    public init(
        index: LeafIndex, statement: Statement, compartments: [CarriedCompartment], grants: [[UInt8]],
        keys: [VerificationKey] = []
    ) {
        self.index = index
        self.statement = statement
        self.compartments = compartments
        self.grants = grants
        let described = statement.payload.compartments
        parts = compartments.map { carried in
            SubmittedPart(carried, described: described.first { $0.id == carried.id })
        }
        grantHashes = grants.map { Hash256(hashing: $0) }
        grantRecipients = grants.map { try? DirectGrant(decoding: $0).recipient }
        let keyID = statement.signed.header.keyID
        signature = keys.first { $0.keyID == keyID }.flatMap { try? statement.signed.verified(by: $0) }
    }

    private init(_ other: Submission, at index: LeafIndex, compartmentsAt places: [Int]) {
        self.index = index
        statement = other.statement
        compartments = places.map { other.compartments[$0] }
        grants = other.grants
        grantRecipients = other.grantRecipients
        signature = other.signature
        parts = places.map { other.parts[$0] }
        grantHashes = other.grantHashes
    }

    /// The same at an index, with some of its compartments only, in this order; nothing is hashed or checked again.
    public func at(_ index: LeafIndex, compartmentsAt places: [Int]) -> Submission {
        guard index != self.index || places != Array(compartments.indices) else { return self }
        return Submission(self, at: index, compartmentsAt: places)
    }

    /// The first way in which a compartment that came with it differs from what a statement says of it, or nil.
    public func mismatch(ofCompartmentAt place: Int, with descriptor: CompartmentDescriptor) -> CompartmentMismatch? {
        let part = parts[place]
        if part.id != descriptor.id { return .otherCompartment }
        if part.contentHash != descriptor.contentHash { return .content }
        if part.wrapHash != descriptor.wrapHash { return .wrap }
        return nil
    }
}

/// A carried compartment with its hashes.
struct SubmittedPart: Hashable, Sendable {
    let id: CompartmentID
    /// Bytes of the content.
    let byteCount: Int
    let contentHash: Hash256
    let wrapHash: Hash256?
    /// The root of the fields of a clear compartment; nil for a sealed one, and for one that does not read.
    let clearRoot: Hash256?
    /// Whether it is clear and holds the words of a response to a consultation, and nothing else.
    let isConsultationWords: Bool

    init(_ carried: CarriedCompartment, described: CompartmentDescriptor?) {
        id = carried.id
        byteCount = carried.content.count
        contentHash = Hash256(hashing: carried.content)
        wrapHash = carried.wrap.map { Hash256(hashing: $0) }
        let isClear = described.map { !$0.reader.isSealed } ?? false
        let clear = isClear ? try? carried.clearBody() : nil
        clearRoot = clear?.fieldRoot
        isConsultationWords = clear.map { ConsultationControl.words(in: $0) != nil } ?? false
    }

    /// Whether it is what a statement says of it.
    ///
    /// What a share may give is counted by the lengths that statements claim, so nothing may be longer than it says.
    func fits(_ descriptor: CompartmentDescriptor) -> Bool {
        let framing = Limits.carriedByteCount - Limits.compartmentByteCount
        return id == descriptor.id && contentHash == descriptor.contentHash && wrapHash == descriptor.wrapHash
            && byteCount <= descriptor.paddedLength.value + framing
            && (descriptor.reader.isSealed || clearRoot == descriptor.fieldRoot)
    }
}
