import HTTPTransport
import BoardOffice
import BrokerService
import EventLogs
import Foundation
import KeyFiles
import Logging
import NodeInterface
import NodeService
import PartyFiles
import SQLiteStore
import Synchronization
import TallystickPrimitives
import TallystickTesting

/// A partnership founded once, with the functions that the commands call: a board, a broker, an auditor and agencies
/// that have signed the protocol. Every simulated world begins with these files.
public struct FoundedCounty: Sendable {
    /// Agencies that run nodes.
    static let agencies: [AgencyCode] = [
        "harbour-homes", "northshire-police", "northshire-fire", "marlow-vale-council",
    ]
    /// The agency whose statements a script writes, where one misbehaves.
    static let rogue: AgencyCode = "meadow-housing"
    /// All that have a log of casework.
    static let allAgencies = agencies + [rogue]
    static let broker: AgencyCode = "northshire-broker"
    static let auditor: AgencyCode = "county-auditor"
    /// Witnesses that are no agencies.
    static let witnesses: [AgencyCode] = ["county-archive", "shire-university"]
    static let passphrase = SecretBytes(Array("correct horse battery".utf8))
    static let start = Timestamp(wholeSeconds: 1_772_355_000)

    static let offices: [AgencyCode: [String]] = [
        "harbour-homes": ["data-protection-officer", "head-of-housing"],
        "meadow-housing": ["data-protection-officer", "head-of-housing"],
        "northshire-police": ["data-protection-officer", "chief-officer"],
        "northshire-fire": ["data-protection-officer"],
        "marlow-vale-council": ["data-protection-officer", "community-safety-manager"],
    ]

    /// Where worlds are laid out.
    let scratch: String
    private let worlds = WorldCount()
    /// The files of each party.
    private let parties: [AgencyCode: FoundedFiles]
    /// The board's log as it goes on with a list of witnesses.
    private let boardLogs: [WitnessListing: [UInt8]]

    /// Founds it.
    ///
    /// - Parameters:
    ///   - project: the directory that holds `protocols`.
    ///   - scratch: an empty directory of memory or of a disk; worlds come and go in it.
    public init(project: String, scratch: String) async throws {
        self.scratch = scratch
        let directory = scratch + "/county"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let founding = try Founding(directory: directory)
        try founding.found(yaml: Data(contentsOf: URL(filePath: project + "/protocols/jag.yaml")))
        try await founding.adopt()
        var parties: [AgencyCode: FoundedFiles] = [:]
        for party in Founding.parties { parties[party] = try founding.files(of: party) }
        self.parties = parties
        var boardLogs: [WitnessListing: [UInt8]] = [:]
        for listing in WitnessListing.all { boardLogs[listing] = try founding.boardLog(with: listing) }
        self.boardLogs = boardLogs
    }

    /// A directory for one more world.
    func worldDirectory() -> String { "\(scratch)/\(worlds.next())" }

    /// The files of a party.
    func files(of party: AgencyCode) throws -> FoundedFiles {
        guard let files = parties[party] else { throw SimulationFault("\(party) was not founded") }
        return files
    }

    /// The broker's files when the board has told it of a list of witnesses.
    func brokerFiles(with listing: WitnessListing?) throws -> FoundedFiles {
        let files = try files(of: FoundedCounty.broker)
        guard let listing, let boardLog = boardLogs[listing] else { return files }
        return FoundedFiles(
            directory: DiskImage(files: files.directory.files.merging(["partnership.tally": boardLog]) { $1 }),
            head: files.head)
    }
}

private final class WorldCount: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

/// The steps of the founding.
private struct Founding {
    let directory: String
    let board: BoardDirectory
    let fingerprint: Hash256
    let entropy = SeededEntropy(seed: 1)
    let time = ManualTime(FoundedCounty.start)

    static let agencies = FoundedCounty.allAgencies
    static let parties = agencies + [FoundedCounty.broker, FoundedCounty.auditor] + FoundedCounty.witnesses

    init(directory: String) throws {
        self.directory = directory
        board = BoardDirectory(path: directory + "/board")
        guard let origin = Origin("board.northshire.example/log") else { throw SimulationFault("no origin") }
        fingerprint = try BoardFounding(origin: origin, memberCount: 3, threshold: 2, cost: .minimum).found(
            in: board, passphrase: FoundedCounty.passphrase, memberPassphrases: [FoundedCounty.passphrase],
            entropy: entropy, now: time.now())
    }

    func found(yaml: Data) throws {
        try enrol(FoundedCounty.broker, as: .broker)
        for agency in Founding.agencies { try enrol(agency, as: .agency) }
        try enrol(FoundedCounty.auditor, as: .auditor)
        for witness in FoundedCounty.witnesses { try enrol(witness, as: .witness) }
        try commit(.publishing(yaml: Array(yaml), file: "jag.yaml"))
        try commit(.activating("jag", from: .empty, on: log()))
        let file = try log().partnershipFile()
        for party in Founding.parties { try place(party).join(file, fingerprint: fingerprint, now: time.now()) }
        try BrokerFounding.found(
            in: place(FoundedCounty.broker).path, passphrase: FoundedCounty.passphrase, entropy: entropy, time: time)
        for agency in Founding.agencies {
            try NodeFounding.found(
                in: place(agency).path, passphrase: FoundedCounty.passphrase, entropy: entropy, time: time)
        }
        for witness in FoundedCounty.witnesses { _ = try WitnessStore.create(in: place(witness).path) }
    }

    /// The board's log when a list of witnesses comes last in it; the board's own does not change.
    func boardLog(with listing: WitnessListing) throws -> [UInt8] {
        let copy = BoardDirectory(path: "\(directory)/board-\(listing.agencyCount)-\(listing.listsEnough)")
        try FileManager.default.copyItem(atPath: board.path, toPath: copy.path)
        let lines = try listing.witnesses.map { witness in
            guard let line = place(witness).cosignerLine else { throw SimulationFault("\(witness) has no key") }
            return line + "\n"
        }
        try commit(.listingWitnesses(lines.joined()), in: copy)
        return try BoardLog.read(in: copy, now: time.now()).partnershipFile().encoded
    }

    /// Every agency signs the protocol, and everybody hears of it.
    func adopt() async throws {
        let network = SimulatedNetwork(Chance(seed: 1))
        let broker = try await SimulatedBroker(
            place(FoundedCounty.broker), heads: nil, clock: SimulatedClock(time))
        try await broker.hosted.takeBoardLog()
        network.connect(broker.hosted)
        var nodes: [SimulatedNode] = []
        for agency in Founding.agencies {
            nodes.append(
                try await SimulatedNode(
                    agency, at: place(agency), heads: HeadStore(beside: place(agency)), on: network,
                    entropy: entropy, clock: SimulatedClock(time)))
        }
        for _ in 0..<2 { for node in nodes { try await node.exchange() } }
        for node in nodes {
            let form = AdoptForm(
                officer: "o1", protocolCode: "jag", offices: FoundedCounty.offices[node.agency] ?? [])
            let response = try await node.ask(NodePath.adopt, form)
            guard response.status == 200 else { throw SimulationFault("not signed: \(response.status)") }
        }
        for _ in 0..<3 { for node in nodes { try await node.exchange() } }
        for node in nodes { await node.close() }
        await broker.close()
    }

    /// The files of a party, as they are when nothing has them open any more.
    func files(of party: AgencyCode) throws -> FoundedFiles {
        var files: [String: [UInt8]] = [:]
        let path = place(party).path
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where !name.hasSuffix("-shm") {
            guard let bytes = FileManager.default.contents(atPath: path + "/" + name) else { continue }
            files[name] = Array(bytes)
        }
        return FoundedFiles(
            directory: DiskImage(files: files), head: try HeadStore(beside: place(party)).read().bytes)
    }

    private func place(_ party: AgencyCode) -> PartyDirectory { PartyDirectory(path: "\(directory)/\(party)") }

    private func log() throws -> BoardLog { try BoardLog.read(in: board, now: time.now()) }

    private func enrol(_ party: AgencyCode, as kind: PartyKind) throws {
        guard let origin = Origin("\(party).example/log") else { throw SimulationFault("no origin") }
        let request = try place(party).initialise(
            agency: party, party: kind, origin: origin, passphrase: FoundedCounty.passphrase, entropy: entropy,
            now: time.now(), cost: .minimum)
        let scope = kind == .auditor ? "all" : nil
        let expires = scope.map { _ in time.now().adding(seconds: 365 * 86_400) }
        try commit(.enrolling(request, expires: expires, scope: scope, now: time.now()))
    }

    private func commit(_ motion: BoardMotion) throws { try commit(motion, in: board) }

    private func commit(_ motion: BoardMotion, in board: BoardDirectory) throws {
        var proposal = BoardProposal(motion, to: try BoardLog.read(in: board, now: time.now()), entropy: entropy)
        for number in [1, 3] {
            let member = try BoardMember.open(board.memberKeyFile(number), passphrase: FoundedCounty.passphrase)
            try proposal.sign(by: member, of: fingerprint)
        }
        let office = try BoardOffice.open(
            in: board, passphrase: FoundedCounty.passphrase, entropy: entropy, now: time.now())
        _ = try office.commit(proposal, now: time.now())
    }
}

/// The simulation itself cannot go on: nothing that it found in the product.
struct SimulationFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
