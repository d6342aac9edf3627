import BrokerService
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeService
import PartyFiles
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// A machine as a backup of it has it.
struct MachineCopy {
    let image: DiskImage
    /// What the second store of its log's head held.
    let head: [UInt8]?
}

/// Disks that are lost and older copies that are put back, and machines that run twice.
extension Simulation {
    /// A copy of a machine's databases is made and kept.
    func copyMachine() throws -> String {
        guard let party = chance.element(of: agencies + witnessCodes), let place = places[party] else { return "-" }
        copies[party] = try MachineCopy(image: place.copy(), head: place.heads.read().bytes)
        return "\(party)"
    }

    /// A disk is lost, and the last copy of it put back.
    func restoreCopy() async throws -> String {
        guard broker != nil, let party = chance.element(of: copies.keys.sorted()), let copy = copies[party],
            let place = places[party]
        else { return "-" }
        var (isMarked, keepsHeads) = (chance.once(in: 2), chance.once(in: 2))
        if sabotage == .secondStoreGoesBack { (isMarked, keepsHeads) = (false, false) }
        try await watchRegister()
        await nodes[party]?.close()
        nodes[party] = nil
        witnesses[party] = nil
        // Nothing of the lost machine's is under way any more: it has been gone for longer than any connection lives.
        network.forget(party)
        try place.restore(copy.image, isMarked: isMarked, keepsHeads: keepsHeads)
        if sabotage == .secondStoreGoesBack, let head = copy.head { try PublicFile.write(head, to: place.heads.path) }
        down[party] = chance.int(in: 0...5)
        if agencies.contains(party) { try forgetUnregistered(of: party) }
        return "\(party) \(isMarked) \(keepsHeads)"
    }

    /// What nobody else has is lost with the disk; what is registered comes back.
    private func forgetUnregistered(of agency: AgencyCode) throws {
        guard let store = broker?.hosted.store, let origin = try places[agency]?.directory.enrolment().origin else {
            return
        }
        ledger.logs[agency] = ledger.registered[origin] ?? LogMemory()
        var events: Set<EventID> = []
        var index: UInt64 = 0
        while let stored = try store.statement(origin: origin, index: LeafIndex(index)) {
            events.insert(try Statement(decoding: stored.bytes).eventID)
            index += 1
        }
        ledger.acknowledged[agency]?.formIntersection(events)
        restored.insert(agency)
    }

    /// A second machine runs with one agency's keys and a copy of its disk, and both write on; tells whether they did.
    func cloneNode() async throws -> Bool {
        guard broker != nil, let node = anyNode(), let place = places[node.agency], node.hosted.doubt == nil else {
            return false
        }
        calm([node.agency])
        for _ in 0..<2 { guard await canExchange(node) else { return false } }
        let sharesHeads = chance.once(in: 2)
        let copy = try SimulatedPlace(copying: place, sharesHeads: sharesHeads)
        guard let clock = clocks[node.agency] else { return false }
        let twin = try await SimulatedNode(
            node.agency, at: copy.directory, heads: copy.heads, on: network,
            entropy: SeededEntropy(seed: chance.bits()), clock: clock)
        let done = try await writeOn(node, twin, sharesHeads: sharesHeads)
        await twin.close()
        return done
    }

    /// The first of the two that pushes goes on; the other must come to a stop.
    private func writeOn(_ node: SimulatedNode, _ twin: SimulatedNode, sharesHeads: Bool) async throws -> Bool {
        for machine in [node, twin] {
            work.count += 1
            let form = ReportForm(officer: "o1", summary: "Threats \(work.count): \(Simulation.canary)")
            guard try await machine.ask(NodePath.reports, form).status == 200 else { return false }
        }
        guard await canExchange(node), await canExchange(node) else { return false }
        let next = try twin.hosted.store.firstUnadmitted()
        do {
            _ = try await twin.hosted.push(from: next)
            throw Violation("two machines of \(node.agency) wrote one place of its log, and the register took both")
        } catch let failure as TransportFailure {
            if case .status(_, let problem) = failure, let code = problem?.code {
                reports.insert(Report(reporter: .broker, code: code.text, about: node.agency.text))
            }
        } catch let violation as Violation { throw violation } catch {}
        do { try await twin.hosted.pull() } catch {}
        if sharesHeads {
            guard let doubt = twin.hosted.doubt else {
                throw Violation("a second machine of \(node.agency) goes on beside the first")
            }
            reports.insert(Report(reporter: .node, code: doubt, about: node.agency.text))
        } else {
            ended.insert(node.agency)
        }
        return true
    }
}
