import Casework
import Disclosures
import EventLogs
import Replication
import SharingProtocols
import Synchronization
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
        /// The newest answer of each log: whose counts is for whoever knows whose log is whose.
        var replies: [Origin: (reply: ErasureReply, at: Timestamp)] = [:]
    }

    /// What somebody says it has destroyed of a stream.
    struct Destroyed: Hashable, Sendable {
        let at: Timestamp
        /// Where it stands in its log.
        let index: LeafIndex
        let backupsBy: Timestamp
    }

    /// The streams that a case has, in every log.
    private(set) var streams: [CaseReference: Set<StreamAddress>] = [:]
    /// The reports that a case was opened from.
    private(set) var reports: [CaseReference: Set<EventID>] = [:]
    /// Who was ever on an own stream.
    private(set) var members: [StreamID: Set<AgencyCode>] = [:]
    /// Whom shares gave something of an own entry.
    private(set) var given: [LeafIndex: Set<AgencyCode>] = [:]
    private(set) var holds: [EventAddress: Hold] = [:]
    /// The same by what is held.
    private var holdsByStream: [StreamAddress: Set<EventAddress>] = [:]
    /// What this agency passed on of each hold of another.
    private(set) var passed: [EventAddress: Set<EventAddress>] = [:]
    /// How many holds were looked at to answer who holds what.
    let looked = LookCount()
    private(set) var states: [EventID: ErasureState] = [:]
    /// Where the second person approved an erasure, in this agency's log: what counts for it comes after.
    private(set) var approvals: [EventID: LeafIndex] = [:]
    private(set) var questions: [EventAddress: Question] = [:]
    /// Where this agency said last that it destroys its copies of a stream next.
    private(set) var begun: [StreamAddress: (index: LeafIndex, at: Timestamp)] = [:]
    /// What this agency said it has destroyed.
    private(set) var told: [StreamAddress: Destroyed] = [:]
    /// What others said they have destroyed of this agency's streams, by their log.
    private(set) var elsewhere: [Origin: [StreamAddress: Destroyed]] = [:]
    /// The newest circle of each own stream.
    private var circles: [StreamID: LeafIndex] = [:]
    /// The circle of an own stream whose keys somebody destroyed with what it had of the stream.
    private var keylessCircles: [StreamID: LeafIndex] = [:]

    /// Takes in a statement with what could be opened of it.
    ///
    /// - Parameters:
    ///   - isFormer: whether it is this agency's, in a log that its own went on from.
    ///   - former: the other logs of its author.
    mutating func fold(
        _ statement: Statement, index: LeafIndex, opened: EventFields, reference: CaseReference?, isOwn: Bool,
        agency: AgencyCode, isFormer: Bool = false, former: [Origin] = []
    ) {
        let (payload, origin) = (statement.payload, statement.origin)
        if let reference, payload.kind != .access {
            streams[reference, default: []].insert(StreamAddress(origin: origin, stream: payload.stream))
            // Another agency's word makes none of this agency's own reports a part of a case.
            if isOwn || isFormer, reference.agency == agency,
                case .caseOpened(let opening)? = try? CaseworkEvent.decode(opened).event
            {
                reports[reference, default: []].formUnion(opening.reports)
            }
        }
        switch payload.control {
        // In a log that its agency went on from.
        case .circle(let circle) where isFormer && circle.members.count > 1:
            members[payload.stream, default: []].formUnion(circle.members.filter { $0 != agency })
        case .circle(let circle) where isOwn && circle.members.count > 1:
            circles[payload.stream] = max(circles[payload.stream] ?? index, index)
            members[payload.stream, default: []].formUnion(circle.members.filter { $0 != agency })
        case .share(let share) where isOwn && share.recipient != agency:
            for address in share.compartments where address.origin == origin {
                given[address.index, default: []].insert(share.recipient)
            }
        case .hold(let hold): fold(hold, of: statement, opened: opened, isOwn: isOwn || isFormer, former: former)
        // What was asked in a log that its agency went on from nobody can take back: it is asked anew.
        case .erase where isFormer: break
        case .erase(let erase): fold(erase, of: statement, index: index, isOwn: isOwn)
        case .erased(let erased):
            let stream = StreamAddress(origin: erased.origin, stream: erased.stream)
            let destroyed = Destroyed(at: statement.issuedAt, index: index, backupsBy: erased.backupsBy)
            guard !isOwn else {
                told[stream] = destroyed
                // What is left of an own stream goes on under other keys.
                keylessCircles[stream.stream] = circles[stream.stream]
                return
            }
            elsewhere[origin, default: [:]][stream] = destroyed
            keylessCircles[stream.stream] = circles[stream.stream]
        case .record where isOwn: foldRecord(statement, index, opened)
        default: break
        }
    }

    private mutating func fold(
        _ hold: HoldControl, of statement: Statement, opened: EventFields, isOwn: Bool, former: [Origin]
    ) {
        switch hold {
        case .placed(let held, let reason):
            var note: HoldNote?
            if isOwn, case .holdNoted(let kept)? = try? DisclosureEvent.decode(opened).event { note = kept }
            let key = statement.address
            for stream in held.addresses { holdsByStream[stream, default: []].insert(key) }
            if let original = note?.passedOn { passed[original, default: []].insert(key) }
            holds[key] = Hold(
                held: held, reason: reason, at: statement.issuedAt,
                other: isOwn ? members[statement.payload.stream]?.first : nil, note: note)
        case .lifted(let event):
            let keys = ([statement.origin] + former).map { EventAddress(origin: $0, event: event) }
            guard let key = keys.first(where: { holds[$0] != nil }), let known = holds.removeValue(forKey: key) else {
                return
            }
            for stream in known.held.addresses {
                holdsByStream[stream]?.remove(key)
                if holdsByStream[stream]?.isEmpty == true { holdsByStream[stream] = nil }
            }
            guard let original = known.note?.passedOn else { return }
            passed[original]?.remove(key)
            if passed[original]?.isEmpty == true { passed[original] = nil }
        }
    }

    private mutating func fold(_ erase: EraseControl, of statement: Statement, index: LeafIndex, isOwn: Bool) {
        let origin = statement.origin
        switch erase {
        case .asked(let streams, let due):
            let question = EventAddress(origin: origin, event: statement.eventID)
            guard questions[question] == nil else { return }
            questions[question] = Question(
                streams: streams, due: due, at: statement.issuedAt, index: index,
                asked: isOwn ? members[statement.payload.stream]?.first : nil)
        case .answered(let event, let reply):
            // A question has one log; whose it is the answer need not say: events are drawn at random.
            for question in questions.keys where question.event == event && question.origin != origin {
                questions[question]?.replies[origin] = (reply, statement.issuedAt)
            }
        case .withdrawn(let event):
            questions[EventAddress(origin: origin, event: event)]?.isWithdrawn = true
        case .begun(let streams) where isOwn:
            for stream in streams.streams {
                begun[StreamAddress(origin: streams.origin, stream: stream)] = (index, statement.issuedAt)
            }
        case .begun: break
        }
    }

    private mutating func foldRecord(_ statement: Statement, _ index: LeafIndex, _ opened: EventFields) {
        guard opened[.erasure] != nil, let event = try? DisclosureEvent.decode(opened).event else { return }
        switch event {
        case .erasureProposed(let proposal):
            guard states[statement.eventID] == nil else { return }
            states[statement.eventID] = ErasureState(
                id: statement.eventID, proposal: proposal, proposedAt: statement.issuedAt)
        case .erasureApproved(let approval):
            states[approval.erasure]?.evolve(event, at: statement.issuedAt)
            if states[approval.erasure]?.approvedAt != nil, approvals[approval.erasure] == nil {
                approvals[approval.erasure] = index
            }
        case .erasureStopped(let stop): states[stop.erasure]?.evolve(event, at: statement.issuedAt)
        default: break
        }
    }
}

extension ErasureBook {
    /// The holds that stand on a stream.
    func holds(on stream: StreamAddress) -> [Hold] {
        let keys = holdsByStream[stream] ?? []
        looked.count(keys.count)
        return keys.compactMap { holds[$0] }
    }

    /// Whether one log holds a stream as often as the register lets it, as it says it to one other.
    func isFull(_ stream: StreamAddress, by placer: Origin, telling other: AgencyCode?) -> Bool {
        let keys = (holdsByStream[stream] ?? []).filter { $0.origin == placer && holds[$0]?.other == other }
        return keys.count >= Limits.openHoldCount
    }

    /// The reasons of the holds on any of some streams, in alphabetical order.
    func holdReasons(on streams: some Sequence<StreamAddress>) -> [ReasonCode] {
        Set(streams.flatMap { holds(on: $0).map(\.reason) }).sorted()
    }

    /// Whether somebody has no key any more of the circle of an own stream, having destroyed what was under it.
    func isKeyless(_ stream: StreamID) -> Bool {
        keylessCircles[stream].map { $0 == circles[stream] } ?? false
    }

    /// Whether this agency has said that it destroyed what an erasure names of a stream.
    func isTold(_ stream: StreamAddress, in state: ErasureState) -> Bool {
        guard let told = told[stream], let approval = approvals[state.id] else { return false }
        return told.index > approval
    }

    /// Whether an erasure is over: brought back, or everything it names is gone.
    func isOver(_ state: ErasureState) -> Bool {
        state.stop != nil || state.proposal.streams.allSatisfy { isTold($0, in: state) }
    }

    /// The streams of all erasures that are not over.
    var streamsBeingErased: Set<StreamAddress> {
        Set(states.values.filter { !isOver($0) }.flatMap(\.proposal.streams))
    }

    /// The streams that two people have approved to destroy.
    var approved: Set<StreamAddress> { Set(states.values.filter(\.isApproved).flatMap(\.proposal.streams)) }

    /// What is hidden of which streams, each up to an entry of its log: what somebody holds, and is not gone, is shown to who
    /// needs it for that, and what was written later was approved by nobody to go.
    var hidden: [StreamAddress: HiddenPart] {
        var found: [StreamAddress: HiddenPart] = [:]
        for state in states.values where state.isApproved {
            for place in state.proposal.places
            where isTold(place.stream, in: state) || holds(on: place.stream).isEmpty {
                if let entries = place.entries {
                    found[place.stream, default: HiddenPart()].entries.formUnion(entries)
                } else {
                    let known = found[place.stream]?.through ?? place.through
                    found[place.stream, default: HiddenPart()].through = max(known, place.through)
                }
            }
        }
        return found
    }

    /// The cases whose reference begins as typed, hidden ones too: what is in quarantine can be held.
    func references(matching text: String) -> [CaseReference] {
        streams.keys.matching(text)
    }
}

/// Counts looks, for whoever asks whether a question costs what it should.
final class LookCount: Sendable {
    private let looks = Mutex(0)

    /// How many there were.
    var value: Int { looks.withLock { $0 } }

    func count(_ more: Int) { looks.withLock { $0 += more } }
}
