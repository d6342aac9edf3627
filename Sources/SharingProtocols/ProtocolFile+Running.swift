import TallystickPrimitives
import Yams

/// How it is run, how long things are kept and who answers for it.
extension ProtocolFile {
    mutating func readReview() -> ProtocolReview? {
        let section = reader.section(top, "review")
        let by = reader.date(section, "by")
        let months = reader.number(section, "every-months")
        let lead = reader.text(section, "lead")
        let afterwards = reader.choice(section, "afterwards", ProtocolReview.Effect.self)
        let standing = force(section, "review")
        guard let by, let months, let lead, let afterwards, let standing else { return nil }
        return ProtocolReview(by: by, everyMonths: months, lead: lead, afterwards: afterwards, standing: standing)
    }

    /// The contacts of every party: one without leaves the others with nobody to ask.
    mutating func readContacts() -> [ProtocolContact] {
        var contacts: [ProtocolContact] = []
        for (node, section) in reader.sections(top, "contacts") {
            let agency = reader.code(section, "agency", AgencyCode.self)
            let contact = reader.text(section, "contact")
            let deputy = reader.text(section, "deputy")
            let outOfHours = reader.text(section, "out-of-hours")
            guard let agency, let contact, let deputy else { continue }
            if contacts.contains(where: { $0.agency == agency }) {
                reader.report(node.mark, "`\(agency)` has two contacts", "keep one")
            }
            contacts.append(
                ProtocolContact(agency: agency, contact: contact, deputy: deputy, outOfHours: outOfHours))
        }
        demandAll(
            parties.map(\.agency.text), in: contacts.map(\.agency.text), at: "contacts",
            "no contact is named for")
        return contacts
    }

    private mutating func demandAll(
        _ needed: [String], in written: [String], at key: String, _ complaint: String
    ) {
        let missing = needed.filter { !written.contains($0) }
        guard !missing.isEmpty, let node = top?.values[key] else { return }
        reader.report(node.mark, "\(complaint) \(missing.joined(separator: ", "))", "add one for each")
    }

    mutating func readPeople() -> [PersonRole] {
        var people: [PersonRole] = []
        for (node, section) in reader.sections(top, "people") {
            let role = reader.code(section, "role", PersonRoleCode.self)
            let category = reader.choice(section, "category", PersonRole.Category.self)
            let side = reader.choice(section, "side", PartySide.self)
            let text = reader.text(section, "text")
            guard let role, let category, let side, let text else { continue }
            if people.contains(where: { $0.role == role }) {
                reader.report(node.mark, "the role `\(role)` stands twice", "keep one")
            }
            people.append(PersonRole(role: role, category: category, side: side, meaning: text))
        }
        return people
    }

    mutating func readJointRecords(of kind: SharingProtocol.Kind?) -> [JointRecord] {
        let records = reader.sections(top, "joint-records").compactMap { _, section -> JointRecord? in
            let code = reader.code(section, "record", ClauseCode.self)
            let lead = reader.code(section, "rights-lead", AgencyCode.self)
            let text = reader.text(section, "text")
            guard let code, let lead, let text else { return nil }
            return JointRecord(code: code, rightsLead: lead, text: text)
        }
        let isJoint = kind == .jointController || parties.contains { $0.controller == .joint }
        if isJoint, records.isEmpty {
            reader.report(
                top?.values["kind"]?.mark, "joint controllers must say which records they control together",
                "add `joint-records`, each with who leads when people ask for their data")
        }
        return records
    }

    mutating func readRequests() -> RequestRules? {
        let section = reader.section(top, "requests")
        let days = reader.number(section, "answer-days")
        let hours = reader.number(section, "urgent-hours")
        let repeatNeeds = reader.text(section, "repeat")
        let nilAnswer = reader.text(section, "nil-answer")
        let ladder = reader.sections(section, "escalation").compactMap { readStep($1) }
        let standing = force(section, "requests")
        guard let days, let hours, let repeatNeeds, let nilAnswer, let standing else { return nil }
        let levels = RequestRules.Level.allCases
        let hasOrder = zip(ladder, ladder.dropFirst()).allSatisfy {
            $0.afterDays < $1.afterDays
                && (levels.firstIndex(of: $0.level) ?? 0) <= (levels.firstIndex(of: $1.level) ?? 0)
        }
        if !hasOrder {
            reader.report(
                section?.values["escalation"]?.mark, "the steps must come later and later, and go higher and higher",
                "put them in order of `after-days`: contact, manager, partnership, board")
        }
        return RequestRules(
            answerDays: days, urgentHours: hours, repeatNeeds: repeatNeeds, nilAnswer: nilAnswer, ladder: ladder,
            standing: standing)
    }

    private mutating func readStep(_ section: YAMLSection) -> RequestRules.Step? {
        let days = reader.number(section, "after-days")
        let level = reader.choice(section, "level", RequestRules.Level.self)
        let office = reader.text(section, "to")
        guard let days, let level, let office else { return nil }
        return RequestRules.Step(afterDays: days, level: level, office: office)
    }

    mutating func readTermsOfReference() -> TermsOfReference? {
        guard let section = reader.section(top, "terms-of-reference") else { return nil }
        let chair = reader.text(section, "chair")
        let deputy = reader.text(section, "deputy")
        let meets = reader.choice(section, "meets", Frequency.self)
        let quorum = reader.number(section, "quorum")
        let threshold = reader.text(section, "threshold")
        let referrals = reader.text(section, "referrals")
        let minutes = reader.number(section, "minutes-days")
        let conflicts = reader.text(section, "conflicts")
        let standing = force(section, "terms of reference")
        guard let chair, let deputy, let meets, let quorum, let threshold, let referrals, let minutes, let conflicts,
            let standing
        else { return nil }
        if quorum > parties.count {
            reader.report(
                section.values["quorum"]?.mark, "the quorum is \(quorum), but there are \(parties.count) parties",
                "write \(parties.count) or fewer")
        }
        return TermsOfReference(
            chair: chair, deputy: deputy, meets: meets, quorum: quorum, threshold: threshold, referrals: referrals,
            minutesDays: minutes, conflicts: conflicts, standing: standing)
    }

    /// The retention of every role: a recipient without one would keep things for ever.
    mutating func readRetention() -> [RetentionRule] {
        var rules: [RetentionRule] = []
        for (node, section) in reader.sections(top, "retention") {
            let role = reader.code(section, "role", PartyRole.self)
            let labels = reader.codesIfAny(section, "labels", Label.self)
            let months = reader.number(section, "months")
            let from = reader.codes(section, "from", TriggerCode.self)
            let end = reader.choice(section, "then", RetentionRule.End.self)
            let standing = force(section, "retention of \(role?.text ?? "")")
            let because = reader.text(section, "because")
            guard let role, let months, let end, let standing, let because else { continue }
            let isTwice = rules.contains { rule in
                rule.role == role
                    && (labels.map { !$0.isDisjoint(with: rule.labels ?? []) } ?? (rule.labels == nil))
            }
            if isTwice { reader.report(node.mark, "`\(role)` has two retention rules", "keep one") }
            rules.append(
                RetentionRule(
                    role: role, labels: labels, months: months, from: from, end: end, standing: standing,
                    because: because))
        }
        demandAll(
            roles, in: rules.filter { $0.labels == nil }.map(\.role.text), at: "retention", "no retention is agreed for"
        )
        return rules
    }

    mutating func readHolds() -> [HoldRule] {
        let holds = reader.sections(top, "holds").compactMap { _, section -> HoldRule? in
            let code = reader.code(section, "hold", HoldCode.self)
            let placedBy = reader.text(section, "placed-by")
            let standing = force(section, "hold \(code?.text ?? "")")
            let text = reader.text(section, "text")
            guard let code, let placedBy, let standing, let text else { return nil }
            return HoldRule(code: code, placedBy: placedBy, standing: standing, text: text)
        }
        demandAll(
            CodeBook.current.codes("hold"), in: holds.map(\.code.text), at: "holds", "nothing would stop erasure for")
        return holds
    }

    mutating func readWithdrawal() -> WithdrawalRule? {
        let section = reader.section(top, "withdrawal")
        let ofConsent = reader.text(section, "of-consent")
        let ofParty = reader.text(section, "of-party")
        let days = reader.number(section, "notice-days")
        let received = reader.choice(section, "received", WithdrawalRule.Received.self)
        let standing = force(section, "withdrawal")
        guard let ofConsent, let ofParty, let days, let received, let standing else { return nil }
        return WithdrawalRule(
            ofConsent: ofConsent, ofParty: ofParty, noticeDays: days, received: received, standing: standing)
    }

    mutating func readBreach() -> BreachRule? {
        let section = reader.section(top, "breach")
        let tell = reader.text(section, "tell")
        let hours = reader.number(section, "within-hours")
        let regulator = reader.number(section, "regulator-hours")
        let people = reader.text(section, "people")
        let standing = force(section, "breach")
        guard let tell, let hours, let regulator, let people, let standing else { return nil }
        return BreachRule(
            tell: tell, withinHours: hours, regulatorHours: regulator, people: people, standing: standing)
    }

    mutating func readRights() -> RightsRule? {
        let section = reader.section(top, "rights")
        let lead = reader.code(section, "lead", AgencyCode.self)
        let office = reader.text(section, "office")
        let months = reader.number(section, "answer-months")
        let isSaid = section?.values["readings"] != nil
        let readings = isSaid ? reader.choice(section, "readings", RightsRule.Readings.self) : .reported
        let standing = force(section, "rights")
        let text = reader.text(section, "text")
        guard let lead, let office, let months, let readings, let standing, let text else { return nil }
        return RightsRule(
            lead: lead, office: office, answerMonths: months, readings: readings, standing: standing, text: text)
    }

    mutating func readAccountability() -> Accountability? {
        let section = reader.section(top, "accountability")
        let impactAssessment = reader.text(section, "impact-assessment")
        let policyDocument = reader.text(section, "policy-document")
        let privacyNotice = reader.text(section, "privacy-notice")
        let complaints = reader.text(section, "complaints")
        let security = reader.text(section, "security")
        let accuracy = reader.text(section, "accuracy")
        guard let impactAssessment, let policyDocument, let privacyNotice, let complaints, let security, let accuracy
        else { return nil }
        return Accountability(
            impactAssessment: impactAssessment, policyDocument: policyDocument, privacyNotice: privacyNotice,
            complaints: complaints, security: security, accuracy: accuracy)
    }

    /// The hard blocks, which a file must list in full so that nobody signs without having read them.
    mutating func readHardBlocks() -> [HardBlock] {
        let written = reader.codes(top, "hard-blocks", ClauseCode.self)
        let missing = HardBlock.all.map(\.code).filter { !written.contains($0) }.map(\.text)
        if !missing.isEmpty, let node = top?.values["hard-blocks"] {
            reader.report(
                node.mark, "the hard blocks of the law must all be listed", "add \(missing.joined(separator: ", "))")
        }
        return HardBlock.all
    }
}
