import Foundation
import HTTPTransport
import NodeInterface
import TallystickPrimitives
import TallystickTesting

/// What practitioners do about what was said before: they give it to newcomers, take it back, correct it.
extension Simulation {
    func giveEarlier(at node: SimulatedNode) async throws -> TransportResponse? {
        guard let matter = anyCase(of: node), let entry = chance.element(of: work.entries[node.agency] ?? []),
            let other = chance.element(of: agencies.filter { $0 != node.agency && work.isOn($0, matter) })
        else { return nil }
        return try await node.ask(
            NodePath.giveEarlier,
            GiveEarlierForm(
                officer: "o1", caseReference: matter.reference, agencies: [other.text], entries: [entry]))
    }

    func recall(at node: SimulatedNode) async throws -> TransportResponse? {
        guard let entry = chance.element(of: work.entries[node.agency] ?? []) else { return nil }
        var form = RecallForm(officer: "o1", entry: entry, reason: chance.element(of: ["wrong-agency", "too-much"]) ?? "")
        form.words = words("It was meant for nobody")
        if chance.once(in: 2) { form.agencies = chance.some(of: agencies.filter { $0 != node.agency }).map(\.text) }
        let response = try await node.ask(NodePath.recalls, form)
        if let made = decoded(RecallMadeAnswer.self, from: response) {
            for (agency, id) in made.recalls.sorted(by: { $0.key < $1.key }) {
                if let code = AgencyCode(agency) { work.recalls.append((code, id)) }
            }
        }
        return response
    }

    func answerRecall(at node: SimulatedNode) async throws -> TransportResponse? {
        let own = work.recalls.indices.filter { work.recalls[$0].from == node.agency }
        guard let place = chance.element(of: own) else { return nil }
        let use = chance.element(of: ["not-read", "read-only", "acted", "passed-on", "copied"]) ?? "not-read"
        var form = RecallAnswerForm(officer: "o1", recall: work.recalls[place].id, use: use)
        form.words = words("Told the crew")
        let response = try await node.ask(NodePath.answerRecall, form)
        if response.status == 200 { work.recalls.remove(at: place) }
        return response
    }

    func withdraw(at node: SimulatedNode) async throws -> TransportResponse? {
        var form = WithdrawForm(officer: "o1", reason: "not-needed")
        if chance.once(in: 3), let matter = anyCase(of: node) {
            form.caseReference = matter.reference
        } else {
            guard let entry = chance.element(of: work.entries[node.agency] ?? []) else { return nil }
            form.entry = entry
        }
        if chance.once(in: 2) { form.agencies = chance.some(of: agencies.filter { $0 != node.agency }).map(\.text) }
        let response = try await node.ask(NodePath.withdrawals, form)
        if let made = decoded(WithdrawalMadeAnswer.self, from: response) {
            for (agency, ids) in made.withdrawals.sorted(by: { $0.key < $1.key }) {
                if let code = AgencyCode(agency) { work.withdrawals += ids.map { (code, $0) } }
            }
        }
        return response
    }

    func answerWithdrawal(at node: SimulatedNode) async throws -> TransportResponse? {
        let own = work.withdrawals.indices.filter { work.withdrawals[$0].from == node.agency }
        guard let place = chance.element(of: own) else { return nil }
        let outcome = chance.element(of: ["destroyed", "kept"]) ?? "destroyed"
        var form = WithdrawalAnswerForm(officer: "o1", withdrawal: work.withdrawals[place].id, outcome: outcome)
        if outcome == "kept" {
            form.until = String(truth.now().adding(seconds: 90 * 86_400).description.prefix(10))
            form.law = "Limitation Act 1980 s.11"
        }
        let response = try await node.ask(NodePath.answerWithdrawal, form)
        if response.status == 200 { work.withdrawals.remove(at: place) }
        return response
    }

    func correct(at node: SimulatedNode) async throws -> TransportResponse? {
        let author = chance.once(in: 3) ? chance.element(of: agencies) : node.agency
        guard let author, let entry = chance.element(of: work.entries[author] ?? []) else { return nil }
        let form = CorrectionForm(
            officer: "o1", entry: entry, kind: author == node.agency ? "corrected" : "disputed",
            words: words("It was on Tuesday"))
        return try await node.ask(NodePath.corrections, form)
    }

    /// One of the cases that an agency is on.
    func anyCase(of node: SimulatedNode) -> CountyWork.Case? {
        chance.element(of: work.cases.indices.filter { work.isOn(node.agency, work.cases[$0]) }).map { work.cases[$0] }
    }

    /// What a node answered, where it did what it was asked.
    func decoded<Answer: Decodable>(_ type: Answer.Type, from response: TransportResponse) -> Answer? {
        response.status == 200 ? try? JSONDecoder().decode(type, from: Data(response.body)) : nil
    }
}
