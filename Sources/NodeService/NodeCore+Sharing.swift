import Casework
import DeterministicCBOR
import EventLogs
import HTTPTransport
import NodeInterface
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// Where this agency writes about a case.
struct OwnPlace {
    let stream: StreamID
    let circle: OwnCircle
    /// What must be appended first: the circle of a stream that is not there yet, or that must be narrowed.
    let opening: [StatementDraft]
    /// Who is on the case and receives nothing more, a sentence each.
    var left: [String] = []
    var decision: DecisionCodes? { circle.isShared ? circle.decision : nil }
    /// The circle that is opened first, if one is.
    var newCircle: OwnCircle? { opening.isEmpty ? nil : circle }
}

extension NodeCore {
    /// The labels that can be shared along a circle; the others stay home unless given directly.
    static let circleLabels: [Label] = ["consent", "contact", "identity", "record", "risk", "safe-contact"]

    /// This agency's stream for a case, or the draft that opens one for the agencies on the case.
    func ownPlace(in reference: CaseReference) throws -> OwnPlace {
        if let stream = book.ownStreams[reference], let circle = ownCircles[stream] {
            return try narrowed(circle, in: stream)
        }
        let stream = try newStream(for: reference)
        guard let (theirs, log) = try statedCircle(of: reference),
            let bundle = theirs.bundle, let known = roster.protocols[bundle]
        else {
            let (draft, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
            return OwnPlace(stream: stream, circle: circle, opening: [draft])
        }
        let over = over(bundle, with: theirs.members, since: follower.size)
        let members = theirs.members.filter { member in !over.contains { $0.member == member } }
        let newer = roster.replacement(
            of: bundle, between: agency, and: members.filter { $0 != agency }, at: follower.size)
        let choice = ProtocolChoice(
            sender: agency, terms: (newer ?? known).terms, bundle: (newer ?? known).publication.bundle, now: time.now())
        let outcome = try answering(
            reference, of: log, sharedUnder: bundle, by: choice, among: Set(members))
        let new = try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: members,
            recipients: outcome?.recipients ?? [:], sequence: 0, decision: outcome?.decision,
            reason: "case", roster: roster, basis: follower.size, now: time.now())
        return OwnPlace(
            stream: stream, circle: new.circle, opening: [new.draft], left: over.map(\.sentence))
    }

    /// The stream in which this agency will write about a case: under the case's own name where that is this agency's, and
    /// nothing stands there in the log that it writes now.
    private func newStream(for reference: CaseReference) throws -> StreamID {
        let isFree = try reference.agency == agency && store.streamHeads([reference.stream]).isEmpty
        return isFree ? reference.stream : StreamID(from: entropy)
    }

    /// Whoever writes about another agency's case does so for the purpose it was shared for, and under the same power
    /// where that is theirs too: nobody asks them again, for recording never waits for a choice.
    private func answering(
        _ reference: CaseReference, of origin: Origin, sharedUnder bundle: Hash256, by choice: ProtocolChoice,
        among members: Set<AgencyCode>
    ) throws -> ProtocolChoice.Outcome? {
        var shared: DecisionCodes?
        for address in book.entries[reference] ?? [] where address.origin == origin {
            guard let received = try store.received(origin: origin, index: address.index),
                let codes = try Statement(decoding: received.bytes).payload.decision, codes.bundle == bundle
            else { continue }
            shared = codes
        }
        guard let shared else { return nil }
        let same = choice.outcomes(labels: NodeCore.circleLabels, circle: members).first {
            $0.decision.purpose == shared.purpose && $0.decision.gateway == shared.gateway
        }
        return same ?? choice.choose(purpose: shared.purpose, labels: NodeCore.circleLabels, circle: members)
    }

    /// The sender's whole check: every field, every recipient, before anything is sealed (DESIGN §5).
    ///
    /// - Parameter facts: what is on record of the case, with what is about to be recorded.
    func check(
        _ fields: EventFields, type: EventTypeCode, in place: OwnPlace, given facts: CaseFacts
    ) throws(ProblemDetails) {
        for label in fields.keys.sorted() {
            if let refused = refusal(of: label, fields, type: type, in: place, given: facts) {
                throw NodeProblem.notShared(refused.refusals, recipient: refused.recipient, label: label)
            }
        }
    }

    /// The first agency in the circle that may not have a label of an event now, and why.
    func refusal(
        of label: Label, _ fields: EventFields, type: EventTypeCode, in place: OwnPlace, given facts: CaseFacts
    ) -> (recipient: AgencyCode, refusals: [ShareRefusal])? {
        guard let decision = place.decision, let bundle = decision.bundle, place.circle.keys[label] != nil else {
            return nil
        }
        let terms = roster.terms(of: bundle)
        for recipient in place.circle.control.recipients(of: label) where recipient != agency {
            let question = ShareQuestion(
                sender: agency, recipient: recipient, label: label,
                sealed: facts.sealed(type, Set(fields[label, default: [:]].keys), of: label), purpose: decision.purpose,
                gateway: decision.gateway, basis: decision.basis, condition: decision.condition,
                circle: Set(place.circle.control.members), at: time.now())
            let refusals = ShareDecisions.decideShare(question, under: terms).refusals
            if !refusals.isEmpty { return (recipient, refusals) }
        }
        return nil
    }

    /// Whether the broker may show an event's pointer: it leaves in the clear, so the sender decides (PRACTICE P5).
    func mayShowPointer(
        of fields: EventFields, type: EventTypeCode, under decision: DecisionCodes?, among members: Set<AgencyCode>,
        given facts: CaseFacts
    ) -> Bool {
        guard let pointer = fields[Recorder.pointerLabel], let decision,
            let bundle = decision.bundle, let terms = roster.terms(of: bundle), let rules = terms.pointer
        else { return false }
        let question = ShareQuestion(
            sender: agency, recipient: rules.broker, label: Recorder.pointerLabel,
            sealed: facts.sealed(type, Set(pointer.keys)), purpose: decision.purpose, gateway: decision.gateway,
            basis: decision.basis, condition: decision.condition, circle: members, at: time.now())
        return ShareDecisions.decideShare(question, under: terms).isPermitted
    }

    func purposeCode(_ text: String) throws(ProblemDetails) -> PurposeCode {
        guard let code = PurposeCode(text) else { throw NodeProblem.bad("--purpose", "a purpose's code") }
        return code
    }

    func gatewayCode(_ text: String) throws(ProblemDetails) -> GatewayCode {
        guard let code = GatewayCode(text) else { throw NodeProblem.bad("--gateway", "a power's code") }
        return code
    }

    static func protocolCode(_ text: String) throws(ProblemDetails) -> ProtocolCode {
        guard let code = ProtocolCode(text) else { throw NodeProblem.bad("protocol", "a protocol's code") }
        return code
    }
}
