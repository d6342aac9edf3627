import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import TallystickPrimitives

/// Where the entries of each case and request are: addresses only, so that state is read from the log when it is needed.
struct CaseBook: Sendable {
    /// A statement this node holds.
    struct Address: Hashable, Sendable {
        let origin: Origin
        let index: LeafIndex
    }

    /// The statements about a case, in the order in which they were folded.
    private(set) var entries: [CaseReference: [Address]] = [:]
    /// This agency's own stream for a case.
    private(set) var ownStreams = OwnStreams()
    /// The statements of each request: the request first, then answers and disclosures.
    private(set) var requests: [EventID: [Address]] = [:]
    /// This agency's records of who looked at a case.
    private(set) var accesses: [CaseReference: [Address]] = [:]
    /// This agency's streams for fewer than all the agencies on a case.
    private(set) var chosenStreams: Set<StreamID> = []
    /// What was given to this agency until a day.
    var expiries: ShareExpiries

    /// What is held and what is erased.
    var erasures = ErasureBook()
    private let agency: AgencyCode

    /// An empty book.
    ///
    /// - Parameter agency: whose book it is.
    init(agency: AgencyCode) {
        self.agency = agency
        expiries = ShareExpiries(agency: agency)
    }

    /// Takes in a statement that this node could open, as far as it belongs to a case or a request.
    ///
    /// - Parameters:
    ///   - isFormer: whether it is this agency's, in a log that its own went on from.
    ///   - authorsLogs: all the logs of its author, where it has several.
    mutating func fold(
        _ statement: Statement, index: LeafIndex, opened: EventFields, isOwn: Bool, isFormer: Bool = false,
        authorsLogs: [Origin] = []
    ) {
        expiries.fold(statement, index: index, isOwn: isOwn, authorsLogs: authorsLogs)
        let address = Address(origin: statement.origin, index: index)
        let reference = (try? EventCommon.decode(opened))?.caseReference
        erasures.fold(
            statement, index: index, opened: opened, reference: reference, isOwn: isOwn, agency: agency,
            isFormer: isFormer, former: authorsLogs.filter { $0 != statement.origin })
        switch statement.payload.control {
        case .circle(let circle):
            if isOwn, [NodeCore.chosenReason, NodeCore.earlierReason].contains(circle.reason) {
                chosenStreams.insert(statement.payload.stream)
            }
        case .request:
            note(address, of: statement.eventID)
        case .answer(_, let request):
            note(address, of: request)
        case .share:
            if let request = opened["record"]?["request-reference"].flatMap({ try? $0.id(EventID.self) }) {
                note(address, of: request)
            }
        case .record, .handover:
            guard let reference else { return }
            if entries[reference]?.contains(address) != true { entries[reference, default: []].append(address) }
            if isOwn, isCasework(opened), isCaseStream(statement, of: reference) {
                ownStreams.set(statement.payload.stream, for: reference)
            }
        case .access:
            guard case .accessRecorded(let access)? = try? CaseworkEvent.decode(opened).event,
                let about = access.caseReference
            else { return }
            accesses[about, default: []].append(address)
        default: break
        }
    }

    /// A stream that no circle opened is nobody's: the next entry about its case opens another.
    mutating func forget(_ stream: StreamID) { ownStreams.forget(stream) }

    /// Forgets a case that is hidden, so that no command finds it.
    mutating func forget(_ reference: CaseReference) {
        entries[reference] = nil
        ownStreams.forget(reference)
        accesses[reference] = nil
    }

    /// Once each: what was hidden and is brought back is folded again.
    private mutating func note(_ address: Address, of request: EventID) {
        if requests[request]?.contains(address) != true { requests[request, default: []].append(address) }
    }

    /// What stands in a stream of its own although it names a case: requests, what was told, emergencies, referrals.
    private func isCasework(_ opened: EventFields) -> Bool {
        guard let decoded = try? CaseworkEvent.decode(opened), let event = decoded.event else { return false }
        if case .referralSent = event { return false }
        return true
    }

    /// A case's own stream is the one it is named after, or the first stream in which this agency wrote about it; a
    /// referral's stream is neither.
    private func isCaseStream(_ statement: Statement, of reference: CaseReference) -> Bool {
        guard !chosenStreams.contains(statement.payload.stream) else { return false }
        guard let known = ownStreams[reference] else { return true }
        return known == statement.payload.stream || statement.payload.stream == reference.stream
    }

    /// Whose turn it is to decide and record in a case.
    static func turn(_ reference: CaseReference) -> String { "case/\(reference.text)" }

    /// The cases whose reference begins as typed: an agency, a slash and the first digits, or the digits alone.
    func references(matching text: String) -> [CaseReference] {
        entries.keys.matching(text)
    }
}

extension Sequence where Element == CaseReference {
    /// Those whose reference begins as typed: an agency, a slash and the first digits, or the digits alone.
    func matching(_ text: String) -> [CaseReference] {
        filter { $0.text.hasPrefix(text) || $0.stream.hex.hasPrefix(text) }.sorted()
    }
}
