import EventLogs
import HTTPTransport
import Partnership
import SharingProtocols
import TallystickPrimitives

/// Finds, for a protocol, under which codes what is wanted may go, and who is due which label under them.
///
/// The purpose and the power are for people to choose; the lawful basis and the condition follow from them.
struct ProtocolChoice {
    let sender: AgencyCode
    let terms: SharingProtocol
    let bundle: Hash256
    let now: Timestamp

    /// The codes to decide under and, by label, the agencies due it.
    struct Outcome {
        let decision: DecisionCodes
        let recipients: [Label: Set<AgencyCode>]

        fileprivate var count: Int { recipients.values.reduce(0) { $0 + $1.count } }
    }

    /// What is chosen: by a person, or by what the case goes by already.
    struct Wish {
        var purpose: PurposeCode?
        var gateway: GatewayCode?
        /// The codes that the case is shared under; they stand where nothing else is said.
        var standing: DecisionCodes?
    }

    /// A choice, and what else could have been chosen.
    struct Picked {
        let outcome: Outcome
        let others: [Outcome]
    }

    /// Looks through the gateways, bases and conditions that the protocol has for a purpose, and takes what permits most.
    func choose(
        purpose: PurposeCode, labels: [Label], circle: Set<AgencyCode>, expires: Timestamp? = nil
    ) -> Outcome? {
        outcomes(labels: labels, circle: circle, expires: expires).filter { $0.decision.purpose == purpose }
            .reduce(nil) { best, next in next.count > (best?.count ?? 0) ? next : best }
    }

    /// For each purpose and gateway that permit anything the codes that permit most, in the order of the protocol.
    func outcomes(labels: [Label], circle: Set<AgencyCode>, expires: Timestamp? = nil) -> [Outcome] {
        terms.purposes.flatMap { purpose in
            terms.gateways.filter { $0.purposes.contains(purpose.code) }.compactMap { gateway in
                candidates(for: purpose.code, under: gateway).map { codes in
                    Outcome(
                        decision: codes,
                        recipients: recipients(of: labels, under: codes, circle: circle, expires: expires))
                }.reduce(nil) { (best: Outcome?, next) in next.count > (best?.count ?? 0) ? next : best }
            }
        }
    }

    /// The one outcome that fits what was chosen; nothing is chosen for a person where there is more than one.
    func pick(
        _ wish: Wish, labels: [Label], circle: Set<AgencyCode>, expires: Timestamp? = nil
    ) throws(ProblemDetails) -> Picked {
        if let purpose = wish.purpose { try require(purpose) }
        if let gateway = wish.gateway { try require(gateway) }
        let all = outcomes(labels: labels, circle: circle, expires: expires)
        var fitting = all.filter { outcome in
            (wish.purpose.map { $0 == outcome.decision.purpose } ?? true)
                && (wish.gateway.map { $0 == outcome.decision.gateway } ?? true)
        }
        if let standing = wish.standing {
            if wish.purpose == nil { fitting.keep { $0.decision.purpose == standing.purpose } }
            if wish.gateway == nil { fitting.keep { $0.decision.gateway == standing.gateway } }
        }
        let others = circle.subtracting([sender]).sorted()
        guard let first = fitting.first else {
            throw NodeProblem.nothingPermitted(under: terms, wish, to: others)
        }
        if fitting.contains(where: { $0.decision.purpose != first.decision.purpose }) {
            throw NodeProblem.choosePurpose(of: fitting.map(\.decision.purpose), under: terms)
        }
        guard fitting.count == 1 else {
            throw NodeProblem.chooseGateway(of: fitting.map(\.decision.gateway), for: first.decision.purpose)
        }
        return Picked(outcome: first, others: all.filter { $0.decision != first.decision })
    }

    /// That a purpose is one of the protocol's.
    func require(_ purpose: PurposeCode) throws(ProblemDetails) {
        guard terms.purposes.contains(where: { $0.code == purpose }) else {
            throw NodeProblem.unknownPurpose(purpose, under: terms)
        }
    }

    private func require(_ gateway: GatewayCode) throws(ProblemDetails) {
        guard terms.gateway(gateway) != nil else { throw NodeProblem.unknownGateway(gateway, under: terms) }
    }

    /// The question that all points ask, with the sealed facts where they are known.
    func question(
        _ label: Label, to recipient: AgencyCode, codes: DecisionCodes, circle: Set<AgencyCode>,
        sealed: SealedFacts? = nil, expires: Timestamp? = nil
    ) -> ShareQuestion {
        ShareQuestion(
            sender: sender, recipient: recipient, label: label, sealed: sealed, purpose: codes.purpose,
            gateway: codes.gateway, basis: codes.basis, condition: codes.condition, circle: circle,
            isDirectShare: expires != nil, expires: expires, at: now)
    }

    private func recipients(
        of labels: [Label], under codes: DecisionCodes, circle: Set<AgencyCode>, expires: Timestamp?
    ) -> [Label: Set<AgencyCode>] {
        var recipients: [Label: Set<AgencyCode>] = [:]
        for label in labels {
            let due = circle.filter { recipient in
                recipient != sender
                    && ShareDecisions.isPermitted(
                        question(label, to: recipient, codes: codes, circle: circle, expires: expires), under: terms)
            }
            if !due.isEmpty { recipients[label] = due }
        }
        return recipients
    }

    private func candidates(for purpose: PurposeCode, under gateway: ProtocolGateway) -> [DecisionCodes] {
        let conditions: [ConditionCode?] = [nil] + terms.conditions.sorted()
        return gateway.bases.sorted().flatMap { basis in
            conditions.map { condition in
                DecisionCodes(
                    bundle: bundle, purpose: purpose, gateway: gateway.code, basis: basis, condition: condition)
            }
        }
    }
}

extension [ProtocolChoice.Outcome] {
    /// Leaves only what fits, unless nothing would be left.
    fileprivate mutating func keep(_ fits: (ProtocolChoice.Outcome) -> Bool) {
        let kept = filter(fits)
        if !kept.isEmpty { self = kept }
    }
}

extension Roster {
    /// The protocol to share under, if it is in force between this agency and each of the others.
    func choice(
        _ code: ProtocolCode, sender: AgencyCode, with others: [AgencyCode], at position: TreeSize, now: Timestamp
    ) throws(ProblemDetails) -> ProtocolChoice {
        if let published = newestInForce(code, between: sender, and: others, at: position), !others.isEmpty {
            guard !published.hasLapsed(at: now) else { throw NodeProblem.reviewLapsed(published) }
            return ProtocolChoice(
                sender: sender, terms: published.terms, bundle: published.publication.bundle, now: now)
        }
        guard let published = newest(code, at: position) else {
            throw NodeProblem.notInForce(code, between: others)
        }
        let bundle = published.publication.bundle
        let missing = others.filter { !isInForce(bundle, between: sender, and: $0, at: position) }
        let endings = missing.compactMap { other in
            ending(of: bundle, between: sender, and: other, before: position).map { ($0.party, $0.ending.statedAt) }
        }
        // Where one has ended it and another never signed, what was ended is the news.
        guard endings.isEmpty else { throw NodeProblem.protocolEnded(code, by: endings) }
        guard missing.isEmpty else { throw NodeProblem.notInForce(code, between: missing) }
        return ProtocolChoice(sender: sender, terms: published.terms, bundle: bundle, now: now)
    }
}
