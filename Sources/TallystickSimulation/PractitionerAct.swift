import Casework
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import TallystickPrimitives

/// What a practitioner can do.
enum PractitionerAct: String, CaseIterable {
    case report, open, share, assess, act, contact, consent, ask, answer, show, find, lookUp, end, adopt, acknowledge
    case giveEarlier, recall, answerRecall, withdraw, answerWithdrawal, correct, tellInEmergency, reviewEmergency, hold,
        lift, handOver
}

extension Simulation {
    /// Somebody at an agency does something; gives what the node answered.
    func practise(_ act: PractitionerAct, at node: SimulatedNode) async throws -> TransportResponse? {
        work.count += 1
        let response: TransportResponse?
        switch act {
        case .report: response = try await report(at: node)
        case .open: response = try await open(at: node)
        case .share: response = try await share(at: node)
        case .ask: response = try await ask(at: node)
        case .answer: response = try await answer(at: node)
        case .assess, .act, .contact, .consent, .show, .acknowledge: response = try await workOnCase(act, at: node)
        case .giveEarlier: response = try await giveEarlier(at: node)
        case .recall: response = try await recall(at: node)
        case .answerRecall: response = try await answerRecall(at: node)
        case .withdraw: response = try await withdraw(at: node)
        case .answerWithdrawal: response = try await answerWithdrawal(at: node)
        case .correct: response = try await correct(at: node)
        case .tellInEmergency: response = try await tellInEmergency(at: node)
        case .reviewEmergency: response = try await reviewEmergency(at: node)
        case .hold: response = try await hold(at: node)
        case .lift: response = try await lift(at: node)
        case .handOver: response = try await handOver(at: node)
        case .find: response = try await node.ask(NodePath.search, SearchForm(officer: "o1", words: "threats"))
        case .lookUp:
            response = try await node.ask(NodePath.visibility, VisibilityForm(officer: "o1", area: "E01025700"))
        case .adopt:
            response = try await node.ask(
                NodePath.adopt,
                AdoptForm(
                    officer: "o1", protocolCode: "jag", offices: FoundedCounty.offices[node.agency] ?? []))
        case .end:
            response = try await node.ask(
                NodePath.endAdoption,
                EndAdoptionForm(
                    officer: "o1", protocolCode: "jag", offices: FoundedCounty.offices[node.agency] ?? [],
                    reason: "review-overdue"))
        }
        guard let response else { return nil }
        if response.status == 200 { try acknowledge(response, by: node.agency) }
        return response
    }

    /// Words that nobody but the agencies on a case may ever see in the clear.
    static let canary = "wren in the chimney"

    func words(_ text: String) -> String { "\(text) \(work.count): \(Simulation.canary)" }

    /// What the node said it recorded must be there from now on.
    private func acknowledge(_ response: TransportResponse, by agency: AgencyCode) throws {
        var events: [String?] = []
        let body = Data(response.body)
        if let recorded = try? JSONDecoder().decode(Recorded.self, from: body) { events += recorded.events }
        if let answer = try? JSONDecoder().decode(AnyAnswer.self, from: body) {
            events.append(answer.standing?.entry)
        }
        ledger.acknowledged[agency, default: []].formUnion(events.compactMap { $0.flatMap { EventID(hex: $0) } })
        work.entries[agency, default: []].append(contentsOf: events.compactMap(\.self))
    }

    /// What every answer says of the entry that it is about.
    private struct AnyAnswer: Decodable {
        let standing: EntryStanding?
    }

    private func report(at node: SimulatedNode) async throws -> TransportResponse {
        var form = ReportForm(officer: "o1", summary: words("Threats and banging at night"))
        form.category = "threats"
        form.area = "E01025700"
        form.victimName = words("Ada Quillfeather")
        form.narrative = words("He has said that he will break the door")
        form.safeContact = words("Ring the sister after six")
        form.reporterName = words("A neighbour")
        form.address = words("1 Wharf Lane")
        let response = try await node.ask(NodePath.reports, form)
        if let recorded = try? JSONDecoder().decode(Recorded.self, from: Data(response.body)), response.status == 200 {
            work.reports[node.agency, default: []].append(contentsOf: recorded.events.prefix(1))
        }
        return response
    }

    private func open(at node: SimulatedNode) async throws -> TransportResponse? {
        guard let reports = work.reports[node.agency], let report = chance.element(of: reports) else { return nil }
        let form = CaseForm(officer: "o1", reports: [report], summary: words("She is afraid"))
        let response = try await node.ask(NodePath.cases, form)
        if let opened = try? JSONDecoder().decode(CaseOpened.self, from: Data(response.body)), response.status == 200 {
            work.cases.append(CountyWork.Case(reference: opened.caseReference, owner: node.agency))
        }
        return response
    }

    private func share(at node: SimulatedNode) async throws -> TransportResponse? {
        let others = agencies.filter { $0 != node.agency }
        guard let place = chance.element(of: work.cases.indices.filter { work.cases[$0].lead == node.agency }),
            let first = chance.element(of: others)
        else { return nil }
        let chosen = Set(chance.some(of: others) + [first]).sorted()
        var form = ShareForm(
            officer: "o1", caseReference: work.cases[place].reference, agencies: chosen.map(\.text),
            protocolCode: "jag")
        form.purpose = chance.element(of: ["prevent-asb", "protect-victim", "prevent-fire-harm"])
        form.gateway = "cda-1998-s115"
        form.summary = chance.once(in: 2) ? words("Please visit") : nil
        if chance.once(in: 6) { form.isOnly = true }
        let response = try await node.ask(NodePath.share, form)
        if response.status == 200 { work.cases[place].members = Set(work.cases[place].members + chosen).sorted() }
        return response
    }

    private func ask(at node: SimulatedNode) async throws -> TransportResponse? {
        let known = work.cases.filter { $0.owner != node.agency && work.isOn(node.agency, $0) }
        guard let matter = chance.element(of: known.map(\.reference)),
            let owner = known.first(where: { $0.reference == matter })?.owner
        else { return nil }
        let isFire = node.agency == "northshire-fire"
        let labels = isFire ? ["safe-contact", "risk"] : ["account"]
        let form = RequestForm(
            officer: "o1", caseReference: matter, asked: owner.text, labels: labels, protocolCode: "jag",
            purpose: isFire ? "prevent-fire-harm" : "prevent-asb", reason: words("To protect her"))
        let response = try await node.ask(NodePath.requests, form)
        if let made = try? JSONDecoder().decode(RequestMade.self, from: Data(response.body)), response.status == 200 {
            work.requests.append(CountyWork.Request(reference: made.request, asked: owner, labels: labels))
        }
        return response
    }

    private func answer(at node: SimulatedNode) async throws -> TransportResponse? {
        let open = work.requests.indices.filter { work.requests[$0].asked == node.agency }
        guard let place = chance.element(of: open) else { return nil }
        let request = work.requests[place]
        let outcome = chance.element(of: ["full", "full", "part", "refused", "nil"]) ?? "full"
        var form = AnswerForm(
            officer: "o1", request: request.reference, outcome: outcome, reason: words("It is necessary"))
        if outcome == "full" { form.labels = request.labels }
        if outcome == "part" { form.labels = Array(request.labels.prefix(1)) }
        if outcome == "full" || outcome == "part" { form.days = chance.int(in: 1...28) }
        let response = try await node.ask(NodePath.answer, form)
        if response.status == 200 { work.requests.remove(at: place) }
        return response
    }

    private func workOnCase(_ act: PractitionerAct, at node: SimulatedNode) async throws -> TransportResponse? {
        let known = work.cases.filter { work.isOn(node.agency, $0) }.map(\.reference)
        guard let matter = chance.element(of: known) else { return nil }
        switch act {
        case .assess:
            var form = AssessmentForm(officer: "o1", caseReference: matter)
            for question in RiskMatrix.standard.questions.prefix(8) { form.marks[question.code.text] = 3 }
            form.band = "high"
            form.rationale = words("Worse each week")
            return try await node.ask(NodePath.assess, form)
        case .contact:
            var form = SafeContactForm(officer: "o1", caseReference: matter)
            form.instruction = words("Never the landline")
            return try await node.ask(NodePath.safeContact, form)
        case .consent:
            let state = chance.element(of: ["given", "refused", "withdrawn"]) ?? "given"
            return try await node.ask(
                NodePath.consent,
                ConsentForm(officer: "o1", caseReference: matter, state: state, how: words("On the telephone")))
        case .show: return try await node.ask(NodePath.showCase, CaseQuery(officer: "o1", caseReference: matter))
        case .acknowledge:
            return try await node.ask(
                NodePath.acknowledge, AcknowledgeForm(officer: "o1", caseReference: matter, state: "acted"))
        default:
            return try await node.ask(
                NodePath.action,
                ActionForm(
                    officer: "o1", caseReference: matter, action: words("Visit"), owner: node.agency.text))
        }
    }
}
