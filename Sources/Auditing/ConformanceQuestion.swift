import EventLogs
import Partnership
import Replication
import SharingProtocols
import TallystickPrimitives

/// Asks by what one statement gave something to one agency.
struct ConformanceQuestion {
    let step: AuditStep
    let sender: AgencyCode
    let recipient: AgencyCode

    /// The labels of the statement's own compartments that went to the recipient.
    func circleLabels(of delivery: Delivery) -> [Label] {
        let epochLabels = step.statement.payload.compartments.compactMap { descriptor -> Label? in
            if case .epoch = descriptor.reader { descriptor.label } else { nil }
        }
        return Set(epochLabels).intersection(delivery.labels).sorted()
    }

    func permission(of label: Label) -> Conformance.Permission {
        guard let decision = step.statement.payload.decision, let circle = step.circle,
            decision.bundle == circle.bundle
        else { return .nothing("no-protocol") }
        if let bundle = circle.bundle,
            !step.roster.isInForce(bundle, between: sender, and: recipient, at: TreeSize(step.position))
        {
            return .nothing("protocol-not-in-force")
        }
        let stated = step.statement.payload.compartments.first { $0.label == label }?.caveats ?? []
        return decide(label, decision: decision, isDirect: false, expires: nil, stated: Set(stated))
    }

    func permission(ofDirect label: Label, until expires: Timestamp?) -> Conformance.Permission {
        if step.roster.parties[recipient]?.enrolment.party == .auditor { return .mandate }
        guard let decision = step.statement.payload.decision, let seen = step.statement.payload.seen
        else {
            return .nothing("no-protocol")
        }
        if let bundle = decision.bundle,
            !step.roster.isInForce(bundle, between: sender, and: recipient, at: seen.size)
        {
            let ending = step.roster.ending(of: bundle, between: sender, and: recipient, before: seen.size)
            return .nothing(ending == nil ? "protocol-not-in-force" : "protocol-ended")
        }
        let stated = step.statement.payload.compartments.first { $0.label == .record }?.caveats ?? []
        return decide(
            label, decision: decision, isDirect: true, expires: expires ?? step.statement.issuedAt, stated: Set(stated))
    }

    private func decide(
        _ label: Label, decision: DecisionCodes, isDirect: Bool, expires: Timestamp?, stated: Set<CaveatCode>
    ) -> Conformance.Permission {
        let question = ShareQuestion(
            sender: sender, recipient: recipient, label: label, sealed: nil,
            purpose: decision.purpose,
            gateway: decision.gateway, basis: decision.basis, condition: decision.condition,
            circle: Set(step.circle?.members ?? []),
            isEmergency: decision.gateway == DecisionCodes.emergencyGateway,
            isDirectShare: isDirect,
            expires: expires, at: step.statement.issuedAt)
        let terms = decision.bundle.flatMap { step.roster.terms(of: $0) }
        switch ShareDecisions.decideShare(question, under: terms) {
        case .permit(let clauses):
            guard ShareDecisions.caveatsDue(question, under: terms).isSubset(of: stated) else {
                return .nothing("caveat-missing")
            }
            return .clauses(clauses)
        case .refuse: return .nothing("not-permitted")
        }
    }
}
