import DeterministicCBOR
import EventLogs
package import Partnership
package import Sealing
package import TallystickPrimitives

/// One field of one signed entry, provable to somebody who has nothing but the board's file and fingerprint, without any of
/// the entry's other fields (WIRE §4).
///
/// It carries the entry as it was signed, the statements in which its agency announced its keys, and of the tree of fields
/// the one leaf with the hashes beside its way up. What the other fields say cannot be guessed from these: each leaf has a
/// salt of its own, and only this one's is shown.
package struct EntryFieldProof: Hashable, Sendable {
    /// A statement and its place in its log.
    package struct Placed: Hashable, Sendable {
        /// Its index.
        package let index: LeafIndex
        /// Its exact bytes.
        package let bytes: [UInt8]

        /// States it.
        package init(index: LeafIndex, bytes: [UInt8]) {
            self.index = index
            self.bytes = bytes
        }
    }

    /// The statements of the agency's log that say by which keys it signs, from its beginning on.
    package let keys: [Placed]
    /// The entry.
    package let entry: Placed
    /// The part of it that has the field.
    package let compartment: CompartmentID
    /// The field, its value and its way up the part's tree of fields.
    package let field: FieldProof

    /// Makes the proof of a field; nil where the body has no such field.
    init?(
        of field: FieldCode, in body: CompartmentBody, compartment: CompartmentID, entry: Placed, keys: [Placed]
    ) {
        guard let proof = FieldProof(of: field, in: body) else { return nil }
        self.keys = keys
        self.entry = entry
        self.compartment = compartment
        self.field = proof
    }

    /// The proof as it is handed over.
    package var encoded: [UInt8] {
        CBOR.array([
            .unsigned(1), .array(keys.map(\.item)), entry.item, .id(compartment), .code(field.field), field.value,
            .bytes(field.salt), .unsigned(field.index.value), .unsigned(field.size.value),
            .array(field.path.map(CBOR.hash)),
        ]).encoded
    }

    /// Reads a proof; what it is worth is for `verify` to say.
    package init(decoding bytes: [UInt8]) throws(FieldProofFault) {
        do {
            let items = try CBOR(decoding: bytes, limit: Limits.fieldProofByteCount).items(count: 10)
            guard items[0] == .unsigned(1) else { throw CBORShapeError("format 1") }
            keys = try items[1].items(atMost: Limits.fieldProofKeyCount).map { try Placed($0) }
            entry = try Placed(items[2])
            compartment = try items[3].id()
            field = FieldProof(
                field: try items[4].code(), value: items[5], salt: try items[6].byteString(count: 16),
                index: LeafIndex(try items[7].unsigned()), size: TreeSize(try items[8].unsigned()),
                path: try items[9].items(atMost: 64).map { try $0.hash256() })
        } catch { throw .malformed }
    }

    /// What is proved.
    package struct Proved: Hashable, Sendable {
        /// Whose entry it is.
        package let agency: AgencyCode
        /// The entry.
        package let event: EventID
        /// When it was signed, as its author claims.
        package let signedAt: Timestamp
        /// What the field stands under.
        package let label: Label
    }

    /// Checks everything that can be checked by whoever has the board's file: who signed, that the entry has this part, and
    /// that the part has this field with this value.
    ///
    /// - Parameter roster: who is who by the board's file.
    /// - Throws: the first thing that does not stand.
    package func verify(by roster: Roster) throws(FieldProofFault) -> Proved {
        let statement = try EntryFieldProof.statement(entry)
        let origin = statement.origin
        guard let party = roster.party(of: origin) ?? roster.party(goingOnIn: origin) else {
            throw .unknownLog(statement.origin)
        }
        var known = roster
        for placed in keys {
            let announced = try EntryFieldProof.statement(placed)
            guard announced.origin == statement.origin, announced.payload.kind.isControl, placed.index < entry.index
            else { throw .foreignKeys }
            try EntryFieldProof.check(announced, at: placed.index, by: known)
            do { try known.fold(announced, at: .empty, compartments: []) } catch { throw .signature }
        }
        try EntryFieldProof.check(statement, at: entry.index, by: known)
        guard let part = statement.payload.compartments.first(where: { $0.id == compartment }) else {
            throw .noSuchPart
        }
        do { try field.verify(against: part.fieldRoot) } catch { throw .notInPart }
        return Proved(agency: party.code, event: statement.eventID, signedAt: statement.issuedAt, label: part.label)
    }

    private static func statement(_ placed: Placed) throws(FieldProofFault) -> Statement {
        do { return try Statement(decoding: placed.bytes) } catch { throw .malformed }
    }

    // An ended enrolment or a later revocation does not unsign it; whoever relies on it asks the board about these.
    private static func check(
        _ statement: Statement, at index: LeafIndex, by roster: Roster
    ) throws(FieldProofFault) {
        do throws(RosterFault) {
            try roster.verify(statement, index: index, at: .empty, now: Timestamp(milliseconds: 0))
        } catch { throw .signature }
    }
}

extension EntryFieldProof.Placed {
    fileprivate var item: CBOR { .array([.unsigned(index.value), .bytes(bytes)]) }

    fileprivate init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        index = LeafIndex(try items[0].unsigned())
        bytes = try items[1].byteString()
    }
}

/// Why a proof of a field does not stand.
package enum FieldProofFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no such proof, or was changed so that it cannot be read.
    case malformed
    /// The board has enrolled nobody with the log.
    case unknownLog(Origin)
    /// What is to announce the keys is not of the entry's log, or not from before it.
    case foreignKeys
    /// Something is not signed by a key that the agency announced.
    case signature
    /// The signed entry has no such part.
    case noSuchPart
    /// The part as it was signed does not have this field with this value.
    case notInPart

    /// What is wrong, and what to do.
    package var description: String {
        switch self {
        case .malformed: "this is no proof of a field, or it was changed on its way; ask for it again"
        case .unknownLog(let origin):
            "the board has enrolled nobody with the log \(origin); use the board's newest file"
        case .foreignKeys: "the keys in it are not those of the entry's log; ask for a new proof"
        case .signature: "it is not signed by a key of the agency that it names; it proves nothing"
        case .noSuchPart: "the signed entry has no such part; it proves nothing"
        case .notInPart: "the signed entry does not say this; it proves nothing"
        }
    }
}

extension Limits {
    /// Bytes of a proof of one field: a field of the largest part, with the entry and the keys.
    package static let fieldProofByteCount = 2 << 20
    /// Statements that announce keys in a proof of one field: more than an agency announces in a lifetime.
    package static let fieldProofKeyCount = 256
}
