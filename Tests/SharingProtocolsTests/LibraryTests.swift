import SharingProtocols
import TallystickPrimitives
import Testing

/// Tests made from every file in `protocols/`: each party, clause, entry, field and condition, both sides of every rule.
///
/// A protocol that is added to the folder has them at once.
@Suite struct LibraryTests {
    @Test(arguments: ProtocolFiles.names)
    func everyClausePermitsSomething(name: String) throws {
        let library = try Library.named(name)
        for rule in library.terms.rules {
            let asks = library.permitted(by: rule)
            #expect(!asks.isEmpty, "\(name): \(rule.code) permits nothing that the rest of the protocol lets through")
        }
    }

    @Test(arguments: ProtocolFiles.names)
    func everyDecisionIsThatOfThePage(name: String) throws {
        let library = try Library.named(name)
        let oracle = NaiveOracle(library.terms)
        var permitted = 0
        for question in library.questions {
            let decision = ShareDecisions.decideShare(question, under: library.terms)
            #expect(decision.isPermitted == oracle.permits(question), "\(question)\n\(decision)")
            if decision.isPermitted { permitted += 1 }
        }
        #expect(permitted > 0)
        #expect(library.questions.count > 100, "\(library.questions.count)")
    }

    @Test(arguments: ProtocolFiles.names)
    func bothSidesOfEveryRuleOfAClause(name: String) throws {
        let library = try Library.named(name)
        for rule in library.terms.rules {
            guard let question = library.permitted(by: rule).first else { continue }
            for side in library.othersides(of: rule, question) {
                let decision = ShareDecisions.decideShare(side.question, under: library.terms)
                let clauses = Set(decision.clauses)
                #expect(!clauses.contains(rule.code), "\(name): \(rule.code) permits \(side.name)")
            }
        }
    }

    @Test(arguments: ProtocolFiles.names)
    func everyNeverStands(name: String) throws {
        let library = try Library.named(name)
        for never in library.terms.nevers {
            let hits = library.questions.filter { question in
                let decision = ShareDecisions.decideShare(question, under: library.terms)
                return decision.refusals.contains { $0.code == .never && $0.clause == never.code }
            }
            #expect(!hits.isEmpty, "\(name): nothing that was asked meets \(never.code)")
        }
    }

    @Test(arguments: ProtocolFiles.names)
    func everyStateOfConsentIsDecidedAsItsRuleSays(name: String) throws {
        let library = try Library.named(name)
        for rule in library.terms.consents {
            for question in library.base where rule.isAbout(question, in: library.terms) {
                for state in ConsentState.allCases.map(Optional.some) + [nil] {
                    let asked = question.with(consent: state)
                    let refusals = ShareDecisions.decideShare(asked, under: library.terms).refusals
                    let isRefused = refusals.contains { $0.code == .consentNotMet && $0.clause == rule.code }
                    let isMet =
                        switch rule.test {
                        case .accept(let states): state.map(states.contains) ?? false
                        case .refuse(let states): !(state.map(states.contains) ?? false)
                        }
                    #expect(isRefused != isMet, "\(name): \(rule.code) of \(state?.rawValue ?? "nothing")")
                }
            }
        }
    }

    @Test(arguments: ProtocolFiles.names)
    func everyGatewayIsOpenToItsDaysAndBasesOnly(name: String) throws {
        let library = try Library.named(name)
        for gateway in library.terms.gateways {
            guard var question = library.base.first(where: { $0.gateway == gateway.code }) else { continue }
            if let from = gateway.from {
                question.at = Timestamp(wholeSeconds: UInt64(max(0, from.daysSinceEpoch * 86_400 - 1)))
                let codes = ShareDecisions.decideShare(question, under: library.terms).codes
                #expect(codes.contains(.gatewayNotInForce), "\(name): \(gateway.code) the day before")
                question.at = Timestamp(wholeSeconds: UInt64(max(0, from.daysSinceEpoch * 86_400)))
                let then = ShareDecisions.decideShare(question, under: library.terms).codes
                #expect(!then.contains(.gatewayNotInForce), "\(name): \(gateway.code) on the day")
            }
            for basis in ["consent", "public-task", "law-enforcement", "legal-obligation"] as [BasisCode] {
                let asked = question.changed { $0.basis = basis }
                let codes = ShareDecisions.decideShare(asked, under: library.terms).codes
                #expect(codes.contains(.basisNotForGateway) != gateway.bases.contains(basis))
            }
        }
    }

    @Test(arguments: ProtocolFiles.names)
    func everyClassIsDecidedAsItsRuleSays(name: String) throws {
        let library = try Library.named(name)
        let ruled = library.terms.classes.reduce(into: Set<DataClass>()) { $0.formUnion($1.dataClasses) }
        for question in library.questions {
            guard let facts = question.sealed, question.label != .pointer else { continue }
            let entries = (EventCatalogue.current.fields(of: facts.eventType) ?? [])
                .filter { facts.fields.contains($0.field) && $0.label == question.label }
            let codes = ShareDecisions.decideShare(question, under: library.terms).codes
            let forbidden = entries.contains { entry in
                !ruled.contains(entry.dataClass)
                    || library.terms.classes.contains { $0.rule == .never && $0.dataClasses.contains(entry.dataClass) }
            }
            let isAsked = library.terms.eventTypes.contains(facts.eventType)
            if forbidden, isAsked { #expect(codes.contains(.classNever), "\(name): \(question)") }
        }
    }

    @Test(arguments: ProtocolFiles.names)
    func everySentenceCanBeRead(name: String) throws {
        let library = try Library.named(name)
        for question in library.questions {
            for refusal in ShareDecisions.decideShare(question, under: library.terms).refusals {
                #expect(refusal.sentence.hasSuffix(".") && refusal.sentence.count > 20, "\(refusal)")
                #expect((refusal.code == .hardBlock) != refusal.gatewaysThatWork.isEmpty)
            }
        }
    }
}

extension ConsentClause {
    fileprivate func isAbout(_ question: ShareQuestion, in terms: SharingProtocol) -> Bool {
        guard let facts = question.sealed, let role = terms.party(question.recipient)?.role else { return false }
        return channels.contains(question.isDirectShare ? .direct : .feed) && labels.contains(question.label)
            && recipients.contains(role) && eventTypes?.contains(facts.eventType) ?? true
    }
}
