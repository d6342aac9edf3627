import Casework
import Disclosures
import EventLogs
import SharingProtocols
import TallystickPrimitives

/// What holds and erasures rest on: which streams a case has, who was given something of own streams, which holds stand, and
/// how far each erasure has got. A pure fold of the statements that this node has, in the order in which it gets them.
struct ErasureBook: Sendable {
    /// A hold that stands, as one statement of its log says it.
    struct Hold: Sendable {
        let held: HeldStreams
        let reason: ReasonCode
        let at: Timestamp
        /// The other of the two whom it tells; nil where it tells the register alone.
        let other: AgencyCode?
        /// What this agency keeps of it; nil of another's.
        let note: HoldNote?
    }

    /// A question about an erasure, by this agency or to it.
    struct Question: Sendable {
        let streams: [StreamID]
        let due: Timestamp
        let at: Timestamp
        /// Where it stands in its log.
        let index: LeafIndex
        /// Whom this agency asked; nil of another's question.
        let asked: AgencyCode?
        var isWithdrawn = false
        var reply: (reply: ErasureReply, at: Timestamp)?
    }

    /// What somebody says it has destroyed of a stream.
    struct Destroyed: Hashable, Sendable {
        let at: Timestamp
        let backupsBy: Timestamp
    }

    /// The streams that a case has, in every log.
    private(set) var streams: [CaseReference: Set<ErasureStream>] = [:]
    /// The reports that a case was opened from.
    private(set) var reports: [CaseReference: Set<EventID>] = [:]
    /// Who was ever on an own stream.
    private(set) var members: [StreamID: Set<AgencyCode>] = [:]
    /// Whom shares gave something of an own entry.
    private(set) var given: [LeafIndex: Set<AgencyCode>] = [:]
    private(set) var holds: [ErasureQuestion: Hold] = [:]
    private(set) var states: [EventID: ErasureState] = [:]
    private(set) var questions: [ErasureQuestion: Question] = [:]
    /// Where this agency said last that it destroys its copies of a stream next.
    private(set) var begun: [ErasureStream: (index: LeafIndex, at: Timestamp)] = [:]
    /// What this agency said it has destroyed.
    private(set) var told: [ErasureStream: Destroyed] = [:]
    /// What others said they have destroyed of this agency's streams, by their log.
    private(set) var elsewhere: [Origin: [ErasureStream: Destroyed]] = [:]

    /// Takes in a statement with what could be opened of it.
    mutating func fold(
        _ statement: Statement, index: LeafIndex, opened: EventFields, reference: CaseReference?, isOwn: Bool,
        agency: AgencyCode
    ) {
        let (payload, origin) = (statement.payload, statement.origin)
        if let reference, payload.kind != .access {
            streams[reference, default: []].insert(ErasureStream(origin: origin, stream: payload.stream))
            // Another agency's word makes none of this agency's own reports a part of a case.
            if isOwn, reference.agency == agency,
                case .caseOpened(let opening)? = try? CaseworkEvent.decode(opened).event
            {
                reports[reference, default: []].formUnion(opening.reports)
            }
        }
        switch payload.control {
        case .circle(let circle) where isOwn && circle.members.count > 1:
            members[payload.stream, default: []].formUnion(circle.members.filter { $0 != agency })
        case .share(let share) where isOwn && share.recipient != agency:
            for address in share.compartments { given[address.index, default: []].insert(share.recipient) }
        case .hold(let hold): fold(hold, of: statement, opened: opened, isOwn: isOwn)
        case .erase(let erase): fold(erase, of: statement, index: index, isOwn: isOwn)
        case .erased(let erased):
            let stream = ErasureStream(origin: erased.origin, stream: erased.stream)
            let destroyed = Destroyed(at: statement.issuedAt, backupsBy: erased.backupsBy)
            if isOwn { told[stream] = destroyed } else { elsewhere[origin, default: [:]][stream] = destroyed }
        case .record where isOwn: foldRecord(statement, opened)
        default: break
        }
    }

    private mutating func fold(_ hold: HoldControl, of statement: Statement, opened: EventFields, isOwn: Bool) {
        switch hold {
        case .placed(let held, let reason):
            var note: HoldNote?
            if isOwn, case .holdNoted(let kept)? = try? DisclosureEvent.decode(opened).event { note = kept }
            holds[ErasureQuestion(origin: statement.origin, event: statement.eventID)] = Hold(
                held: held, reason: reason, at: statement.issuedAt,
                other: isOwn ? members[statement.payload.stream]?.first : nil, note: note)
        case .lifted(let event): holds[ErasureQuestion(origin: statement.origin, event: event)] = nil
        }
    }

    private mutating func fold(_ erase: EraseControl, of statement: Statement, index: LeafIndex, isOwn: Bool) {
        let origin = statement.origin
        switch erase {
        case .asked(let streams, let due):
            let question = ErasureQuestion(origin: origin, event: statement.eventID)
            guard questions[question] == nil else { return }
            questions[question] = Question(
                streams: streams, due: due, at: statement.issuedAt, index: index,
                asked: isOwn ? members[statement.payload.stream]?.first : nil)
        case .answered(let event, let reply):
            // A question has one log; whose it is the answer need not say: events are drawn at random.
            for question in questions.keys where question.event == event {
                guard (question.origin == origin) == false else { continue }
                questions[question]?.reply = (reply, statement.issuedAt)
            }
        case .withdrawn(let event):
            questions[ErasureQuestion(origin: origin, event: event)]?.isWithdrawn = true
        case .begun(let streams) where isOwn:
            for stream in streams.streams {
                begun[ErasureStream(origin: streams.origin, stream: stream)] = (index, statement.issuedAt)
            }
        case .begun: break
        }
    }

    private mutating func foldRecord(_ statement: Statement, _ opened: EventFields) {
        guard opened[.erasure] != nil, let event = try? DisclosureEvent.decode(opened).event else { return }
        switch event {
        case .erasureProposed(let proposal):
            guard states[statement.eventID] == nil else { return }
            states[statement.eventID] = ErasureState(
                id: statement.eventID, proposal: proposal, proposedAt: statement.issuedAt)
        case .erasureApproved(let approval): states[approval.erasure]?.evolve(event, at: statement.issuedAt)
        case .erasureStopped(let stop): states[stop.erasure]?.evolve(event, at: statement.issuedAt)
        default: break
        }
    }
}

extension ErasureBook {
    /// The holds that stand on a stream.
    func holds(on stream: ErasureStream) -> [Hold] {
        holds.values.filter { $0.held.origin == stream.origin && $0.held.streams.contains(stream.stream) }
    }

    /// The reasons of the holds on any of some streams, in alphabetical order.
    func holdReasons(on streams: some Sequence<ErasureStream>) -> [ReasonCode] {
        Set(streams.flatMap { holds(on: $0).map(\.reason) }).sorted()
    }

    /// The streams of all erasures but those that were brought back.
    var streamsBeingErased: Set<ErasureStream> {
        Set(states.values.filter { $0.stop == nil }.flatMap(\.proposal.streams))
    }

    /// The streams that two people have approved to destroy.
    var approved: Set<ErasureStream> { Set(states.values.filter(\.isApproved).flatMap(\.proposal.streams)) }

    /// The streams that are hidden: what somebody holds, and is not gone, is shown to who needs it for that.
    var hidden: Set<ErasureStream> { approved.filter { told[$0] != nil || holds(on: $0).isEmpty } }

    /// The cases whose reference begins as typed, hidden ones too: what is in quarantine can be held.
    func references(matching text: String) -> [CaseReference] {
        streams.keys.filter { reference in
            reference.text.hasPrefix(text) || reference.stream.hex.hasPrefix(text)
        }.sorted()
    }
}
