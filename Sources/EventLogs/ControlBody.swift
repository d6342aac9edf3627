import DeterministicCBOR
public import TallystickPrimitives

/// What a statement says in the clear, by kind (WIRE §4, control bodies).
public enum ControlBody: Hashable, Sendable {
    /// The first statement of an agency's, broker's, witness's or auditor's log.
    case genesis(Genesis)
    /// The first statement of the board's log.
    case boardGenesis(BoardGenesis)
    /// Nothing in the clear.
    case record
    /// Which compartments go to whom, until when.
    case share(ShareControl)
    /// Who is asked, and by when an answer is due.
    case request(asked: AgencyCode, due: Timestamp)
    /// Which request is answered; the outcome is sealed.
    case answer(origin: Origin, request: EventID)
    /// What is no longer given to whom, and why.
    case withdraw(TakeBackControl)
    /// What is taken back from whom, and why.
    case recall(TakeBackControl)
    /// Whose keys are destroyed, why, and by when no backup holds them.
    case purged(compartments: [CompartmentID], reason: ReasonCode, backupsBy: Timestamp?)
    /// What was destroyed of a stream by an erasure.
    case erased(ErasedControl)
    /// A step of an erasure.
    case erase(EraseControl)
    /// What is not to be destroyed, or may be again.
    case hold(HoldControl)
    /// Nothing in the clear.
    case access
    /// What a node has received up to a register head.
    case received(ReceivedControl)
    /// A step by which the lead of a case changes.
    case handover(HandoverControl)
    /// The members and keys of an epoch.
    case circle(CircleControl)
    /// The complete list of an agency's keys.
    case keyset([KeySetEntry])
    /// A key not to be believed from a register position on.
    case revoke(RevokeControl)
    /// The same, by the board for a party.
    case boardRevoke(BoardAct<PartyRevocation>)
    /// What was signed in doubt and stands.
    case reaffirm(ReaffirmControl)
    /// Where the log ends that this one goes on from.
    case continues(ContinuesControl)
    /// A rules bundle signed by offices of the party.
    case adopt(bundle: Hash256, offices: [OfficeCode])
    /// The party's signature under a rules bundle taken back, by offices of the party.
    case endAdoption(bundle: Hash256, offices: [OfficeCode], reason: ReasonCode)
    /// What offices of the party say of a rules bundle before it is signed.
    case consulted(ConsultationControl)
    /// A party admitted.
    case enrol(BoardAct<Enrolment>)
    /// The witness list.
    case witnesses(BoardAct<WitnessList>)
    /// A protocol published.
    case `protocol`(BoardAct<ProtocolPublication>)
    /// A rules bundle in force from a register position on.
    case activate(BoardAct<Activation>)
    /// The board's members from now on.
    case members(BoardAct<BoardMembership>)
    /// A party takes another's place.
    case succession(BoardAct<Succession>)
    /// What either side says of that.
    case successionWord(SuccessionWord)
    /// Cases given by the board.
    case reassign(BoardAct<Reassignment>)

    /// The kind of statement that carries this body.
    public var kind: StatementKind {
        switch self {
        case .genesis, .boardGenesis: .genesis
        case .record: .record
        case .share: .share
        case .request: .request
        case .answer: .answer
        case .withdraw: .withdraw
        case .recall: .recall
        case .purged, .erased: .purged
        case .erase: .erase
        case .hold: .hold
        case .access: .access
        case .received: .received
        case .handover: .handover
        case .circle: .circle
        case .keyset: .keyset
        case .revoke, .boardRevoke: .revoke
        case .reaffirm: .reaffirm
        case .continues: .continues
        case .adopt, .endAdoption, .consulted: .adopt
        case .enrol: .enrol
        case .witnesses: .witnesses
        case .protocol: .protocol
        case .activate: .activate
        case .members: .members
        case .succession, .successionWord: .succession
        case .reassign: .reassign
        }
    }

    var item: CBOR {
        switch self {
        case .genesis(let genesis): genesis.item
        case .boardGenesis(let genesis): genesis.item
        case .record, .access: .null
        case .share(let share): share.item
        case .request(let asked, let due): .array([.code(asked), .seconds(due)])
        case .answer(let origin, let request): .array([.origin(origin), .id(request)])
        case .withdraw(let taken), .recall(let taken): taken.item
        case .purged(let compartments, let reason, let backupsBy):
            .array([.array(compartments.map(CBOR.id)), .code(reason), .optional(backupsBy, CBOR.seconds)])
        case .erased(let erased): erased.item
        case .erase(let erase): erase.item
        case .hold(let hold): hold.item
        case .received(let received): received.item
        case .handover(let handover): handover.item
        case .circle(let circle): circle.item
        case .keyset(let entries): .array(entries.map(\.item))
        case .revoke(let revoke): revoke.item
        case .boardRevoke(let act): act.item
        case .reaffirm(let reaffirm): reaffirm.item
        case .continues(let continues): continues.item
        case .adopt(let bundle, let offices): .array([.hash(bundle), .array(offices.map(CBOR.code))])
        case .endAdoption(let bundle, let offices, let reason):
            .array([.hash(bundle), .array(offices.map(CBOR.code)), .code(reason)])
        case .consulted(let control): control.item
        case .enrol(let act): act.item
        case .witnesses(let act): act.item
        case .protocol(let act): act.item
        case .activate(let act): act.item
        case .members(let act): act.item
        case .succession(let act): act.item
        case .successionWord(let word): word.item
        case .reassign(let act): act.item
        }
    }

    init(kind: StatementKind, item: CBOR) throws(CBORShapeError) {
        switch kind {
        case .genesis:
            if case .array(let items) = item, items.count == 4 {
                self = .boardGenesis(try BoardGenesis(item))
            } else {
                self = .genesis(try Genesis(item))
            }
        case .record:
            guard item == .null else { throw CBORShapeError("no control body") }
            self = .record
        case .access:
            guard item == .null else { throw CBORShapeError("no control body") }
            self = .access
        case .share: self = .share(try ShareControl(item))
        case .request:
            let items = try item.items(count: 2)
            self = .request(asked: try items[0].code(), due: try items[1].seconds())
        case .answer:
            let items = try item.items(count: 2)
            self = .answer(origin: try items[0].origin(), request: try items[1].id())
        case .withdraw: self = .withdraw(try TakeBackControl(item))
        case .recall: self = .recall(try TakeBackControl(item))
        case .purged: self = try ControlBody.purged(item)
        case .erase: self = .erase(try EraseControl(item))
        case .hold: self = .hold(try HoldControl(item))
        case .received: self = .received(try ReceivedControl(item))
        case .handover: self = .handover(try HandoverControl(item))
        case .circle: self = .circle(try CircleControl(item))
        case .keyset: self = .keyset(try KeySetEntry.list(item))
        case .revoke:
            // An act of the board ends with its signatures, a party's own with a position.
            if case .array(let items) = item, items.count == 2, case .array = items[1] {
                self = .boardRevoke(try BoardAct(item))
            } else {
                self = .revoke(try RevokeControl(item))
            }
        case .reaffirm: self = .reaffirm(try ReaffirmControl(item))
        case .continues: self = .continues(try ContinuesControl(item))
        case .adopt: self = try ControlBody.adopt(item)
        case .enrol: self = .enrol(try BoardAct(item))
        case .witnesses: self = .witnesses(try BoardAct(item))
        case .protocol: self = .protocol(try BoardAct(item))
        case .activate: self = .activate(try BoardAct(item))
        case .members: self = .members(try BoardAct(item))
        case .succession: self = try ControlBody.succession(item)
        case .reassign: self = .reassign(try BoardAct(item))
        }
    }

    /// An act of the board ends with its signatures; what one side says has three items.
    private static func succession(_ item: CBOR) throws(CBORShapeError) -> ControlBody {
        if case .array(let items) = item, items.count == 2 { return .succession(try BoardAct(item)) }
        return .successionWord(try SuccessionWord(item))
    }

    private static func purged(_ item: CBOR) throws(CBORShapeError) -> ControlBody {
        // As with an adoption, the number of items says which form it is.
        if case .array(let all) = item, all.count == 6 { return .erased(try ErasedControl(item)) }
        let items = try item.items(count: 3)
        var ids: [CompartmentID] = []
        for id in try items[0].items(atMost: Limits.purgedCount) { ids.append(try id.id()) }
        return .purged(
            compartments: ids, reason: try items[1].code(), backupsBy: try items[2].orNil?.seconds())
    }

    private static func adopt(_ item: CBOR) throws(CBORShapeError) -> ControlBody {
        // As with a genesis, the number of items says which form it is.
        let count = if case .array(let all) = item { all.count } else { 0 }
        guard count != 4 else { return .consulted(try ConsultationControl(item)) }
        let isEnding = count == 3
        let items = try item.items(count: isEnding ? 3 : 2)
        let bundle = try items[0].hash256()
        var offices: [OfficeCode] = []
        for office in try items[1].items(atMost: Limits.officeCount) { offices.append(try office.code()) }
        guard isEnding else { return .adopt(bundle: bundle, offices: offices) }
        return .endAdoption(bundle: bundle, offices: offices, reason: try items[2].code())
    }
}

extension ControlBody {
    /// The compartments of earlier statements that it names: what it gives, takes back, or says is destroyed.
    ///
    /// - Parameter origin: the log of the statement.
    public func namedCompartments(in origin: Origin) -> [CompartmentAddress] {
        switch self {
        case .share(let share): share.compartments
        case .withdraw(let taken), .recall(let taken): taken.addresses(in: origin)
        case .erased(let erased): erased.addresses
        default: []
        }
    }

    /// What it takes back, by a recall or because it is withdrawn; nil for everything else.
    public var takenBack: TakeBackControl? {
        switch self {
        case .withdraw(let taken), .recall(let taken): taken
        default: nil
        }
    }
}

extension Limits {
    /// Compartments named in one PURGED.
    public static let purgedCount = 256
    /// Offices that sign one adoption, or end it.
    public static let officeCount = 8
}
