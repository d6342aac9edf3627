public import EventLogs
public import SignedStatements
public import TallystickPrimitives

/// Why a statement cannot stand, as far as the roster judges it.
public enum RosterFault: Error, Hashable, Sendable {
    /// The first board statement is not the one whose hash was pinned out of band.
    case fingerprintMismatch(expected: Hash256, actual: Hash256)
    /// No enrolled party has this log.
    case unknownLog(Origin)
    /// The party's enrolment has ended.
    case enrolmentEnded(AgencyCode)
    /// The first statement of a log must be its genesis, and no later one may be.
    case genesisOutOfPlace(Origin)
    /// The genesis names another board, another root key or another kind of party than the enrolment.
    case genesisContradictsEnrolment(AgencyCode)
    /// The key that signed has no such role in the party's key set at this index.
    case unknownKey(keyID: Hash256)
    /// The key was revoked and the statement stands after the position named in the revocation.
    case revokedKey(keyID: Hash256)
    /// A REAFFIRM of what stands in the log after it.
    case reaffirmAhead
    /// A REAFFIRM by which a log would stand by more runs of indexes than it may.
    case reaffirmLimit
    /// The key's term had ended when the statement was judged.
    case expiredKey(keyID: Hash256)
    /// The signature does not fit.
    case badSignature
    /// A board act without enough valid signatures of different board members.
    case thresholdNotMet(valid: Int, needed: Int)
    /// A kind that only the board's log may hold, or that the board's log may not hold.
    case wrongLogForKind(StatementKind)
    /// An enrolment that contradicts an earlier one: the log or the code is taken, or there is a broker already.
    case enrolmentConflict(AgencyCode)
    /// A key in a genesis, enrolment or key set that is not a valid Ed25519 key.
    case badKey(KeyError)
    /// A published bundle whose bytes are missing or have another hash.
    case bundleMismatch(Hash256)
    /// A bundle that the party has signed and ended as often as it may.
    case adoptionLimit(Hash256)
    /// A succession between parties that cannot have one: not agencies, without a keeper, or beside another of the whole.
    case successionParties
    /// A word about a succession that the board has not decided.
    case successionUnknown
    /// A word about a succession by whoever is not the side that says it.
    case successionSide
    /// The end of a succession said before both sides and the board have begun it.
    case successionNotYet
    /// The log has ended: its party goes on in another.
    case logContinued(Origin)
    /// A log that goes on from one that its party does not have, or under another name than the next.
    case continuesOutOfPlace(Origin)
    /// A key of a log that has ended, announced for the one that goes on from it.
    case keyOfClosedLog(keyID: Hash256)
    /// Something is taken back of a log that its author did not go on from.
    case endedLogOfOthers(Origin)
    /// A leaf of the register's own that is not the next statement of the broker's control stream.
    case registerOwnPlace

    /// The reason code that the register and RECEIVED carry.
    public var code: ReasonCode {
        switch self {
        case .fingerprintMismatch: "board-fingerprint"
        case .unknownLog: "log-unknown"
        case .enrolmentEnded: "enrolment-ended"
        case .genesisOutOfPlace: "genesis-out-of-place"
        case .genesisContradictsEnrolment: "genesis-contradicts"
        case .unknownKey: "key-unknown"
        case .revokedKey: "key-revoked"
        case .reaffirmAhead: "reaffirm-ahead"
        case .reaffirmLimit: "reaffirm-limit"
        case .expiredKey: "key-expired"
        case .badSignature: "signature"
        case .thresholdNotMet: "board-threshold"
        case .wrongLogForKind: "kind-not-allowed"
        case .enrolmentConflict: "enrolment-conflict"
        case .badKey: "key-invalid"
        case .bundleMismatch: "bundle-mismatch"
        case .adoptionLimit: "adoption-limit"
        case .successionParties: "succession-parties"
        case .successionUnknown: "succession-unknown"
        case .successionSide: "succession-side"
        case .successionNotYet: "succession-not-yet"
        case .logContinued: "log-continued"
        case .continuesOutOfPlace: "continues-out-of-place"
        case .keyOfClosedLog: "key-of-closed-log"
        case .endedLogOfOthers: "ended-log-of-others"
        case .registerOwnPlace: "register-own-place"
        }
    }
}
