public import EventLogs
public import TallystickPrimitives

/// Why something sealed does not open, or opens to what its statement does not say.
///
/// Holds nothing of the content. The code of each reason goes into findings and reports.
public enum OpeningFault: Error, Hashable, Sendable {
    /// The carried bytes are not those the statement describes.
    case notAsDescribed(CompartmentMismatch)
    /// The statement describes a clear compartment where a sealed one is needed, or the other way
    /// round.
    case otherReader
    /// The carried content has not the form of its kind.
    case badContent
    /// The content or grant names a cipher or suite that this program does not open.
    case unknownSuite
    /// The content is not as long as the statement says, or not padded to a bucket.
    case wrongLength
    /// The key is not the one that the statement or the circle commits to: evidence against whoever
    /// gave it.
    case wrongKeyCommitment
    /// The content does not authenticate under this key, event, compartment, label and expiry.
    case wrongTag
    /// The padding does not fit the plaintext, or is not all zero.
    case badPadding
    /// The plaintext is not a compartment body in its only encoding.
    case badBody(CarriedPartError)
    /// The fields are not those the statement commits to.
    case fieldRoot
    /// The wrap has not the form of a wrap of this compartment.
    case badWrap
    /// The wrap, the grant or the key belongs to another epoch.
    case otherEpoch
    /// The wrap does not open under this circle's key.
    case wrap
    /// The grant names another recipient.
    case grantNotForUs
    /// The grant is sealed to a key that is not this one.
    case unknownKEMKey
    /// The grant does not open under this key, recipient, log, stream and event.
    case grant
    /// The grant opens, but not to a well-formed set of keys.
    case badGrant
    /// What was kept under the local key does not open under it, or under another context.
    case localKey
}

extension OpeningFault {
    /// The code of this reason, as findings carry it.
    public var code: ReasonCode {
        switch self {
        case .notAsDescribed(.otherCompartment): "other-compartment"
        case .notAsDescribed(.content): "content-hash"
        case .notAsDescribed(.wrap): "wrap-hash"
        case .otherReader: "other-reader"
        case .badContent: "bad-content"
        case .unknownSuite: "unknown-suite"
        case .wrongLength: "wrong-length"
        case .wrongKeyCommitment: "wrong-key-commitment"
        case .wrongTag: "wrong-tag"
        case .badPadding: "bad-padding"
        case .badBody: "bad-body"
        case .fieldRoot: "field-root"
        case .badWrap: "bad-wrap"
        case .otherEpoch: "other-epoch"
        case .wrap: "wrap"
        case .grantNotForUs: "grant-not-for-us"
        case .unknownKEMKey: "unknown-kem-key"
        case .grant: "grant"
        case .badGrant: "bad-grant"
        case .localKey: "local-key"
        }
    }
}

extension OpeningFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notAsDescribed(let mismatch):
            "the compartment is not the one described (\(mismatch.rawValue)); fetch it again"
        case .otherReader:
            "a sealed compartment stands where a clear one is due, or the reverse; tell its author"
        case .badContent: "the sealed content is malformed; tell its author"
        case .unknownSuite: "the cipher suite is not one this version opens; update the node"
        case .wrongLength: "the content's length is not the one stated; tell its author"
        case .wrongKeyCommitment:
            "the key is not the one committed to; keep it as evidence and tell its author"
        case .wrongTag: "the content does not authenticate; keep it as evidence and tell its author"
        case .badPadding: "the padding of the content is wrong; tell its author"
        case .badBody: "the content is not a well-formed body; tell its author"
        case .fieldRoot: "the fields are not those the statement commits to; tell its author"
        case .badWrap: "the wrap is malformed or of another compartment; tell its author"
        case .otherEpoch: "the key belongs to another epoch; look for the key of the epoch named"
        case .wrap: "the wrap does not open under the circle key; tell its author"
        case .grantNotForUs: "the grant is for another agency; open the grant that names this one"
        case .unknownKEMKey: "the grant is sealed to another KEM key; look for the key it names"
        case .grant: "the grant does not open; keep it as evidence and tell its author"
        case .badGrant: "the grant opens to something malformed; keep it and tell its author"
        case .localKey: "the stored bytes do not open under the local key; restore either"
        }
    }
}
