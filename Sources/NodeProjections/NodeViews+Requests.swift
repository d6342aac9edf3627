import Casework
public import Disclosures
import EventLogs
import GRDB
public import TallystickPrimitives

extension NodeViews {
    /// Requests to us, those without an answer first, then by due time.
    public func requestsToUs(at now: Timestamp) throws(NodeViewsError) -> [RequestView] {
        try requestViews(at: now) { $0.state.asked == agency }
    }

    /// Our own requests, those without an answer first, then by due time.
    public func requestsFromUs(at now: Timestamp) throws(NodeViewsError) -> [RequestView] {
        try requestViews(at: now) { $0.state.asker == agency }
    }

    /// One request with what the decider must see; nil when there is none.
    public func request(
        _ event: EventID, at now: Timestamp
    ) throws(NodeViewsError) -> RequestView? {
        try requestViews(at: now) { $0.state.id == event }.first
    }

    /// One request as deciders need it, our pending entries included; nil when there is none.
    public func requestState(_ event: EventID) throws(NodeViewsError) -> RequestState? {
        try allRequests().first { $0.state.id == event }?.state
    }

    /// Where a request was made: the stream that it, and every step after it, stands in; nil when there is none.
    public func requestStream(_ event: EventID) throws(NodeViewsError) -> StreamID? {
        try allRequests().first { $0.state.id == event }?.stream
    }

    /// Requests by us or to us that nobody has answered, the earliest due first.
    public func unansweredRequests() throws(NodeViewsError) -> [RequestState] {
        try allRequests().map(\.state).filter { $0.answer == nil && ($0.asker == agency || $0.asked == agency) }
            .sorted { ($0.due, $0.id) < ($1.due, $1.id) }
    }

    func requests(
        about reference: CaseReference, at now: Timestamp
    ) throws(NodeViewsError) -> [RequestView] {
        try requestViews(at: now) { found in
            found.state.caseReference == reference
                && (found.state.asked == agency || found.state.asker == agency)
        }
    }

    func openRequests() throws(NodeViewsError) -> (toUs: Int, ours: Int) {
        let open = try allRequests().map(\.state).filter { $0.answer == nil }
        return (open.count { $0.asked == agency }, open.count { $0.asker == agency })
    }

    private func requestViews(
        at now: Timestamp, where isWanted: (FoundRequest) -> Bool
    ) throws(NodeViewsError) -> [RequestView] {
        let all = try allRequests()
        let wanted = all.filter(isWanted).sorted { left, right in
            let isAnswered = (left.state.answer != nil, right.state.answer != nil)
            if isAnswered.0 != isAnswered.1 { return isAnswered.1 }
            return (left.state.due, left.state.id) < (right.state.due, right.state.id)
        }
        return wanted.map { RequestView($0, earlier: $0.earlier(among: all), at: now) }
    }

    private func allRequests() throws(NodeViewsError) -> [FoundRequest] {
        try read("read requests") { database in
            let requests = try database.entries(
                where: """
                    entry.kind = 3 AND refused.event IS NULL
                    ORDER BY entry.position IS NULL, entry.position, entry.leaf
                    """, [])
            return try requests.compactMap { opened in
                guard var found = FoundRequest(opened) else { return nil }
                let answers = try database.entries(
                    where: """
                        entry.about = ? AND refused.event IS NULL
                        ORDER BY entry.position IS NULL, entry.position, entry.leaf
                        """, [found.state.id.blob])
                for answer in answers { found.add(answer, us: agency) }
                return found
            }
        }
    }
}

/// A request with everything that was said to it.
struct FoundRequest {
    private(set) var state: RequestState
    private(set) var kept: RequestAnswer?
    private(set) var isPending: Bool
    /// When the answer was entered, where it was told before by voice or on paper.
    private(set) var enteredAt: Timestamp?
    let stream: StreamID
    private let origin: Origin

    init?(_ opened: OpenedEntry) {
        guard case .request(let asked, let due) = opened.entry.control else { return nil }
        var details: RequestDetails?
        if case .requestMade(let value) = opened.disclosure { details = value }
        origin = opened.entry.origin
        stream = opened.entry.stream
        isPending = opened.isPending
        state = RequestState(
            id: opened.entry.eventID, asker: opened.entry.agency, asked: asked,
            madeAt: opened.entry.issuedAt, due: due, caseReference: opened.read.reference,
            details: details)
    }

    mutating func add(_ opened: OpenedEntry, us: AgencyCode) {
        guard let event = opened.disclosure else { return }
        switch opened.entry.control {
        case .answer(let origin, _):
            guard origin == self.origin else { return }
            if let told = opened.toldAt, state.answer == nil {
                enteredAt = opened.entry.issuedAt
                state.evolve(event, by: opened.entry.agency, at: told)
            } else {
                state.evolve(event, by: opened.entry.agency, at: opened.entry.issuedAt)
            }
        case .share:
            state.evolve(event, by: opened.entry.agency, at: opened.entry.issuedAt)
        case .none:
            if case .requestStepped = event {
                // A step stands where the request does, so that both agencies see it.
                guard opened.entry.origin == origin, opened.entry.stream == stream else { return }
                return state.evolve(event, by: opened.entry.agency, at: opened.entry.issuedAt)
            }
            // An answer outside an ANSWER is the truth kept at home, and only our own.
            guard opened.entry.agency == us, state.asked == us else { return }
            if case .requestAnswered(let answer) = event { kept = answer }
            return
        case .request, .circle, .recall, .withdraw: return
        }
        isPending = isPending || opened.isPending
    }

    /// Earlier requests of the same asker to the same agency about the same case, newest first.
    func earlier(among all: [FoundRequest]) -> [FoundRequest] {
        all.filter { other in
            other.state.id != state.id && other.state.asker == state.asker
                && other.state.asked == state.asked
                && (other.state.id == state.details?.earlierRequest
                    || (other.state.caseReference != nil
                        && other.state.caseReference == state.caseReference
                        && other.state.madeAt <= state.madeAt))
        }.sorted { ($0.state.madeAt, $0.state.id) > ($1.state.madeAt, $1.state.id) }
    }
}

extension RequestView {
    init(_ found: FoundRequest, earlier: [FoundRequest], at now: Timestamp) {
        let state = found.state
        eventID = state.id.hex
        asker = state.asker.text
        asked = state.asked.text
        reference = state.caseReference?.text
        madeAt = state.madeAt.description
        due = state.due.description
        askedLabels = state.details?.askedLabels.map(\.text)
        reason = state.details?.reason
        changedFact = state.details?.changedFact
        earlierRequest = state.details?.earlierRequest?.hex
        switch state.standing(at: now) {
        case .waiting: (standing, lateDays) = ("waiting", 0)
        case .overdue(let days): (standing, lateDays) = ("overdue", days)
        case .answered(_, let days): (standing, lateDays) = ("answered", days)
        }
        steps = state.steps.map { step in
            StepView(step: step.step.rawValue, at: step.at.description, words: step.words)
        }
        proposed = nil
        told = state.answer?.told?.rawValue
        enteredAt = found.enteredAt?.description
        outcome = state.answer?.outcome.rawValue
        outcomeCode = state.answer?.reason?.code.text
        outcomeWords = state.answer?.reason?.words
        answeredAt = state.answeredAt?.description
        outcomeAtHome = found.kept?.outcome.rawValue
        let given = state.disclosures.flatMap(\.labels) + (state.answer?.toldLabels ?? [])
        disclosedLabels = Set(given).sorted().map(\.text)
        self.earlier = earlier.map { other in
            EarlierRequestView(
                eventID: other.state.id.hex, madeAt: other.state.madeAt.description,
                reason: other.state.details?.reason, outcome: other.state.answer?.outcome.rawValue,
                outcomeCode: other.state.answer?.reason?.code.text,
                outcomeWords: other.state.answer?.reason?.words)
        }
        isPending = found.isPending
    }
}
