public import EventLogs
public import Partnership
public import TallystickPrimitives

/// Who leads each case that ever changed its lead: the fold of HANDOVER, of the board's REASSIGN and of successions, in
/// the order of the register.
///
/// Pure. The broker, the nodes and the auditor run this same code. A case has one lead at every register position: the lead
/// moves only from the term that a statement names, and that term ends with it, so that of two that name one term the
/// second is refused.
public struct CaseLeads: Hashable, Sendable {
    /// One agency's time in the lead of a case.
    public struct Term: Hashable, Sendable {
        /// Who leads.
        public let agency: AgencyCode
        /// By what; nil for whoever opened the case.
        public let by: EventAddress?
        /// The register position of that; nil for whoever opened the case.
        public let position: UInt64?
        /// When that was admitted.
        public let since: Timestamp?
    }

    /// An offer of the lead that stands.
    public struct Offer: Hashable, Sendable {
        /// The offer.
        public let address: EventAddress
        /// To whom.
        public let recipient: AgencyCode
        /// By when an answer is asked for.
        public let due: Timestamp?
        /// When it was admitted.
        public let offeredAt: Timestamp
        /// The register position of it.
        public let position: UInt64
        /// Their acceptance, once there is one.
        public internal(set) var acceptance: EventAddress?
    }

    /// How one case stands.
    public struct Standing: Hashable, Sendable {
        /// Who has led it, in order; the last leads now.
        public internal(set) var terms: [Term]
        /// The offer that stands.
        public internal(set) var offer: Offer?
        /// Who would take it, and where they said so.
        public internal(set) var acceptances: [AgencyCode: EventAddress] = [:]

        /// The terms that count up to a register size.
        ///
        /// - Parameter finalSize: up to where the register is final; nil where nothing can be called final, and what is
        ///   accepted counts.
        public func shown(upTo finalSize: UInt64?) -> [Term] {
            guard let finalSize else { return terms }
            return terms.filter { $0.position.map { $0 < finalSize } ?? true }
        }

        mutating func move(to agency: AgencyCode, by address: EventAddress, at position: UInt64, _ moment: Timestamp) {
            terms.append(Term(agency: agency, by: address, position: position, since: moment))
            offer = nil
            acceptances = [:]
        }
    }

    /// The cases about whose lead anything was said, by the stream that opened them.
    public private(set) var standings: [StreamAddress: Standing] = [:]
    /// How many cases moved under each succession.
    public private(set) var moved: [EventID: UInt64] = [:]

    /// Nothing has changed its lead.
    public init() {}

    /// How a case stands; nil where no party has the log that it was opened in.
    public func standing(of matter: StreamAddress, in roster: Roster) -> Standing? {
        if let known = standings[matter] { return known }
        guard let opener = roster.party(of: matter.origin), opener.enrolment.party == .agency else { return nil }
        return Standing(terms: [Term(agency: opener.code, by: nil, position: nil, since: nil)])
    }

    /// Who leads a case at the end of what was folded.
    public func lead(of matter: StreamAddress, in roster: Roster) -> AgencyCode? {
        standing(of: matter, in: roster)?.terms.last?.agency
    }

    // MARK: Folding

    /// Takes in an accepted statement of any kind; only those about leads change anything.
    public mutating func take(
        _ statement: Statement, at position: UInt64, admittedAt: Timestamp, in roster: Roster
    ) {
        switch statement.payload.control {
        case .handover(let handover):
            guard let author = roster.party(of: statement.origin)?.code else { return }
            take(handover, of: statement.address, by: author, at: position, admittedAt: admittedAt, in: roster)
        case .reassign(let act):
            for move in act.decision.moves {
                guard var standing = standing(of: move.matter, in: roster), standing.terms.last?.by == move.lead else {
                    continue
                }
                standing.move(to: move.recipient, by: statement.address, at: position, admittedAt)
                standings[move.matter] = standing
            }
        default: break
        }
    }

    /// Takes in one step that stands.
    mutating func take(
        _ handover: HandoverControl, of address: EventAddress, by author: AgencyCode, at position: UInt64,
        admittedAt: Timestamp, in roster: Roster
    ) {
        guard var standing = standing(of: handover.matter, in: roster) else { return }
        standing.take(handover.step, of: address, by: author, at: position, admittedAt, counting: &moved, in: roster)
        standings[handover.matter] = standing
    }
}

extension CaseLeads.Standing {
    fileprivate mutating func take(
        _ step: HandoverControl.Step, of address: EventAddress, by author: AgencyCode, at position: UInt64,
        _ admittedAt: Timestamp, counting moved: inout [EventID: UInt64], in roster: Roster
    ) {
        switch step {
        case .offer(let lead, let recipient, let due):
            learn(lead, of: author, at: nil)
            offer = CaseLeads.Offer(
                address: address, recipient: recipient, due: due, offeredAt: admittedAt, position: position)
        case .accept(let named):
            acceptances[author] = address
            if let named, offer?.address == named { offer?.acceptance = address }
        case .decline(let named) where acceptances[author] == named:
            acceptances[author] = nil
            if offer?.recipient == author { offer?.acceptance = nil }
        case .decline(let named), .withdraw(let named):
            guard let known = offer, known.address == named else { return }
            acceptances[known.recipient] = nil
            offer = nil
        case .release(let lead, let recipient, let because):
            learn(lead, of: author, at: nil)
            if because.origin == roster.board?.origin { moved[because.event, default: 0] += 1 }
            move(to: recipient, by: address, at: position, admittedAt)
        case .lead(let lead): learn(lead, of: author, at: position)
        }
    }

    /// Whoever came to a case later has not been told of every change before: what the register accepted stands for it.
    ///
    /// - Parameter position: where the register says so, for what is shown only when it is final.
    private mutating func learn(_ lead: EventAddress?, of author: AgencyCode, at position: UInt64?) {
        guard terms.last?.by != lead, !terms.contains(where: { $0.by == lead }) else { return }
        terms.append(CaseLeads.Term(agency: author, by: lead, position: position, since: nil))
    }
}
