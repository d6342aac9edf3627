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

/// What a changed protocol would do, on this agency's own log: counts out, no new readers (PRACTICE P36).
extension NodeCore {
    /// Counts whom the entries of the last days reached, and would reach under a protocol file.
    func simulate(_ form: SimulationForm) async throws -> ProtocolSimulation {
        guard (1...Limits.simulationDayCount).contains(form.days) else {
            throw NodeProblem.bad("--days", "between 1 and \(Limits.simulationDayCount)")
        }
        let terms: SharingProtocol
        do { terms = try SharingProtocol(parsing: Array(form.file.utf8), file: form.fileName) } catch {
            throw NodeProblem.badFile("The protocol file is not valid", "\(error)")
        }
        guard terms.party(agency) != nil else { throw NodeProblem.notAParty(terms.code, agency) }
        let now = time.now()
        let parts = try await simulatedParts(since: now.adding(seconds: -86_400 * Int64(form.days)))
        return ProtocolSimulation(of: parts, under: terms, at: now)
    }

    /// Every part of an own entry of a shared case that the register has accepted, with whom it reached.
    private func simulatedParts(since start: Timestamp) async throws -> [SimulatedPart] {
        let cases = book.ownStreams.firstCases
        var circles: [StreamID: CaseCircleAtPlace] = [:]
        var facts: [CaseReference: CaseFacts] = [:]
        var parts: [SimulatedPart] = []
        var next = LeafIndex(0)
        while true {
            let page = try store.readLog(from: next, limit: Limits.pageStatementCount)
            guard let last = page.last else { return parts }
            for placed in page {
                let payload = placed.statement.payload
                if case .circle(let circle) = payload.control {
                    circles[payload.stream] = CaseCircleAtPlace(
                        control: circle, basis: payload.seen?.size ?? .empty, purpose: payload.decision?.purpose)
                }
                guard placed.statement.issuedAt >= start, let reference = cases[payload.stream],
                    let circle = circles[payload.stream], circle.control.members.count > 1,
                    let admission = try store.admission(of: placed.index), admission.isAccepted
                else { continue }
                let known = try facts[reference] ?? CaseFacts(try state(of: reference), of: agency, at: time.now())
                facts[reference] = known
                parts += self.parts(of: placed, in: circle, at: admission.registerPosition, given: known)
            }
            next = LeafIndex(last.index.value + 1)
            // Others have their turn between two pages.
            await Task.yield()
        }
    }

    private struct CaseCircleAtPlace {
        let control: CircleControl
        let basis: TreeSize
        let purpose: PurposeCode?
    }

    private func parts(
        of placed: SequencedStatement, in circle: CaseCircleAtPlace, at position: UInt64, given facts: CaseFacts
    ) -> [SimulatedPart] {
        let payload = placed.statement.payload
        let opened = opener.open(placed.statement, at: placed.index, compartments: placed.compartments)
        guard let purpose = payload.decision?.purpose ?? circle.purpose,
            case .text(let name)? = opened.fields["record"]?["event-type"], let type = EventTypeCode(name)
        else { return [] }
        return payload.compartments.filter { NodeCore.circleLabels.contains($0.label) }.map { descriptor in
            var reached: Set<AgencyCode> = []
            if case .epoch(circle.control.epoch) = descriptor.reader {
                reached = Set(circle.control.recipients(of: descriptor.label)).filter {
                    isReached($0, circle, position)
                }
            }
            let fields = Set(opened.fields[descriptor.label, default: [:]].keys)
            return SimulatedPart(
                entry: Int(clamping: placed.index.value), sender: agency, label: descriptor.label,
                sealed: facts.sealed(type, fields), purpose: purpose, circle: Set(circle.control.members),
                reached: reached)
        }
    }

    private func isReached(_ member: AgencyCode, _ circle: CaseCircleAtPlace, _ position: UInt64) -> Bool {
        guard member != agency, let bundle = circle.control.bundle else { return member != agency }
        let hasLapsed = (try? registeredAt(position)).map { roster.hasLapsed(bundle, at: $0) } ?? false
        return !hasLapsed
            && roster.isInForce(bundle, between: agency, and: member, since: circle.basis, at: TreeSize(position))
    }
}

extension Limits {
    /// Days back that a protocol is simulated for at the most.
    static let simulationDayCount = 1_830
}
