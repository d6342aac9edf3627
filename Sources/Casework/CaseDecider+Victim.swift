import SharingProtocols
import TallystickPrimitives

extension CaseDecider {
    func record(_ action: ActionRecord) throws(CaseRefusal) -> [CaseworkEvent] {
        try requireOpen()
        try TextCheck.named("action", action.action)
        return [.actionRecorded(action)]
    }

    func offer(_ offer: ReferralOffer) throws(CaseRefusal) -> [CaseworkEvent] {
        try requireOpen()
        guard state.referrals[offer.service]?.standing != .offered else {
            throw .alreadyOffered(offer.service)
        }
        try TextCheck.summary("offered-because", offer.because)
        return [.referralOffered(offer)]
    }

    func decline(_ decline: ReferralDecline) throws(CaseRefusal) -> [CaseworkEvent] {
        try requireOpen()
        guard state.referrals[decline.service]?.standing == .offered else {
            throw .notOffered(decline.service)
        }
        try TextCheck.summary("declined-because", decline.because)
        return [.referralDeclined(decline)]
    }

    func record(_ details: ConsentDetails) throws(CaseRefusal) -> [CaseworkEvent] {
        try requireOpen()
        try TextCheck.summary("consent-how", details.how)
        try TextCheck.short("consent-scope", details.scope)
        try TextCheck.short("consent-by", details.by)
        return [.consentRecorded(ConsentRecord(details: details))]
    }

    func record(_ contact: SafeContact, days: Int) throws(CaseRefusal) -> [CaseworkEvent] {
        try requireOpen()
        guard (1...CaseworkLimits.safeContactDaysAtMost).contains(days) else {
            throw .safeContactDays(days, limit: CaseworkLimits.safeContactDaysAtMost)
        }
        switch contact {
        case .instruction(let words): try TextCheck.named("safe-contact", words)
        case .goingWithout(let reason): try TextCheck.summary("safe-contact", reason)
        }
        let confirmedAt = Timestamp(wholeSeconds: now.wholeSeconds)
        let details = SafeContactDetails(
            contact: contact, confirmedAt: confirmedAt,
            expires: confirmedAt.adding(seconds: Int64(days) * 86_400))
        return [.safeContactRecorded(SafeContactRecord(details: details))]
    }

    func send(
        _ service: ServiceCode, summary: String, victimName: String?
    ) throws(CaseRefusal) -> [CaseworkEvent] {
        try requireOpen()
        guard state.referrals[service]?.standing != .sent else { throw .alreadyReferred(service) }
        try TextCheck.summary("summary", summary)
        try TextCheck.short("victim-name", victimName)
        try requireConsent()
        return [
            .referralSent(
                SentReferral(
                    service: service, summary: summary, victimName: victimName,
                    safeContact: try liveContact(), judgedBand: state.judgedBand(of: agency)))
        ]
    }

    // Given, or a recorded reason why nobody asked. A no is a no: a service that people choose is
    // not a way around it.
    private func requireConsent() throws(CaseRefusal) {
        switch state.latestConsent?.value.state {
        case .refused, .withdrawn: throw .consentRefused
        default: break
        }
        switch state.consents[agency]?.state {
        case nil: throw .consentMissing
        case .refused, .withdrawn: throw .consentRefused
        case .notApplicable: throw .consentNotEnough
        case .given, .cannotGive, .notReasonable, .wouldPrejudice, .notRequired: return
        }
    }

    private func liveContact() throws(CaseRefusal) -> String? {
        guard let details = state.safeContacts[agency] else { throw .safeContactMissing }
        guard details.isLive(at: now) else { throw .safeContactExpired(since: details.expires) }
        switch details.contact {
        case .instruction(let words): return words
        case .goingWithout: return nil
        }
    }
}
