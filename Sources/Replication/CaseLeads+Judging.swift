public import EventLogs
public import Partnership
public import TallystickPrimitives

/// Why a step of a handover cannot stand.
public enum HandoverFault: Error, Hashable, Sendable, CaseIterable {
    /// No party opened such a case.
    case unknownCase
    /// By an agency that does not lead the case.
    case notLead
    /// It names another term in the lead than the one that lasts: the lead has moved since.
    case leadMoved
    /// To the agency that leads already, or to one that is not on the case.
    case recipient
    /// An offer stands already.
    case offerStands
    /// The offer that it names does not stand.
    case noOffer
    /// The offer that it names was made to another agency.
    case notOffered
    /// Nobody accepted, or another agency did than the one it goes to.
    case notAccepted
    /// The board's act makes nobody, or another, the author's successor, or does not hold here.
    case notSuccessor
    /// More cases than the schedule of the succession has, or another number than moved.
    case count

    /// The code in the register.
    public var code: ReasonCode {
        switch self {
        case .unknownCase: "handover-case-unknown"
        case .notLead: "handover-not-lead"
        case .leadMoved: "handover-lead-moved"
        case .recipient: "handover-recipient"
        case .offerStands: "handover-offer-stands"
        case .noOffer: "handover-no-offer"
        case .notOffered: "handover-not-offered"
        case .notAccepted: "handover-not-accepted"
        case .notSuccessor: "handover-not-successor"
        case .count: "succession-count"
        }
    }
}

extension CaseLeads {
    /// Judges a step at a register position by everything that was admitted before it.
    public func judge(
        _ handover: HandoverControl, by author: AgencyCode, at position: TreeSize, in roster: Roster
    ) throws(HandoverFault) {
        guard let standing = standing(of: handover.matter, in: roster) else { throw .unknownCase }
        switch handover.step {
        case .offer(let lead, let recipient, _):
            try standing.requireLead(author, by: lead)
            guard recipient != author else { throw .recipient }
            guard standing.offer == nil else { throw .offerStands }
        case .accept(let named):
            guard standing.terms.last?.agency != author else { throw .recipient }
            guard let named else { return }
            guard let offer = standing.offer, offer.address == named else { throw .noOffer }
            guard offer.recipient == author else { throw .notOffered }
        case .decline(let named):
            // What nobody asked for can be taken back as it was said; what an offer asked for goes with the offer.
            if standing.acceptances[author] == named, standing.offer?.acceptance != named { return }
            guard let offer = standing.offer, offer.address == named else { throw .noOffer }
            guard offer.recipient == author else { throw .notOffered }
        case .withdraw(let named):
            guard standing.terms.last?.agency == author else { throw .notLead }
            guard let offer = standing.offer, offer.address == named else { throw .noOffer }
        case .release(let lead, let recipient, let because):
            try standing.requireLead(author, by: lead)
            guard recipient != author else { throw .recipient }
            if because.origin == roster.board?.origin {
                try requireSuccession(because.event, from: author, to: recipient, at: position, in: roster)
            } else {
                guard standing.acceptances[recipient] == because else { throw .notAccepted }
            }
        case .lead(let lead): try standing.requireLead(author, by: lead)
        }
    }

    /// Judges what the board gives in the place of leads that cannot let go.
    public func judge(_ reassignment: Reassignment, in roster: Roster) throws(HandoverFault) {
        for move in reassignment.moves {
            guard let standing = standing(of: move.matter, in: roster) else { throw .unknownCase }
            guard standing.terms.last?.by == move.lead else { throw .leadMoved }
            guard standing.acceptances[move.recipient] == move.acceptance else { throw .notAccepted }
        }
    }

    /// Judges the count with which a side says that a succession is done.
    public func judge(_ said: SuccessionWord) throws(HandoverFault) {
        switch said.word {
        case .gives, .takes: break
        case .gave(let count), .took(let count): guard count == moved[said.act] ?? 0 else { throw .count }
        }
    }

    private func requireSuccession(
        _ act: EventID, from author: AgencyCode, to recipient: AgencyCode, at position: TreeSize, in roster: Roster
    ) throws(HandoverFault) {
        guard let state = roster.successions[act], state.holds(at: position), state.gave == nil,
            state.decision.predecessor == author, state.decision.successor == recipient
        else { throw .notSuccessor }
        guard let schedule = state.decision.schedule else { return }
        guard moved[act] ?? 0 < schedule.caseCount else { throw .count }
    }

    /// What is wrong with an accepted step, as far as one agency can tell that may not have been told of everything before.
    ///
    /// - Parameter own: the agency that looks: of what it is itself a side of it has been told everything.
    func fault(
        in handover: HandoverControl, by author: AgencyCode, at position: TreeSize, own: AgencyCode, roster: Roster
    ) -> HandoverFault? {
        if case .lead = handover.step {
            // Whoever leads by what is known here must have let go itself; of others' terms not everybody has heard.
            return author != own && lead(of: handover.matter, in: roster) == own ? .notLead : nil
        }
        do throws(HandoverFault) { try judge(handover, by: author, at: position, in: roster) } catch {
            guard let standing = standings[handover.matter] else {
                // Nothing was said before that this agency has seen: only what would make it the lead is held against it.
                return isOwnSide(handover, own: own, roster: roster) ? error : nil
            }
            return switch error {
            case .leadMoved: standing.knows(handover.step) ? error : nil
            case .noOffer, .offerStands, .unknownCase, .count: nil
            case .notAccepted: isOwnSide(handover, own: own, roster: roster) ? error : nil
            case .notLead, .recipient, .notOffered, .notSuccessor: error
            }
        }
        return nil
    }

    private func isOwnSide(_ handover: HandoverControl, own: AgencyCode, roster: Roster) -> Bool {
        guard case .release(_, let recipient, _) = handover.step else { return false }
        return recipient == own || lead(of: handover.matter, in: roster) == own
    }
}

extension CaseLeads.Standing {
    fileprivate func requireLead(_ author: AgencyCode, by lead: EventAddress?) throws(HandoverFault) {
        guard let last = terms.last, last.agency == author else {
            // Somebody who led once and says so of a term that is over is late; anybody else never led.
            throw terms.contains { $0.agency == author && $0.by == lead } ? .leadMoved : .notLead
        }
        guard last.by == lead else { throw .leadMoved }
    }

    /// Whether the term that a step names is one that is known here.
    fileprivate func knows(_ step: HandoverControl.Step) -> Bool {
        switch step {
        case .offer(let lead, _, _), .release(let lead, _, _): terms.contains { $0.by == lead }
        case .accept, .decline, .withdraw, .lead: true
        }
    }
}
