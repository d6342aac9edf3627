import BrokerService
import EventLogs
import Foundation
import HTTPTransport
import NodeService
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// A county in virtual time: real nodes, broker and auditor over simulated disks, clocks and links, driven from one
/// place so that a seed says everything that happens.
///
/// One thing happens at a time and is awaited to its end; what runs on several cores in it must come to the same.
final class Simulation {
    let county: FoundedCounty
    let root: String
    let swarm: Swarm
    let sabotage: Sabotage?
    let chance: Chance
    let truth = ManualTime(FoundedCounty.start.adding(seconds: 3600))
    let network: SimulatedNetwork
    let agencies: [AgencyCode]
    let brokerPlace: SimulatedPlace
    let brokerClock: SimulatedClock
    var broker: SimulatedBroker?
    var places: [AgencyCode: SimulatedPlace] = [:]
    var clocks: [AgencyCode: SimulatedClock] = [:]
    var entropies: [AgencyCode: SeededEntropy] = [:]
    var nodes: [AgencyCode: SimulatedNode] = [:]
    /// Whom the board lists as witnesses; nil for nobody.
    let listing: WitnessListing?
    /// The witnesses that are no agency and that the board lists.
    let witnessCodes: [AgencyCode]
    var witnesses: [AgencyCode: SimulatedWitness] = [:]
    /// Copies of machines, as backups have them, by party.
    var copies: [AgencyCode: MachineCopy] = [:]
    /// Agencies whose log was put back and has not been held against the register yet.
    var restored: Set<AgencyCode> = []
    /// Agencies whose log has told two stories: nothing more of it is registered.
    var ended: Set<AgencyCode> = []
    var work = CountyWork()
    var ledger = WorldRecord()
    var trace = Trace()
    /// Nodes and the broker that are down, and for how many steps still.
    var down: [AgencyCode: Int] = [:]
    var stepCount = 0
    var audited = Fetched()
    var reports: Set<Report> = []
    /// The misconduct that was carried out.
    var injected: Misconduct?
    /// Agencies that were shown another register and follow it.
    var deceived: Set<AgencyCode> = []
    /// Agencies that the broker sent too little or too much.
    var wronged: Set<AgencyCode> = []

    init(
        _ county: FoundedCounty, seed: UInt64, swarm: Swarm?, misconduct: Misconduct?, sabotage: Sabotage?
    ) async throws {
        self.county = county
        self.sabotage = sabotage
        chance = Chance(seed: seed)
        let drawn = Swarm(chance)
        var chosen = swarm ?? drawn
        if let misconduct { chosen.misconduct = misconduct }
        // Who is not asked for its word cannot say what it knows.
        if chosen.misconduct == .lastingRegister { chosen.witnesses = .enough }
        // Where the circle is refused, because a protocol has ended, nobody is given anything to report.
        if chosen.misconduct == .wrongKey || chosen.misconduct == .garbledPart { chosen.endsProtocols = false }
        self.swarm = chosen
        root = county.worldDirectory()
        agencies = Array(FoundedCounty.agencies.prefix(self.swarm.agencyCount))
        network = SimulatedNetwork(chance)
        brokerClock = SimulatedClock(truth)
        listing = self.swarm.listing(sabotage: sabotage)
        brokerPlace = try SimulatedPlace(
            FoundedCounty.broker, founded: try county.brokerFiles(with: listing), root: root,
            skipsFlushes: sabotage == .brokerSkipsFlushes)
        witnessCodes = listing?.witnesses.filter { FoundedCounty.witnesses.contains($0) } ?? []
        for witness in witnessCodes {
            places[witness] = try SimulatedPlace(
                witness, founded: try county.files(of: witness), root: root,
                skipsFlushes: sabotage == .nodeSkipsFlushes)
            clocks[witness] = SimulatedClock(truth)
        }
        for agency in agencies {
            places[agency] = try SimulatedPlace(
                agency, founded: try county.files(of: agency), root: root, skipsFlushes: sabotage == .nodeSkipsFlushes)
            clocks[agency] = SimulatedClock(truth)
            entropies[agency] = SeededEntropy(seed: chance.bits())
        }
        if sabotage == .brokerMisroutes { network.misroutes() }
        try await start()
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Everything that is down starts.
    func start() async throws {
        if broker == nil { try await startBroker() }
        for agency in agencies where nodes[agency] == nil { try await startNode(agency) }
        for witness in witnessCodes where witnesses[witness] == nil { try startWitness(witness) }
    }

    /// Ends all processes.
    func close() async {
        for agency in agencies { await nodes[agency]?.close() }
        nodes = [:]
        witnesses = [:]
        network.connect(nil)
        await broker?.close()
        broker = nil
    }

    // MARK: Starting and ending

    func startBroker() async throws {
        let started: SimulatedBroker
        do {
            started = try await SimulatedBroker(brokerPlace.directory, heads: brokerPlace.heads, clock: brokerClock)
        } catch {
            throw Violation("the broker does not start: \(error)")
        }
        broker = started
        network.connect(started.hosted)
        try await started.hosted.takeBoardLog()
        brokerPlace.settle()
        try checkRestarted(started)
    }

    /// Starts a node; `decided` where its people decide what a program cannot know.
    func startNode(_ agency: AgencyCode, decided: StartDecisions = []) async throws {
        guard let place = places[agency], let clock = clocks[agency], let entropy = entropies[agency] else { return }
        let started: SimulatedNode
        do {
            started = try await SimulatedNode(
                agency, at: place.directory, heads: place.heads, decided: decided, on: network,
                entropy: entropy, clock: clock)
        } catch { throw Violation("\(agency) does not start: \(error)") }
        nodes[agency] = started
        place.settle()
        try checkRestarted(started)
    }

    func startWitness(_ code: AgencyCode) throws {
        guard let place = places[code], let clock = clocks[code] else { return }
        do {
            witnesses[code] = try SimulatedWitness(code, at: place.directory, on: network, clock: clock)
        } catch { throw Violation("\(code) does not start: \(error)") }
        place.settle()
    }

    /// A node's process ends, and its power with it.
    func crash(_ agency: AgencyCode) async throws {
        // Nothing that is still under way reaches the disk any more.
        places[agency]?.disk.fail(with: .off)
        if let node = nodes[agency] { try await watchLog(of: node) }
        await nodes[agency]?.close()
        nodes[agency] = nil
        try places[agency]?.losePower(chance)
    }

    /// The broker's process ends, and its power with it.
    func crashBroker() async throws {
        brokerPlace.disk.fail(with: .off)
        // What it has shown until now must be there when it starts again.
        try await watchRegister()
        network.connect(nil)
        await broker?.close()
        broker = nil
        try brokerPlace.losePower(chance)
    }

    /// A node ends as it is asked to, and keeps its views.
    func stop(_ agency: AgencyCode) async throws {
        await nodes[agency]?.close()
        await nodes[agency]?.hosted.keepViews()
        nodes[agency] = nil
        try places[agency]?.stop()
    }
}

/// What a world did that it must never do.
struct Violation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What is broken on purpose, to see that it is noticed.
public enum Sabotage: String, Hashable, Sendable, CaseIterable {
    /// The nodes' stores answer a flush without doing it.
    case nodeSkipsFlushes
    /// The broker's store does.
    case brokerSkipsFlushes
    /// Whoever is shown a second register takes every page without holding it against the ones before.
    case followerSkipsChecks
    /// The broker's feeds hold every sealed part of a statement, whoever asks.
    case brokerMisroutes
    /// Words of casework are left in the clear beside the broker's store.
    case leavesWordsInTheClear
    /// The second store of a log's head goes back with its disk.
    case secondStoreGoesBack
    /// The board lists witnesses enough where the world says that there are too few.
    case listsMoreWitnesses
    /// A witness that is no agency cosigns whatever it is offered, and is offered two registers.
    case witnessChecksNothing
}

/// What happened, as a chain of hashes: two runs with one digest did the same in the same order.
struct Trace {
    private(set) var digest = Hash256(hashing: Array("tallystick simulation".utf8))
    private(set) var lines: [String] = []
    var keepsLines = false

    mutating func note(_ line: String) {
        digest = Hash256(hashing: digest.bytes, Array(line.utf8))
        if keepsLines { lines.append(line) }
    }
}
