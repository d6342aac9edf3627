import EventLogs
import Partnership
import SharingProtocols
import TallystickPrimitives
import TransparencyLog

/// What a statement contains, judged at its own `seen` head (DESIGN §4).
extension AdmissionState {
    func judge(
        _ submission: Submission, at position: TreeSize, now: Timestamp, records: some AdmissionRecords
    ) throws(AdmissionFault) {
        let statement = submission.statement
        do throws(RosterFault) {
            try roster.verify(
                statement, index: submission.index, at: position, now: now, checked: submission.signature)
        } catch { throw .roster(error) }
        // An author's clock may be behind, and a late entry is legal; nobody has yet written what is to come.
        guard statement.issuedAt <= now.adding(seconds: Limits.clockAheadSeconds) else { throw .issuedAhead }
        guard !edge(of: statement.origin).events.contains(statement.eventID) else { throw .eventRepeated }
        guard fitsStream(statement, after: streams[address(of: statement)]?.head) else { throw .sequence }
        try judgeSeen(statement, at: position, records: records)
        try judgeCarried(submission, records: records)
        if statement.payload.kind.isControl {
            // Who opens keys is in a circle or named by a share; what cannot be given is not carried either.
            guard statement.payload.grants.isEmpty else { throw .grantMismatch }
            if case .consulted(let control) = statement.payload.control {
                guard control.admits(statement.payload.compartments),
                    submission.parts.allSatisfy(\.isConsultationWords)
                else { throw .clearCompartment }
            }
            if case .continues(let continues) = statement.payload.control {
                try judge(continues, seen: statement.payload.seen)
            }
            return try judgeLeads(statement.payload.control)
        }
        guard let party = roster.party(of: statement.origin), party.enrolment.party == .agency else {
            throw .kindNotAllowed
        }
        if case .circle(let circle) = statement.payload.control {
            try judge(circle, of: statement, by: party.code)
        }
        guard let circle = coveringCircle(of: statement) else { throw .noCircle }
        try judgeContents(of: submission, in: circle, by: party.code, at: now, records: records)
        try judgeWindingUp(statement, in: circle.control, by: party.code, at: position)
        if case .handover(let handover) = statement.payload.control {
            try judge(handover, of: statement, in: circle, by: party.code, at: position)
        }
    }

    /// `seen` names a head of this register and never goes back along a log.
    private func judgeSeen(
        _ statement: Statement, at position: TreeSize, records: some AdmissionRecords
    ) throws(AdmissionFault) {
        guard let seen = statement.payload.seen else {
            // Before its author has verified a first head it can name none; after that it always does.
            guard edge(of: statement.origin).seen == .empty else { throw .seen }
            return
        }
        guard seen.origin == roster.registerOrigin, seen.size <= position,
            seen.size >= edge(of: statement.origin).seen, records.registerRoot(at: seen.size) == seen.root
        else { throw .seen }
    }

    /// What must travel has travelled, and is what the statement says it is.
    private func judgeCarried(
        _ submission: Submission, records: some AdmissionRecords
    ) throws(AdmissionFault) {
        let carried = Dictionary(submission.parts.map { ($0.id, $0) }) { first, _ in first }
        let described = submission.statement.payload.compartments
        for descriptor in described {
            guard let part = carried[descriptor.id] else {
                guard descriptor.reader == .home || records.isVouchedFor(descriptor.contentHash) else {
                    throw .compartmentMissing
                }
                continue
            }
            guard descriptor.reader != .home else { throw .homeCompartmentPushed }
            guard part.fits(descriptor) else { throw .compartmentMismatch }
        }
        guard submission.statement.payload.travellingByteCount <= Limits.pageByteCount else {
            throw .statementTooLarge
        }
        guard carried.count == submission.parts.count else { throw .compartmentMismatch }
        for part in submission.parts where !described.contains(where: { $0.id == part.id }) {
            try judgeSharedHome(part, of: submission.statement, records: records)
        }
        let expected = submission.statement.payload.grants.filter { !records.isVouchedFor($0) }
        guard submission.grantHashes == expected, !submission.grantRecipients.contains(nil) else {
            throw .grantMismatch
        }
    }

    /// A compartment that was kept at home travels with the share that first gives it to somebody.
    private func judgeSharedHome(
        _ part: SubmittedPart, of statement: Statement, records: some AdmissionRecords
    ) throws(AdmissionFault) {
        guard case .share(let share) = statement.payload.control,
            let address = share.compartments.first(where: { $0.compartment == part.id }),
            let descriptor = records.descriptor(of: address), descriptor.reader == .home, part.fits(descriptor)
        else { throw .compartmentMismatch }
    }

    private func judge(
        _ circle: CircleControl, of statement: Statement, by author: AgencyCode
    ) throws(AdmissionFault) {
        guard circle.members.contains(author), circle.fromSequence == statement.payload.sequence else {
            throw .circle
        }
        for member in circle.members {
            guard let party = roster.parties[member], party.enrolment.party == .agency else { throw .circle }
        }
        let others = circle.members.filter { $0 != author }
        guard !others.isEmpty, !circle.labels.isEmpty else { return }
        // No rules on both sides is one of the routes that need none: a decision without them has their gateways alone.
        guard let decision = statement.payload.decision, decision.bundle == circle.bundle,
            let seen = statement.payload.seen
        else { throw .noProtocol }
        if let bundle = circle.bundle {
            for member in others {
                try requireInForce(bundle, between: author, and: member, since: seen.size, at: seen.size)
            }
            try requireNewest(bundle, between: author, and: others, at: seen.size)
        }
        for label in circle.labels.keys.sorted() {
            for recipient in circle.recipients(of: label) where recipient != author {
                try judgeShare(
                    of: label, from: author, to: recipient, in: circle, decision: decision, expires: nil,
                    at: statement.issuedAt)
            }
        }
    }

    /// What an author seals for somebody must be under a protocol that it had not seen ended.
    ///
    /// - Parameter start: since when it must have been in force without a break.
    func requireInForce(
        _ bundle: Hash256, between author: AgencyCode, and member: AgencyCode, since start: TreeSize,
        at position: TreeSize
    ) throws(AdmissionFault) {
        if roster.isInForce(bundle, between: author, and: member, since: start, at: position) { return }
        // Signed again, it is in force, and yet what rested on the signature before has ended.
        let isOver =
            roster.isInForce(bundle, between: author, and: member, at: start)
            || roster.ending(of: bundle, between: author, and: member, before: position) != nil
        throw isOver ? .protocolEnded(member) : .notInForce(member)
    }

    /// What an author seals goes by the newest version that it knew to be in force with everybody it is for.
    private func requireNewest(
        _ bundle: Hash256, between author: AgencyCode, and others: [AgencyCode], at position: TreeSize
    ) throws(AdmissionFault) {
        guard roster.replacement(of: bundle, between: author, and: others, at: position) == nil else {
            throw .superseded
        }
    }

    private func judgeContents(
        of submission: Submission, in opened: OpenedCircle, by author: AgencyCode, at now: Timestamp,
        records: some AdmissionRecords
    ) throws(AdmissionFault) {
        let statement = submission.statement
        let payload = statement.payload
        let circle = opened.control
        for descriptor in payload.compartments {
            if !descriptor.reader.isSealed { try judgeClear(descriptor, under: payload.decision) }
            guard case .epoch(let epoch) = descriptor.reader else { continue }
            guard epoch == circle.epoch, circle.labels[descriptor.label] != nil else { throw .epoch }
            let recipients = circle.recipients(of: descriptor.label).filter { $0 != author }
            guard !recipients.isEmpty else { continue }
            guard let decision = payload.decision, decision.bundle == circle.bundle, let seen = payload.seen
            else { throw .noProtocol }
            // Where nobody has ended anything since the circle was opened, it is in force as it was then.
            if let bundle = circle.bundle, let ending = roster.newestEnding, ending >= opened.basis {
                for recipient in recipients {
                    try requireInForce(bundle, between: author, and: recipient, since: opened.basis, at: seen.size)
                }
            }
            // Nor is it replaced where nobody has signed or activated anything since.
            if let bundle = circle.bundle, let signing = roster.newestSigning, signing >= opened.basis {
                let others = circle.members.filter { $0 != author }
                try requireNewest(bundle, between: author, and: others, at: seen.size)
            }
            if isPermitted(descriptor.label, in: statement, under: decision) { continue }
            for recipient in recipients {
                try judgeShare(
                    of: descriptor.label, from: author, to: recipient, in: circle, decision: decision,
                    expires: nil, at: statement.issuedAt)
            }
        }
        try judgeGrants(submission.grantRecipients, of: payload, in: circle)
        switch payload.control {
        case .share(let share): try judge(share, of: statement, in: opened, by: author, records: records)
        case .withdraw(let taken), .recall(let taken):
            try judge(taken, of: statement, in: circle, by: author, records: records)
        case .hold(let hold): try judge(hold, of: statement, in: circle)
        case .erase(let erase): try judge(erase, of: statement)
        case .erased(let erased): try judge(erased, of: statement, at: now, records: records)
        case .request(let asked, _):
            guard asked != author, circle.members.contains(asked) else { throw .circle }
        case .answer(let origin, let event):
            guard let request = requests[EventAddress(origin: origin, event: event)], request.asked == author,
                circle.members.contains(request.asker)
            else { throw .unknownRequest }
        default: break
        }
    }

    /// Whether the same has been decided for an earlier statement of the stream under the same circle.
    private func isPermitted(_ label: Label, in statement: Statement, under decision: DecisionCodes) -> Bool {
        if case .circle = statement.payload.control { return false }
        return streams[address(of: statement)]?.permitted?.covers(label, decision, at: statement.issuedAt) ?? false
    }

    /// Of casework only a pointer is ever clear, and only where the parties agreed that this broker may show one.
    private func judgeClear(
        _ descriptor: CompartmentDescriptor, under decision: DecisionCodes?
    ) throws(AdmissionFault) {
        guard descriptor.reader == .pointer, descriptor.label == .pointer else { throw .clearCompartment }
        guard let rules = decision?.bundle.flatMap({ roster.terms(of: $0)?.pointer }),
            roster.parties(.broker).first?.code == rules.broker
        else { throw .clearCompartment }
    }

    /// A grant is for a member, or for whom a share is for; whether it opens anything only they can see.
    private func judgeGrants(
        _ recipients: [AgencyCode?], of payload: StatementPayload, in circle: CircleControl
    ) throws(AdmissionFault) {
        var entitled = Set(circle.members)
        if case .share(let share) = payload.control { entitled.insert(share.recipient) }
        for case let recipient? in recipients where !entitled.contains(recipient) { throw .grantMismatch }
    }

    private func judge(
        _ share: ShareControl, of statement: Statement, in opened: OpenedCircle, by author: AgencyCode,
        records: some AdmissionRecords
    ) throws(AdmissionFault) {
        let circle = opened.control
        guard let recipient = roster.parties[share.recipient], share.recipient != author else { throw .circle }
        guard Set(share.compartments.map(\.compartment)).count == share.compartments.count else {
            throw .shareRepeats
        }
        var labels: Set<Label> = []
        var byteCount = statement.payload.travellingByteCount
        for address in share.compartments {
            // What an author gives away must be its own, and in the log already.
            guard isBehind(address, statement), let descriptor = records.descriptor(of: address) else {
                throw .shareOfOthers
            }
            guard !holds.erased.contains(address) else { throw .shareOfErased }
            // What an author no longer gives somebody, it does not give by another grant: it is recorded anew.
            guard takenBack[share.recipient]?.contains(address) != true else { throw .shareWithdrawn }
            labels.insert(descriptor.label)
            byteCount += descriptor.paddedLength.value
        }
        guard byteCount <= Limits.pageByteCount else { throw .shareTooLarge }
        // A mandate is signed by the board with the enrolment: it is the auditor's protocol.
        if recipient.enrolment.party == .auditor { return }
        guard circle.members.contains(share.recipient) else { throw .circle }
        guard let decision = statement.payload.decision, let seen = statement.payload.seen else { throw .noProtocol }
        // Whoever has left the circle receives nothing of its stream, nor what is given in it.
        if let bundle = circle.bundle {
            try requireInForce(bundle, between: author, and: share.recipient, since: opened.basis, at: seen.size)
        }
        if let bundle = decision.bundle {
            try requireInForce(bundle, between: author, and: share.recipient, since: seen.size, at: seen.size)
            try requireNewest(bundle, between: author, and: [share.recipient], at: seen.size)
        }
        for label in labels.sorted() {
            try judgeShare(
                of: label, from: author, to: share.recipient, in: circle, decision: decision,
                expires: share.expires ?? statement.issuedAt, at: statement.issuedAt)
        }
    }

    /// The keyless half of the decision: label, parties, purpose, gateway (DESIGN §5).
    private func judgeShare(
        of label: Label, from sender: AgencyCode, to recipient: AgencyCode, in circle: CircleControl,
        decision: DecisionCodes, expires: Timestamp?, at moment: Timestamp
    ) throws(AdmissionFault) {
        let terms = decision.bundle.flatMap { roster.terms(of: $0) }
        let question = ShareQuestion(
            sender: sender, recipient: recipient, label: label, sealed: nil, purpose: decision.purpose,
            gateway: decision.gateway, basis: decision.basis, condition: decision.condition,
            circle: Set(circle.members), isEmergency: decision.gateway == DecisionCodes.emergencyGateway,
            isDirectShare: expires != nil, expires: expires, at: moment)
        if case .refuse = ShareDecisions.decideShare(question, under: terms) {
            throw .notPermitted(label: label, recipient: recipient)
        }
    }
}

extension StatementPayload {
    /// Bytes of compartments that travel beside the statement to whoever is due all of them, as it claims itself.
    fileprivate var travellingByteCount: Int {
        compartments.reduce(0) { $1.reader == .home ? $0 : $0 + $1.paddedLength.value }
    }
}
