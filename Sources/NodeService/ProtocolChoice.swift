import EventLogs
import HTTPTransport
import Partnership
import SharingProtocols
import TallystickPrimitives

/// Finds, for a protocol and a purpose, the decision codes under which most of what is wanted may go, and who is due
/// which label under them.
struct ProtocolChoice {
    let sender: AgencyCode
    let terms: SharingProtocol
    let bundle: Hash256
    let now: Timestamp

    /// The codes to decide under and, by label, the agencies due it.
    struct Outcome {
        let decision: DecisionCodes
        let recipients: [Label: Set<AgencyCode>]
    }

    /// Looks through the gateways, bases and conditions that the protocol has for a purpose.
    func choose(
        purpose: PurposeCode, labels: [Label], circle: Set<AgencyCode>, expires: Timestamp? = nil
    ) -> Outcome? {
        var best: Outcome?
        var bestCount = 0
        for codes in candidates(for: purpose) {
            var recipients: [Label: Set<AgencyCode>] = [:]
            for label in labels {
                let due = circle.filter { recipient in
                    recipient != sender
                        && ShareDecisions.decideShare(
                            question(label, to: recipient, codes: codes, circle: circle, expires: expires),
                            under: terms
                        ).isPermitted
                }
                if !due.isEmpty { recipients[label] = due }
            }
            let count = recipients.values.reduce(0) { $0 + $1.count }
            if count > bestCount {
                best = Outcome(decision: codes, recipients: recipients)
                bestCount = count
            }
        }
        return best
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

    private func candidates(for purpose: PurposeCode) -> [DecisionCodes] {
        let conditions: [ConditionCode?] = [nil] + terms.conditions.sorted()
        return terms.gateways.filter { $0.purposes.contains(purpose) }.flatMap { gateway in
            gateway.bases.sorted().flatMap { basis in
                conditions.map { condition in
                    DecisionCodes(
                        bundle: bundle, purpose: purpose, gateway: gateway.code, basis: basis,
                        condition: condition)
                }
            }
        }
    }
}

extension Roster {
    /// The protocol to share under, if it is in force between this agency and each of the others.
    func choice(
        _ code: ProtocolCode, sender: AgencyCode, with others: [AgencyCode], at position: TreeSize, now: Timestamp
    ) throws(ProblemDetails) -> ProtocolChoice {
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
