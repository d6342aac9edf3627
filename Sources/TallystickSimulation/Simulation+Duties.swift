import Foundation
import HTTPTransport
import NodeInterface
import TallystickPrimitives
import TallystickTesting

/// What practitioners do beside the daily work: they tell in an emergency, hold what must not be destroyed, and hand a case
/// over.
extension Simulation {
    func tellInEmergency(at node: SimulatedNode) async throws -> TransportResponse? {
        let others = agencies.filter { $0 != node.agency }
        guard let first = chance.element(of: others) else { return nil }
        var form = EmergencyForm(
            officer: "o1", agencies: Set(chance.some(of: others) + [first]).sorted().map(\.text),
            threat: words("He says that he will burn the flat down"), personTold: "Duty inspector")
        if let matter = anyCase(of: node), chance.once(in: 2) {
            form.caseReference = matter.reference
            form.labels = ["safe-contact"]
        }
        let response = try await node.ask(NodePath.emergencies, form)
        if let made = decoded(EmergencyMade.self, from: response) {
            work.emergencies.append((node.agency, made.emergency))
        }
        return response
    }

    func reviewEmergency(at node: SimulatedNode) async throws -> TransportResponse? {
        let own = work.emergencies.indices.filter { work.emergencies[$0].by == node.agency }
        guard let place = chance.element(of: own) else { return nil }
        let finding = chance.element(of: ["justified", "too-much", "not-needed"]) ?? "justified"
        let response = try await node.ask(
            NodePath.reviewEmergency,
            EmergencyReviewForm(
                officer: "o2", emergency: work.emergencies[place].id, finding: finding,
                words: words("It was so")))
        if response.status == 200 { work.emergencies.remove(at: place) }
        return response
    }

    func hold(at node: SimulatedNode) async throws -> TransportResponse? {
        guard let matter = anyCase(of: node) else { return nil }
        var form = HoldForm(officer: "o1", reason: chance.element(of: ["litigation", "inquest"]) ?? "litigation")
        form.caseReference = matter.reference
        form.words = words("A claim was made")
        let response = try await node.ask(NodePath.holds, form)
        if let placed = decoded(HoldPlaced.self, from: response) { work.holds.append((node.agency, placed.hold)) }
        return response
    }

    func lift(at node: SimulatedNode) async throws -> TransportResponse? {
        guard let place = chance.element(of: work.holds.indices.filter { work.holds[$0].by == node.agency }) else {
            return nil
        }
        let response = try await node.ask(
            NodePath.liftHold, HoldLiftForm(officer: "o1", hold: work.holds[place].id))
        if response.status == 200 { work.holds.remove(at: place) }
        return response
    }

    /// The next step by which a case comes to another lead, or one that ends that.
    func handOver(at node: SimulatedNode) async throws -> TransportResponse? {
        let places = work.cases.indices.filter { place in
            let matter = work.cases[place]
            if matter.lead == node.agency { return matter.offer == nil || matter.offer?.isAccepted == true }
            return matter.offer?.to == node.agency && matter.offer?.isAccepted == false
        }
        guard let place = chance.element(of: places) else { return nil }
        let matter = work.cases[place]
        guard matter.lead == node.agency else { return try await answerOffer(of: place, at: node) }
        guard let offer = matter.offer else {
            guard let other = chance.element(of: matter.members) else { return nil }
            var form = handover("offer", matter)
            form.to = other.text
            form.due = String(truth.now().adding(seconds: 5 * 86_400).description.prefix(10))
            let response = try await node.ask(NodePath.handovers, form)
            if response.status == 200 { work.cases[place].offer = (other, false) }
            return response
        }
        let isReleased = !chance.once(in: 4)
        let response = try await node.ask(NodePath.handovers, handover(isReleased ? "release" : "withdraw", matter))
        guard response.status == 200 else { return response }
        if isReleased {
            work.cases[place].members = Set(matter.members + [matter.lead]).subtracting([offer.to]).sorted()
            work.cases[place].lead = offer.to
        }
        work.cases[place].offer = nil
        return response
    }

    private func answerOffer(of place: Int, at node: SimulatedNode) async throws -> TransportResponse {
        let isAccepted = !chance.once(in: 4)
        let response = try await node.ask(
            NodePath.handovers, handover(isAccepted ? "accept" : "decline", work.cases[place]))
        if response.status == 200 { work.cases[place].offer = isAccepted ? (node.agency, true) : nil }
        return response
    }

    private func handover(_ step: String, _ matter: CountyWork.Case) -> HandoverForm {
        HandoverForm(officer: "o1", caseReference: matter.reference, step: step, summary: words("By telephone today"))
    }
}
