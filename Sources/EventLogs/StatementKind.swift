/// The clear, coarse type of a statement: a short closed list, so that the broker learns little (WIRE §4).
///
/// The real type of an event is sealed in its record compartment. WIRE §4 reserves more numbers; a number is added here
/// together with the work that defines its control body, and until then a statement that carries it is refused.
public enum StatementKind: UInt64, CaseIterable, Hashable, Sendable {
    /// Leaf 0 of every log.
    case genesis = 0
    /// Something recorded: a report, a case, an assessment, an action.
    case record = 1
    /// Compartments given to one more agency.
    case share = 2
    /// A request for information.
    case request = 3
    /// The answer to a request.
    case answer = 4
    /// Something given that its author no longer gives, to whom it was given to; giving it was lawful.
    case withdraw = 5
    /// Something given in error, taken back from whom it was given to.
    case recall = 6
    /// A step of an erasure: a question, an answer, or its beginning.
    case erase = 7
    /// Content destroyed.
    case purged = 8
    /// Nothing of some streams is to be destroyed.
    case hold = 9
    /// Somebody read something.
    case access = 10
    /// What a node has received, and what it found wrong.
    case received = 11
    /// A step by which the lead of a case goes from one agency to another.
    case handover = 12
    /// A stream's circle and the keys of its epoch.
    case circle = 13
    /// The complete list of an agency's keys.
    case keyset = 14
    /// A key that is no longer to be believed.
    case revoke = 15
    /// What a revoked key signed in doubt, and its party stands by.
    case reaffirm = 16
    /// Leaf 0 of a log that goes on in another's place.
    case continues = 17
    /// A protocol signed by a party, or the party's signature taken back.
    case adopt = 18
    /// A party admitted by the board.
    case enrol = 19
    /// The board's list of witnesses.
    case witnesses = 20
    /// A protocol published by the board.
    case `protocol` = 21
    /// A rules bundle brought into force.
    case activate = 22
    /// The board's members replaced.
    case members = 24
    /// A party that takes another's place: the board's act, and what either side says of it.
    case succession = 25
    /// Cases given by the board in the place of a lead that cannot let go.
    case reassign = 26

    /// Whether statements of this kind live in the control stream, which every enrolled party receives.
    public var isControl: Bool {
        switch self {
        case .genesis, .keyset, .revoke, .reaffirm, .continues, .adopt, .enrol, .witnesses, .protocol, .activate,
            .members, .succession, .reassign:
            true
        case .record, .share, .request, .answer, .withdraw, .recall, .erase, .purged, .hold, .access, .received,
            .handover, .circle:
            false
        }
    }

    /// Whether a statement of this kind is leaf 0 of its log, and stands nowhere else.
    public var isFirst: Bool { self == .genesis || self == .continues }

    /// Whether the board's threshold of signatures must stand inside the control body. A REVOKE or a
    /// SUCCESSION may be the board's too: that its body says.
    public var isBoardAct: Bool {
        switch self {
        case .enrol, .witnesses, .protocol, .activate, .members, .reassign: true
        case .genesis, .keyset, .revoke, .reaffirm, .continues, .adopt, .record, .share, .request, .answer, .withdraw,
            .recall, .erase, .purged, .hold, .access, .received, .handover, .circle, .succession:
            false
        }
    }
}
