import EventLogs
import HTTPTransport
import NodeInterface
import Partnership
import Replication
import SharingProtocols
import TallystickPrimitives

/// A member of a circle with whom its protocol is over.
struct OverMembership {
    let member: AgencyCode
    let protocolCode: ProtocolCode?
    /// Who ended it, and when; nil for whom it never bound.
    let ending: (party: AgencyCode, statedAt: Timestamp)?
    /// The day by which its review should have been done, where sharing stopped then.
    var reviewBy: CivilDate?

    /// What is told to whoever records something.
    var sentence: String {
        let code = protocolCode?.text ?? "the protocol"
        if let reviewBy {
            return
                "what is for \(member): the review of \(code) was due by \(reviewBy), and sharing stops until it is renewed"
        }
        guard let ending else { return "what is for \(member): \(code) is not in force with it" }
        return "what is for \(member): \(ending.party) ended \(code) on \(ending.statedAt)"
    }
}

/// What follows where a party has ended a protocol (DESIGN §5, decision 0013).
extension NodeCore {
    /// The others among some agencies with whom a bundle is not in force now, or not without a break since a position.
    func over(_ bundle: Hash256, with members: [AgencyCode], since start: TreeSize) -> [OverMembership] {
        let now = follower.size
        let others = members.filter { $0 != agency }
        if let published = roster.protocols[bundle], published.hasLapsed(at: time.now()) {
            return others.map { member in
                OverMembership(
                    member: member, protocolCode: published.publication.code, ending: nil,
                    reviewBy: published.terms.review.by)
            }
        }
        if let own = ownSignatures.ending(of: bundle) {
            return others.map { member in
                OverMembership(
                    member: member, protocolCode: roster.protocols[bundle]?.publication.code,
                    ending: (agency, own.statedAt))
            }
        }
        return others.filter { member in
            !roster.isInForce(bundle, between: agency, and: member, since: start, at: now)
        }.map { member in
            let found = roster.ending(of: bundle, between: agency, and: member, before: now)
            return OverMembership(
                member: member, protocolCode: roster.protocols[bundle]?.publication.code,
                ending: found.map { ($0.party, $0.ending.statedAt) })
        }
    }

    /// The protocol to share under, if it is in force with each of the others and this agency has not just ended it.
    func choice(_ code: ProtocolCode, with others: [AgencyCode]) throws(ProblemDetails) -> ProtocolChoice {
        let choice = try roster.choice(code, sender: agency, with: others, at: follower.size, now: time.now())
        if let own = ownSignatures.ending(of: choice.bundle) {
            throw NodeProblem.protocolEnded(code, by: [(agency, own.statedAt)])
        }
        return choice
    }

    /// An own stream as the next entry finds it: with its circle, or with a new one without those who have left, and by the
    /// newest version that all who stay have signed.
    ///
    /// What was sealed for them until now stays theirs. They receive nothing more, not even that there is more.
    func narrowed(_ circle: OwnCircle, in stream: StreamID) throws -> OwnPlace {
        guard let bundle = circle.control.bundle else { return OwnPlace(stream: stream, circle: circle, opening: []) }
        let over = over(bundle, with: circle.control.members, since: circle.basis)
        let members = circle.control.members.filter { member in !over.contains { $0.member == member } }
        let newer = roster.replacement(
            of: bundle, between: agency, and: members.filter { $0 != agency }, at: follower.size)
        guard !over.isEmpty || newer != nil else { return try renewed(circle, in: stream) }
        var left = over.map(\.sentence)
        let sequence = try nextSequence(of: stream)
        guard members.count > 1, let goingBy = newer ?? roster.protocols[bundle], let decision = circle.decision else {
            let (draft, own) = recorder.ownCircle(of: stream, event: EventID(from: entropy), sequence: sequence)
            return OwnPlace(stream: stream, circle: own, opening: [draft], left: left)
        }
        let outcome = ProtocolChoice(
            sender: agency, terms: goingBy.terms, bundle: goingBy.publication.bundle, now: time.now()
        ).choose(purpose: decision.purpose, labels: circle.control.labels.keys.sorted(), circle: Set(members))
        if let newer, outcome == nil {
            let (code, version) = (newer.publication.code, newer.publication.version)
            left.append(
                """
                all of it: version \(version) of \(code), which everybody has signed, lets nothing of this case go for \
                \(decision.purpose)
                """
            )
        }
        let new = try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: members, recipients: outcome?.recipients ?? [:],
            sequence: sequence, decision: outcome?.decision,
            reason: over.isEmpty ? "protocol-amended" : "protocol-ended", roster: roster,
            basis: follower.size, now: time.now())
        return OwnPlace(stream: stream, circle: new.circle, opening: [new.draft], left: left)
    }

    /// The same circle, with other keys where a member has changed its KEM key: what is sealed from now on must not open
    /// with a key that was replaced, perhaps because somebody stole it.
    private func renewed(_ circle: OwnCircle, in stream: StreamID) throws -> OwnPlace {
        let hasChanged = circle.control.members.contains { member in
            member != agency && roster.parties[member]?.newestKEMChange.map { $0 >= circle.basis } ?? false
        }
        // Whoever destroyed what it had of the stream destroyed the circle's keys with it, and could open nothing new.
        let isKeyless = book.erasures.keyless.contains(stream)
        guard hasChanged || isKeyless, let decision = circle.decision else {
            return OwnPlace(stream: stream, circle: circle, opening: [])
        }
        let recipients = circle.control.labels.keys.map { ($0, Set(circle.control.recipients(of: $0))) }
        let new = try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: circle.control.members,
            recipients: Dictionary(uniqueKeysWithValues: recipients), sequence: try nextSequence(of: stream),
            decision: decision, reason: "key-change", roster: roster, basis: follower.size, now: time.now())
        return OwnPlace(stream: stream, circle: new.circle, opening: [new.draft])
    }

    /// Takes this agency's signature under a protocol back, under every version of it that the agency has signed.
    ///
    /// One of the offices that must sign is enough to end it: without any one of them it would not be in force.
    func endAdoption(_ form: EndAdoptionForm) async throws -> Recorded {
        guard let code = ProtocolCode(form.protocolCode) else {
            throw NodeProblem.bad("protocol", "the code of a protocol; see 'tallystick protocol list'")
        }
        // One that waits to be admitted is ended too, and not found in force when it is.
        let signed = ownSignatures.signed(beside: roster.bundlesSigned(by: agency, at: follower.size)).filter {
            roster.protocols[$0]?.publication.code == code
        }
        guard !signed.isEmpty else { throw NodeProblem.notSigned(code) }
        let named = form.offices.compactMap { OfficeCode($0) }
        guard named.count == form.offices.count, !named.isEmpty else {
            throw NodeProblem.bad("--office", "the codes of the offices that end it, at least one")
        }
        let required = Set(signed.flatMap { roster.terms(of: $0)?.party(agency)?.offices ?? [] })
        guard !required.isDisjoint(with: named) else {
            let offices = required.sorted().map(\.text).joined(separator: ", ")
            throw NodeProblem.bad("--office", "at least one of those that sign it: \(offices)")
        }
        guard let reason = ReasonCode(form.reason) else {
            throw NodeProblem.bad(
                "--reason", "a code of 1 to 32 of a-z, 0-9 and -; everybody in the partnership sees it")
        }
        let drafts = signed.sorted().map { bundle in
            StatementDraft(
                eventID: EventID(from: entropy), stream: .control, expectedVersion: .any,
                control: .endAdoption(bundle: bundle, offices: Set(named).sorted(), reason: reason))
        }
        var recorded = Recorded(events: try await append(drafts).map(\.hex))
        recorded.offers = try offers(under: code)
        return recorded
    }
}
