public import Partnership
public import TallystickPrimitives

/// Why a statement is refused; the register carries the code.
public enum AdmissionFault: Error, Hashable, Sendable {
    /// Who signed, or whether they might.
    case roster(RosterFault)
    /// It claims to have been written later than it was admitted, by more than clocks differ.
    case issuedAhead
    /// The event is in the log already.
    case eventRepeated
    /// The sequence or the previous hash does not continue the stream.
    case sequence
    /// `seen` is no head of this register, or goes back along the log.
    case seen
    /// A compartment that must travel did not.
    case compartmentMissing
    /// A compartment is not what the statement says of it.
    case compartmentMismatch
    /// A compartment that stays home was pushed.
    case homeCompartmentPushed
    /// A grant is not what the statement says, or is for somebody outside.
    case grantMismatch
    /// A compartment of casework in the clear that is no pointer, or a pointer that nobody agreed this broker may show.
    case clearCompartment
    /// Only agencies record casework.
    case kindNotAllowed
    /// The stream has no circle.
    case noCircle
    /// The circle's members, sequence or author do not fit.
    case circle
    /// A compartment names another epoch than the one in force, or a label that the epoch has no key for.
    case epoch
    /// Something is shared without naming the protocol it is shared under.
    case noProtocol
    /// The protocol is not in force between the author and this agency.
    case notInForce(AgencyCode)
    /// The protocol was in force between the author and this agency, and its author had seen that one of them ended it.
    case protocolEnded(AgencyCode)
    /// A newer version of the protocol is in force between the author and everybody it is for, and its author had seen that.
    case superseded
    /// The protocol does not let this label go to this agency.
    case notPermitted(label: Label, recipient: AgencyCode)
    /// An answer to a request that is not there, or was put to somebody else.
    case unknownRequest
    /// A share of something that is not the author's.
    case shareOfOthers
    /// A share that names one compartment twice.
    case shareRepeats
    /// A recall of something that is not the author's, or that it has not written.
    case recallOfOthers
    /// A recall that names one compartment twice.
    case recallRepeats
    /// A share of something that its author has destroyed.
    case shareOfErased
    /// A hold, or a step of an erasure, that names a stream which nobody has opened.
    case streamUnknown
    /// A hold is lifted that this log has not placed, or has lifted already.
    case holdUnknown
    /// More holds of one stream than one agency may have standing, as it says it to one other.
    case holdsTooMany
    /// Somebody holds what is to be destroyed.
    case onHold
    /// Something is said to be destroyed that was not to be, or that the log does not carry.
    case erasureNotBegun
    /// A step of a handover, an act of the board about leads, or a count, that cannot stand.
    case handover(HandoverFault)
    /// A new case, or a new request, by a party whose place another takes.
    case partySucceeded
    /// Casework in a log whose party has let go of everything.
    case logClosed
    /// A recall of something that was never sealed: the broker shows it, and no agency was given it.
    case recallOfClear
    /// A withdrawal of something that is not the author's, or that it has not written.
    case withdrawalOfOthers
    /// A withdrawal that names one compartment twice.
    case withdrawalRepeats
    /// A withdrawal of nothing but what was taken back from the same agency before.
    case withdrawnAlready
    /// A withdrawal of something that was never sealed.
    case withdrawalOfClear
    /// A share of something that its author has withdrawn or recalled from this recipient.
    case shareWithdrawn
    /// A log that goes on from another at a place where the register does not have that one's end.
    case continuesEdge
    /// More travels with it than fits one page of a feed.
    case statementTooLarge
    /// A share of more than fits one page of a feed.
    case shareTooLarge

    /// The code in the register.
    public var code: ReasonCode {
        switch self {
        case .roster(let fault): fault.code
        case .issuedAhead: "issued-ahead"
        case .eventRepeated: "event-repeated"
        case .sequence: "stream-sequence"
        case .seen: "seen-head"
        case .compartmentMissing: "compartment-missing"
        case .compartmentMismatch: "compartment-mismatch"
        case .homeCompartmentPushed: "home-compartment-pushed"
        case .grantMismatch: "grant-mismatch"
        case .clearCompartment: "clear-compartment"
        case .kindNotAllowed: "kind-not-allowed"
        case .noCircle: "no-circle"
        case .circle: "circle"
        case .epoch: "epoch"
        case .noProtocol: "no-protocol"
        case .notInForce: "protocol-not-in-force"
        case .protocolEnded: "protocol-ended"
        case .superseded: "protocol-superseded"
        case .notPermitted: "not-permitted"
        case .unknownRequest: "request-unknown"
        case .shareOfOthers: "share-of-others"
        case .shareRepeats: "share-repeats"
        case .recallOfOthers: "recall-of-others"
        case .recallRepeats: "recall-repeats"
        case .shareOfErased: "share-of-erased"
        case .streamUnknown: "stream-unknown"
        case .holdUnknown: "hold-unknown"
        case .holdsTooMany: "holds-too-many"
        case .onHold: "on-hold"
        case .erasureNotBegun: "erasure-not-begun"
        case .handover(let fault): fault.code
        case .partySucceeded: "party-succeeded"
        case .logClosed: "log-closed"
        case .recallOfClear: "recall-of-clear"
        case .withdrawalOfOthers: "withdrawal-of-others"
        case .withdrawalRepeats: "withdrawal-repeats"
        case .withdrawnAlready: "withdrawn-already"
        case .withdrawalOfClear: "withdrawal-of-clear"
        case .shareWithdrawn: "share-withdrawn"
        case .continuesEdge: "continues-edge"
        case .statementTooLarge: "statement-too-large"
        case .shareTooLarge: "share-too-large"
        }
    }
}
