import Casework
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// The disclosure ledger: everything that was done with a case's data, as far as this node holds it (DPA 2018 s.62).
extension NodeCore {
    /// The ledger of a case, or of every case that a person's name is found in; that somebody looked is recorded first.
    func ledger(_ form: LedgerForm) async throws -> LedgerPages {
        if let reason = form.namedFor, !LedgerForm.reasons.contains(reason) {
            throw NodeProblem.bad("--named-for", LedgerForm.reasons.joined(separator: ", "))
        }
        let references: [CaseReference]
        var caution: String?
        switch (form.caseReference, form.words) {
        case (let text?, nil): references = [try reference(text)]
        case (nil, let words?):
            let found = try views.casesFound(words)
            references = found.references
            caution = """
                These are the cases that have these words. Somebody of the same name may be among them, and a case that \
                spells the name otherwise is missing: a person must look. Entries with these words that belong to no \
                case: \(found.elsewhere); 'tallystick search' shows them.
                """
        default: throw NodeProblem.bad("case", "a case, or the words to find a person's cases by")
        }
        // Why single people are named stands in the record of the reading.
        let role = form.namedFor.map { "ledger, people named for \($0)" } ?? "ledger"
        _ = try await recordAccess(.listed, of: references, by: form.officer, role: role)
        return LedgerPages(
            pages: try references.map { try page(ledger(of: $0), of: $0, isNamed: form.namedFor != nil) },
            caution: caution)
    }

    /// The ledger as the node holds it.
    func ledger(of reference: CaseReference) throws -> DisclosureLedger {
        var ledger = DisclosureLedger(of: agency)
        var skipping = 0
        while true {
            let entries = try views.ledgerEntries(of: reference, skipping: skipping)
            for line in entries.lines { ledger.add(try act(line)) }
            guard entries.count == ViewLimits.pageRows else { break }
            skipping += entries.count
        }
        // What another agency's opening names as its reports need not be about this case.
        let reports = reference.agency == agency ? try views.caseState(reference).opening?.value.reports ?? [] : []
        for report in reports {
            for line in try views.ledgerEntries(of: report) { ledger.add(try act(line)) }
        }
        for event in try views.takeBacks(of: reference) {
            for line in try views.ledgerEntries(of: event) { ledger.add(try act(line)) }
        }
        for event in try views.refusedEntries(of: reference) { ledger.addRefused(event) }
        for reading in try views.readings(of: reference) { ledger.add(reading) }
        for declaration in try declaredReadings(of: reference) { ledger.add(declaration) }
        for reception in try receptions() { ledger.add(reception) }
        return ledger
    }

    private func act(_ line: LedgerEntry) throws -> LedgerAct {
        let statement = try statement(at: LeafIndex(line.leaf), of: line.origin)
        let admitted = try line.position.map { try RegisterPoint(position: $0, at: registeredAt($0)) }
        let recipients = line.recipients.compactMap { AgencyCode($0) }
        var terms: LedgerTerms?
        var reached = Set(recipients)
        if line.verb == .disclosure, let agency = AgencyCode(line.agency),
            let codes = statement?.payload.decision
        {
            if let bundle = codes.bundle, let position = line.position {
                let hasLapsed = admitted.map { roster.hasLapsed(bundle, at: $0.at) } ?? false
                reached = reached.filter {
                    !hasLapsed && roster.isInForce(bundle, between: agency, and: $0, at: TreeSize(position))
                }
            }
            terms = self.terms(of: line, by: agency, codes: codes, at: statement?.issuedAt ?? time.now())
        }
        return LedgerAct(
            verb: line.verb, event: EventID(hex: line.eventID) ?? EventID(from: entropy),
            agency: AgencyCode(line.agency) ?? agency,
            person: line.person, recipients: recipients, reached: reached,
            labels: line.labels.compactMap { Label($0) }, type: line.type.flatMap { EventTypeCode($0) },
            at: statement?.issuedAt ?? time.now(), admitted: admitted, terms: terms, told: line.told,
            expires: line.expires.flatMap { Timestamp($0) },
            takenFrom: line.takenFrom.compactMap { AgencyCode($0) })
    }

    /// Under what something was given: the codes that its entry states, and the clauses that permit these to whom it went.
    private func terms(
        of line: LedgerEntry, by sender: AgencyCode, codes: DecisionCodes, at moment: Timestamp
    ) -> LedgerTerms {
        let published = codes.bundle.flatMap { roster.protocols[$0] }
        var clauses: Set<ClauseCode> = []
        let recipients = line.recipients.compactMap { AgencyCode($0) }
        let isShare = line.kind == .share
        for label in line.labels.compactMap({ Label($0) }) {
            for recipient in recipients {
                let expires = isShare ? line.expires.flatMap { Timestamp($0) } ?? moment : nil
                let question = ShareQuestion(
                    sender: sender, recipient: recipient, label: label, sealed: nil, purpose: codes.purpose,
                    gateway: codes.gateway, basis: codes.basis, condition: codes.condition,
                    circle: Set(recipients + [sender]), isEmergency: codes.gateway == .emergency,
                    isDirectShare: isShare, expires: expires, at: moment)
                guard case .permit(let found) = ShareDecisions.decideShare(question, under: published?.terms) else {
                    continue
                }
                clauses.formUnion(found.map(\.clause))
            }
        }
        return LedgerTerms(
            purpose: codes.purpose, gateway: codes.gateway, protocolCode: published?.publication.code,
            version: published.map { $0.publication.version }, clauses: clauses.sorted())
    }

    func statement(at index: LeafIndex, of log: Origin) throws -> Statement? {
        guard log != origin else { return try store.readLog(from: index, limit: 1).first?.statement }
        return try store.received(origin: log, index: index).flatMap { try? Statement(decoding: $0.bytes) }
    }

    func registeredAt(_ position: UInt64) throws -> Timestamp {
        guard let bytes = try store.registerLeaves(from: position, limit: 1).first else { return time.now() }
        return switch try RegisterLeaf(decoding: bytes) {
        case .verdict(let record): record.admittedAt
        case .lookUp(_, _, let at): at
        case .own(let statement): statement.issuedAt
        }
    }

    /// What nodes have confirmed: others of ours, and we of others'.
    private func receptions() throws -> [LedgerReception] {
        let others = roster.parties(.agency).filter { $0.code != agency }
        var streams: [StreamID: (recipient: AgencyCode, author: AgencyCode)] = [:]
        for party in others {
            streams[ReceivedReports.stream(of: party.origin, about: origin)] = (party.code, agency)
            streams[ReceivedReports.stream(of: origin, about: party.origin)] = (agency, party.code)
        }
        return try views.receptions().compactMap { place in
            guard let known = streams[place.stream], let position = place.position,
                case .received(let received)? = try statement(at: LeafIndex(place.leaf), of: place.origin)?.payload
                    .control
            else { return nil }
            return LedgerReception(
                recipient: known.recipient, author: known.author, size: received.registerSize.value,
                point: RegisterPoint(position: position, at: try registeredAt(position)))
        }
    }
}

// MARK: - In words

extension NodeCore {
    private func page(_ ledger: DisclosureLedger, of reference: CaseReference, isNamed: Bool) throws -> LedgerPage {
        let refusals = try views.requestsAbout(reference, at: time.now()).filter {
            $0.outcome != nil && $0.outcome != AnswerOutcome.full.rawValue
        }.map { request in
            LedgerPage.Refusal(
                request: request.eventID, asker: request.asker, asked: request.asked, outcome: request.outcome ?? "",
                reason: request.outcomeWords, at: request.answeredAt)
        }
        return LedgerPage(
            reference: reference.text, lines: ledger.lines.map { line($0, isNamed: isNamed) }, refusals: refusals,
            cannotShow: ledger.gaps.sentences)
    }

    private func line(_ line: LedgerLine, isNamed: Bool) -> LedgerPage.Line {
        let act = line.act
        let person = isNamed ? act.person.map { "as \($0)" } : nil
        var made = LedgerPage.Line(
            verb: act.verb.rawValue, entry: act.event.hex, type: act.type?.text, agency: act.agency.text,
            person: person ?? "a person there", at: act.at.description)
        made.labels = act.labels.map(\.text)
        made.purpose = act.terms?.purpose.text
        made.gateway = act.terms?.gateway.text
        made.agreement = act.terms?.protocolCode.map { code in
            "\(code)" + (act.terms?.version.map { " version \($0)" } ?? "")
        }
        made.clauses = act.terms?.clauses.map(\.text) ?? []
        made.told = act.told?.rawValue
        made.until = act.expires?.description
        made.takenFrom = act.takenFrom.map(\.text)
        made.recipients = line.recipients.map { recipient in
            func words(_ state: AccessState) -> String { recipient.contacts[state]?.words ?? "" }
            let hasNone = act.admitted == nil ? "not yet: the broker has not confirmed it" : "no: it did not reach them"
            let unconfirmed =
                recipient.isDeliveryKnown ? "nothing confirms it" : "only \(act.agency) and they know"
            return LedgerPage.Recipient(
                agency: recipient.agency.text, availablePosition: recipient.available?.position,
                available: recipient.available.map { "since \($0.at)" } ?? hasNone,
                deliveredPosition: recipient.delivered?.position,
                delivered: recipient.delivered.map { "confirmed \($0.at)" } ?? unconfirmed,
                listed: words(.listed), displayed: words(.displayed), acknowledged: words(.acknowledged),
                acted: words(.acted))
        }
        return made
    }
}

extension LedgerContact {
    fileprivate var words: String {
        switch self {
        case .sealed(let agency): "sealed by \(agency)"
        case .declared(let agency, let weeks):
            "\(agency) says of the case: "
                + weeks.map { week in
                    let counts = week.counts.map { "\($0.step.rawValue) (\($0.role?.rawValue ?? "any role"))" }
                    return "week of \(week.week) " + counts.joined(separator: ", ")
                }.joined(separator: "; ")
        case .noRecord: "no record of it"
        case .recorded(let readings):
            "by \(readings.first?.role ?? "a person"), first \(readings.first?.at.description ?? "")"
        }
    }
}

extension LedgerGaps {
    /// One sentence each; also for what there is none of (PRACTICE P13).
    fileprivate var sentences: [String] {
        let silent = silent.map(\.text).joined(separator: ", ")
        return [
            "erased: \(erased) entries here say that something was destroyed; who had read it before is in the "
                + "readers' own records",
            "refused: \(refused) entries were refused when they were sent; their content went to nobody",
            "pending: \(pending) of our entries wait to be confirmed; what others have not sent is not here",
            "silent parties: "
                + (silent.isEmpty ? "none of those given something" : "\(silent) confirmed nothing of it"),
            "verbal: \(told) were told by voice or on paper and entered; what nobody entered is not here",
            "off-system: what went by letter, e-mail or another system is not here",
            "sealed: the content of \(sealed) disclosures of others is sealed from us; what they gave to agencies without "
                + "us is not here at all",
        ]
    }
}
