import Casework
import EventLogs
import NodeInterface
import NodeProjections
import Partnership
import Replication
import TallystickPrimitives

/// Who leads which case, as it is shown: only what is final, where anything can be.
extension NodeCore {
    /// Takes up who leads, after the register or what is final of it has moved.
    func refreshLeads() throws { try views.setLeads(shownLeads(follower.leads)) }

    /// Who led each case whose lead moved, as it is shown, the present one last.
    func shownLeads(_ known: CaseLeads) -> [CaseReference: LeadOrder] {
        var leads: [CaseReference: LeadOrder] = [:]
        for (matter, standing) in known.standings {
            guard let reference = reference(of: matter) else { continue }
            let shown = standing.shown(upTo: shownFinalSize)
            if shown.count > 1 { leads[reference] = LeadOrder(shown.map(\.agency)) }
        }
        return leads
    }

    /// The case that a stream opened.
    func reference(of matter: StreamAddress) -> CaseReference? {
        roster.party(of: matter.origin).map { CaseReference(agency: $0.code, stream: matter.stream) }
    }

    /// The stream that opened a case.
    func matter(of reference: CaseReference) -> StreamAddress? {
        guard let party = roster.parties[reference.agency] else { return nil }
        let all = party.origins.map { StreamAddress(origin: $0, stream: reference.stream) }
        // Where its agency went on in another log, a case stays what it was opened as.
        let former = all.dropLast().first { follower.circle(of: $0) != nil || follower.leads.standings[$0] != nil }
        return former ?? all.last
    }

    /// Who leads a case, as it is shown.
    func shownLead(of reference: CaseReference) -> AgencyCode {
        views.leadOrder(of: reference).last ?? reference.agency
    }

    /// Only the lead decides who is on a case.
    func requireLead(of reference: CaseReference) throws {
        let lead = shownLead(of: reference)
        guard lead == agency || reference.agency != agency && views.leadOrder(of: reference).agencies.isEmpty else {
            throw NodeProblem.notTheLead(lead)
        }
    }

    /// The stream in which this agency states a case that it leads: the one that opened it, or, where another agency did, its
    /// own about it.
    func statingStream(of reference: CaseReference) -> StreamID? {
        reference.agency == agency ? reference.stream : book.ownStreams[reference]
    }

    /// How the lead of a case goes from one agency to another; nil where nothing was ever said of it.
    func leadView(of reference: CaseReference) throws -> LeadView? {
        guard let matter = matter(of: reference), let standing = follower.leads.standings[matter] else { return nil }
        let shown = standing.shown(upTo: shownFinalSize)
        guard let lead = shown.last else { return nil }
        var view = LeadView(
            reference: reference.text, lead: lead.agency.text, since: lead.since?.description,
            before: shown.dropLast().map(\.agency.text),
            next: standing.terms.count > shown.count ? standing.terms.last?.agency.text : nil,
            isAsAccepted: shownFinalSize == nil)
        if let offer = standing.offer {
            view.offeredTo = offer.recipient.text
            view.offeredAt = offer.offeredAt.description
            view.due = offer.due?.description
            view.isAccepted = offer.acceptance != nil
        }
        view.wouldTake = standing.acceptances.keys.filter { $0 != standing.offer?.recipient }.sorted().map(\.text)
        if lead.agency == agency, shown.count > 1 {
            view.needsConsent = try state(of: reference).consentState(of: agency) == nil
        }
        return view
    }

    /// The cases whose lead is on its way, or has moved.
    func listHandovers(by officer: String) async throws -> [LeadView] {
        let cases = follower.leads.standings.keys.compactMap { reference(of: $0) }.filter { book.entries[$0] != nil }
        let chosen = Array(cases.sorted().prefix(Limits.listRowCount))
        _ = try await recordAccess(.listed, of: chosen, by: officer)
        return try chosen.compactMap { try leadView(of: $0) }
    }

    // MARK: What is due

    /// How many offers wait for this agency's answer, and how many of its own for another's.
    func handoverStanding() -> (toAnswer: Int, waiting: Int) {
        let open = follower.leads.standings.values.filter { $0.offer.map { $0.acceptance == nil } ?? false }
        let toAnswer = open.count { $0.offer?.recipient == agency }
        return (toAnswer, open.count { $0.terms.last?.agency == agency })
    }

    /// Offers that nobody has answered in time: ours, and those to us; and what was accepted and not let go.
    func overdueHandovers(at now: Timestamp) -> [Overdue] {
        var found: [Overdue] = []
        for standing in follower.leads.standings.values {
            guard let offer = standing.offer, let lead = standing.terms.last?.agency else { continue }
            let due = offer.due ?? offer.offeredAt.adding(seconds: Limits.handoverSeconds)
            guard due < now else { continue }
            if offer.acceptance == nil {
                if offer.recipient == agency { found.append(Overdue(.handoverAnswer, since: due.description)) }
                if lead == agency {
                    found.append(Overdue(.handover, who: offer.recipient.text, since: due.description))
                }
            } else if lead == agency {
                found.append(Overdue(.handoverRelease, who: offer.recipient.text, since: due.description))
            }
        }
        return found.sorted { ($0.since ?? "", $0.who ?? "") < ($1.since ?? "", $1.who ?? "") }
    }
}

extension Limits {
    /// Seconds after which an offer of a case that names no day is overdue: three days, so that no case lies between two
    /// agencies over more than a weekend.
    static let handoverSeconds: Int64 = 3 * 86_400
}
