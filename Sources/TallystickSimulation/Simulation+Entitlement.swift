import PartyFiles
import BrokerService
import EventLogs
import Foundation
import NodeService
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives

/// Who may have what, worked out from the statements alone and from nobody's admission: a circle's members have its
/// stream, its labels go to whom it names, and a share gives what it says.
struct Entitlements {
    private struct Entry {
        let bytes: [UInt8]
        let statement: Statement
        let author: AgencyCode?
        let isAccepted: Bool
        let circle: CircleControl?
    }

    private var entries: [UInt64: Entry] = [:]
    private var circles: [StreamAddress: CircleControl] = [:]
    private var given: [AgencyCode: Set<CompartmentID>] = [:]
    private var givenPlaces: [AgencyCode: Set<String>] = [:]
    /// What was taken back from whom: it need not be there any more.
    private var takenBack: [AgencyCode: Set<CompartmentID>] = [:]
    private(set) var findings: [ReceivedFinding] = []
    private(set) var refusals: [(origin: Origin, code: String)] = []

    /// Takes in the statement at the next register position.
    mutating func take(_ stored: AdmittedStatement, by author: AgencyCode?) throws {
        let statement = try Statement(decoding: stored.bytes)
        let address = StreamAddress(origin: statement.origin, stream: statement.payload.stream)
        if let refusal = stored.refusal {
            refusals.append((stored.origin, refusal.text))
        } else {
            switch statement.payload.control {
            case .circle(let circle): circles[address] = circle
            case .share(let share):
                given[share.recipient, default: []].formUnion(share.compartments.map(\.compartment))
                givenPlaces[share.recipient, default: []].formUnion(
                    share.compartments.map { "\($0.origin) \($0.index.value)" })
            case .received(let report): findings += report.findings
            default: break
            }
            if let taken = statement.payload.control.takenBack {
                takenBack[taken.recipient, default: []].formUnion(taken.places.map(\.compartment))
            }
        }
        entries[stored.registerPosition] = Entry(
            bytes: stored.bytes, statement: statement, author: author, isAccepted: stored.refusal == nil,
            circle: circles[address])
    }

    /// What an agency has and should not, or has otherwise than it was registered; nil when all is well.
    func excess(_ row: ReceivedStatement, at agency: AgencyCode, mayHaveStrays: Bool) -> String? {
        guard let entry = entries[row.registerPosition] else { return "an unregistered statement" }
        guard entry.bytes == row.bytes else { return "another statement than the registered one" }
        let payload = entry.statement.payload
        if payload.kind.isControl { return nil }
        let isMember = entry.circle?.members.contains(agency) ?? false
        let isGiven = givenPlaces[agency]?.contains("\(row.origin) \(row.index.value)") ?? false
        guard isMember || isGiven || mayHaveStrays else { return "a statement of a stream whose circle it is not in" }
        for carried in row.compartments where !isDue(carried.id, of: entry, to: agency) {
            return "a compartment that is not for it"
        }
        for grant in row.grants where (try? DirectGrant(decoding: grant))?.recipient != agency {
            return "a grant for somebody else"
        }
        return nil
    }

    private func isDue(_ id: CompartmentID, of entry: Entry, to agency: AgencyCode) -> Bool {
        if given[agency]?.contains(id) == true { return true }
        guard entry.isAccepted, let circle = entry.circle,
            let descriptor = entry.statement.payload.compartments.first(where: { $0.id == id }),
            case .epoch(let epoch) = descriptor.reader, epoch == circle.epoch
        else { return false }
        return circle.recipients(of: descriptor.label).contains(agency)
    }

    /// Positions of accepted statements of others that an agency must have, with the compartments due to it.
    func due(to agency: AgencyCode) -> [(position: UInt64, compartments: Set<CompartmentID>)] {
        entries.keys.sorted().compactMap { position in
            guard let entry = entries[position], entry.isAccepted, entry.author != agency,
                !entry.statement.payload.kind.isControl, entry.circle?.members.contains(agency) == true
            else { return nil }
            let ids = entry.statement.payload.compartments.map(\.id).filter {
                given[agency]?.contains($0) != true && takenBack[agency]?.contains($0) != true
                    && isDue($0, of: entry, to: agency)
            }
            return (position, Set(ids))
        }
    }
}

extension Simulation {
    /// What everybody is entitled to by now.
    func entitlements() throws -> Entitlements {
        var entitlements = Entitlements()
        guard let store = broker?.hosted.store else { return entitlements }
        let parties = Dictionary(uniqueKeysWithValues: FoundedCounty.allAgencies.map { ("\($0).example/log", $0) })
        for position in 0..<ledger.register.size.value {
            guard let stored = try store.statementsAt(positions: [position]).first else { continue }
            try entitlements.take(stored, by: parties[stored.origin.text])
        }
        return entitlements
    }

    /// Nobody has what is not for them; when it is quiet and no protocol was ended, everybody has all that is.
    func check(_ entitlements: Entitlements, isQuiet: Bool) throws {
        var contents: [CompartmentID: [UInt8]] = [:]
        for agency in agencies {
            guard let store = nodes[agency]?.hosted.store else { continue }
            var rows: [UInt64: ReceivedStatement] = [:]
            for row in try store.received(from: 0, limit: .max) {
                rows[row.registerPosition] = row
                if let excess = entitlements.excess(row, at: agency, mayHaveStrays: wronged.contains(agency)) {
                    throw Violation("\(agency) has \(excess), at position \(row.registerPosition)")
                }
                for carried in row.compartments {
                    let known = contents[carried.id] ?? carried.content
                    guard known == carried.content else {
                        throw Violation("two agencies have two contents of one part")
                    }
                    contents[carried.id] = known
                }
            }
            guard isQuiet, !swarm.endsProtocols, !isRegisterRefused, !wronged.contains(agency),
                !deceived.contains(agency)
            else { continue }
            for (position, compartments) in entitlements.due(to: agency) {
                let there = Set(rows[position]?.compartments.map(\.id) ?? [])
                guard rows[position] != nil, compartments.isSubset(of: there) else {
                    throw Violation("\(agency) lacks what it is due at position \(position)")
                }
            }
        }
    }

    /// Words of casework stand nowhere in the clear, on nobody's disk.
    func checkSecrecy() throws {
        let canary = Array(Simulation.canary.utf8)
        let directories = [brokerPlace.directory.path] + agencies.compactMap { places[$0]?.directory.path }
        for directory in directories {
            for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() {
                guard let bytes = FileManager.default.contents(atPath: directory + "/" + name) else { continue }
                guard !bytes.withUnsafeBytes({ Simulation.has($0, canary) }) else {
                    throw Violation("words of casework stand in the clear in \(name)")
                }
            }
        }
    }

    /// Whether words stand somewhere; from one place of their first byte to the next, because every file of every party
    /// is looked through.
    private static func has(_ bytes: UnsafeRawBufferPointer, _ words: [UInt8]) -> Bool {
        guard let start = bytes.baseAddress, let first = words.first else { return false }
        var from = 0
        while from + words.count <= bytes.count,
            let found = memchr(start + from, Int32(first), bytes.count - words.count + 1 - from)
        {
            if memcmp(found, words, words.count) == 0 { return true }
            from = UnsafeRawPointer(found) - start + 1
        }
        return false
    }
}
