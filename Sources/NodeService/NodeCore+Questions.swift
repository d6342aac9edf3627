import Casework
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import SignedStatements
import TallystickPrimitives

/// What people and operators ask a node.
extension NodeCore {
    func status(
        isConnected: Bool, brokerFault: String? = nil, answeredAt: Timestamp? = nil
    ) async throws -> NodeStatus {
        let counts = try views.counts()
        let size = await writer.size
        var status = NodeStatus(
            agency: agency.text, origin: origin.text, logSize: Int(size.value), pending: counts.pending,
            refused: counts.refused, registerSize: Int(follower.size.value), received: counts.admitted,
            connected: isConnected, feedFault: feedFault ?? evidence.sorted().first,
            cases: counts.casesByStage.values.reduce(0, +), reports: counts.reports)
        status.enrolled = roster.parties[agency]?.isEnrolled(at: time.now()) ?? false
        status.lackedRules = lackedRules
        status.brokerFault = isConnected ? nil : brokerFault
        status.finalSize = finalSize.map { Int($0.value) }
        if case .cosigned(let operators, let needed) = finality {
            (status.cosigners, status.cosignersNeeded) = (operators, needed)
        }
        status.emergenciesToReview = try views.unreviewedEmergencies().count
        status.erasureQuestions = listQuestions().count { $0.answer == nil && $0.erasure == nil }
        (status.recallsToAnswer, status.breachDue) = try recallStanding()
        (status.handoversToAnswer, status.handoversWaiting) = handoverStanding()
        (status.withdrawalsToAnswer, status.withdrawalsOutstanding) = try withdrawalStanding()
        status.overdue = try overdue(answeredAt: answeredAt ?? time.now())
        status.dueSoon = try dueSoonRequests(at: time.now())
        status.uncertain = certainty.standing.code
        status.keptCommands = kept.count
        status.lostParts = try store.lostCount(of: origin)
        status.carried = carried.count
        status.carriedUnshown = carried.unshownCount
        status.carriedDropped = carried.droppedCount
        status.twoStories = cosigned.twoStories.sorted().map(\.text)
        return status
    }

    /// How one of this agency's own entries stands. It says nothing of what is in it, and is no reading of it.
    func showEntry(_ query: EntryQuery, isConnected: Bool) throws -> EntryPage {
        guard let id = try eventID(query.entry), let index = try store.recorded([id])[id],
            let placed = try store.readLog(from: index, limit: 1).first
        else { throw NodeProblem.unknownEntry(query.entry) }
        let admission = try store.admission(of: index)
        let verdict = admission.map { $0.isAccepted ? EntryPage.Verdict.accepted : .refused }
        var page = EntryPage(
            entry: id.hex, recordedAt: placed.statement.issuedAt.description, verdict: verdict ?? .waiting,
            position: admission.flatMap { Int(exactly: $0.registerPosition) }, reason: admission?.reason?.text,
            brokerAnswers: isConnected)
        if let admission { page.isFinal = shownFinalSize.map { admission.registerPosition < $0 } }
        return page
    }

    func listCases(by officer: String) async throws -> [CaseRow] {
        let rows = try views.cases(limit: Limits.listRowCount)
        _ = try await recordAccess(.listed, of: rows.map { CaseReference($0.reference) }, by: officer)
        return rows
    }

    func showCase(_ form: CaseQuery) async throws -> CaseView {
        // What came by file can be looked at, and nothing else can be done with it yet.
        let text = form.caseReference
        let waiting = book.references(matching: text).isEmpty ? carried.reference(matching: text) : nil
        let reference = try waiting ?? reference(text)
        if let role = form.role, ReaderRole(rawValue: role) == nil {
            throw NodeProblem.bad("role", ReaderRole.allCases.map(\.rawValue).joined(separator: ", "))
        }
        _ = try await recordAccess(.displayed, of: [reference], by: form.officer, role: form.role)
        guard var view = try views.caseView(reference, at: time.now()) else {
            throw NodeProblem.unknownCase(form.caseReference, matches: 0)
        }
        view.finalSize = shownFinalSize
        view.viewer = agency.text
        let shares = try views.sharesToUs()
        for place in view.timeline.indices {
            view.timeline[place].caveats = try statedCaveats(
                at: view.timeline[place].index, of: view.timeline[place].origin, shares: shares)
        }
        view.handover = try leadView(of: reference)
        view.inDoubt = try inDoubt(of: view.timeline)
        return view
    }

    /// Those of some entries that may be a thief's: a key signed them that was revoked for their time, by the register or by
    /// file, and their agency has not stood by them.
    private func inDoubt(of timeline: [TimelineEntry]) throws -> [String] {
        try timeline.filter { entry in
            guard let log = Origin(entry.origin), let position = entry.position, !entry.isRefused else { return false }
            guard roster.revocations[log] != nil || follower.heard.isEver(of: log) else { return false }
            let index = LeafIndex(entry.index)
            let signed =
                log == origin
                ? try store.readLog(from: index, limit: 1).first?.statement.signed.header.keyID
                : try store.received(origin: log, index: index).flatMap { try? Statement(decoding: $0.bytes) }?
                    .signed.header.keyID
            guard let signed else { return false }
            return roster.isInDoubt(signed, of: log, at: TreeSize(position), index: index)
                || follower.heard.voids(signed, of: log, at: TreeSize(position))
        }.map(\.eventID)
    }

    func listReports() throws -> [ReportRow] { try views.reports(limit: Limits.listRowCount) }

    func search(_ form: SearchForm) async throws -> [SearchHit] {
        var hits = try views.search(form.words)
        let shares = try views.sharesToUs()
        for place in hits.indices {
            hits[place].caveats = try statedCaveats(at: hits[place].index, of: hits[place].origin, shares: shares)
        }
        try await recordListing(hits.map(\.reference), by: form.officer)
        return hits
    }

    /// Requests to this agency and by it.
    func listRequests(by officer: String) async throws -> RequestLists {
        let lists = RequestLists(
            toAnswer: try views.requestsToUs(at: time.now()).map(completed),
            asked: try views.requestsFromUs(at: time.now()).map(completed))
        try await recordListing((lists.toAnswer + lists.asked).map(\.reference), by: officer)
        return lists
    }

    /// Each case that a list names, once.
    private func recordListing(_ references: [String?], by officer: String) async throws {
        let cases = Set(references.compactMap { $0.flatMap { CaseReference($0) } })
        _ = try await recordAccess(.listed, of: cases.sorted(), by: officer)
    }

    // MARK: Protocols

    func listProtocols() -> [ProtocolRow] {
        roster.protocols.values.map { published in
            let bundle = published.publication.bundle
            let parties = published.terms.parties.map(\.agency).sorted()
            let adoptions = parties.map { (party: $0, adoption: roster.parties[$0]?.adoptions[bundle]) }
            let own = ownSignatures.ending(of: bundle)
            let signed = adoptions.filter { party, adoption in
                adoption?.isInForce(at: follower.size) == true && (party != agency || own == nil)
            }.map(\.party)
            let ended = adoptions.compactMap { party, adoption in
                let known = adoption?.ending(before: follower.size).map { ($0.statedAt, $0.reason) }
                let found = known ?? (party == agency ? own.map { ($0.statedAt, $0.reason) } : nil)
                return found.map { EndedSignature(party: party.text, on: $0.0.description, reason: $0.1.text) }
            }
            return ProtocolRow(
                code: published.publication.code.text, version: Int(published.publication.version),
                title: published.terms.title, bundle: bundle.hex, signed: signed.map(\.text),
                unsigned: adoptions.filter { $0.adoption == nil }.map(\.party.text), ended: ended)
        }.sorted { ($0.code, $0.version) < ($1.code, $1.version) }
    }

    /// A protocol as it is in force, in plain English.
    func explain(_ form: ExplainForm) throws -> ProtocolExplanation {
        guard let code = ProtocolCode(form.protocolCode), let found = roster.newest(code, at: follower.size) else {
            let active = roster.protocols.values.filter { $0.isActive(at: follower.size) }
            throw NodeProblem.unknownProtocol(
                form.protocolCode, of: Set(active.map(\.publication.code.text)).sorted())
        }
        return ProtocolExplanation(found.terms)
    }
}

/// Requests to be answered and requests that wait for others.
struct RequestLists: Encodable {
    let toAnswer: [RequestView]
    let asked: [RequestView]
}
