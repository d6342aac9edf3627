import BoardOffice
import BrokerProjections
import EventLogs
import Foundation
import KeyFiles
import PartyFiles
import Partnership
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService
@testable import NodeService

/// Founds a partnership with the functions that the commands call.
struct OneProcessFounding {
    let board: BoardDirectory
    let fingerprint: Hash256
    let directory: String
    let entropy: SeededEntropy
    let now: Timestamp

    /// Who is on the board's list of co-signers.
    var cosigners: [AgencyCode] = []
    /// Whether each has a former key of its name there, above the one it has now.
    var hasFormerKeys = false

    /// Whether the board has also given an auditor a mandate.
    var hasAuditor = false

    static let brokerCode: AgencyCode = "northshire-broker"
    static let auditor: AgencyCode = "county-auditor"

    func found(_ agencies: [AgencyCode], time: any TimeSource) async throws -> RegisterKeeper {
        try enrol(OneProcessFounding.brokerCode, as: .broker)
        for agency in agencies { try enrol(agency, as: .agency) }
        if hasAuditor { try enrol(OneProcessFounding.auditor, as: .auditor) }
        if !cosigners.isEmpty {
            var lines = try cosigners.map { try #require(place($0).cosignerLine) + "\n" }
            if hasFormerKeys { lines = try cosigners.map(formerLine) + lines }
            try commit(.listingWitnesses(lines.joined()))
        }
        let yaml = try Data(contentsOf: OneProcessFounding.project.appending(path: "protocols/jag.yaml"))
        try commit(.publishing(yaml: Array(yaml), file: "jag.yaml"))
        try commit(.activating("jag", from: .empty, on: log()))
        let file = try log().partnershipFile()
        for party in agencies + [OneProcessFounding.brokerCode] {
            try place(party).join(file, fingerprint: fingerprint, now: now)
        }
        try BrokerFounding.found(
            in: place(OneProcessFounding.brokerCode).path, passphrase: OneProcess.passphrase, entropy: entropy,
            time: time)
        for agency in agencies {
            try NodeFounding.found(
                in: place(agency).path, passphrase: OneProcess.passphrase, entropy: entropy, time: time)
        }
        return try await openBroker(file, time: time)
    }

    private func formerLine(of agency: AgencyCode) throws -> String {
        let key = SigningKey(from: entropy).publicKey
        return try CosignerLine(try place(agency).enrolment(), key: key).text + "\n"
    }

    /// Enrols one more agency and founds its log; the board's newer log is for the broker to take.
    func enrolLate(_ agency: AgencyCode, time: any TimeSource) throws -> PartnershipFile {
        try enrol(agency, as: .agency)
        let file = try log().partnershipFile()
        try place(agency).join(file, fingerprint: fingerprint, now: now)
        try NodeFounding.found(
            in: place(agency).path, passphrase: OneProcess.passphrase, entropy: entropy, time: time)
        return file
    }

    /// Enrols what is asked for; the board's newer log is for the broker to take.
    func enrol(_ request: EnrolmentRequest) throws -> PartnershipFile {
        try commit(.enrolling(request, expires: nil, scope: nil, now: now))
        return try log().partnershipFile()
    }

    /// Revokes a party's key.
    func revoke(
        _ keyID: Hash256, of party: AgencyCode, after position: TreeSize, by members: [Int]
    ) throws -> PartnershipFile {
        try commit(.revoking(keyID, of: party, from: position, on: log()), by: members)
        return try log().partnershipFile()
    }

    /// Puts a fourth member in the place of the second.
    func replaceMember() throws -> PartnershipFile {
        let lost = try BoardMember.open(board.memberKeyFile(2), passphrase: OneProcess.passphrase)
        let new = try BoardMember.create(
            at: board.memberKeyFile(4), passphrase: OneProcess.passphrase, entropy: entropy, cost: .minimum)
        try commit(.replacingMember(lost.keyID, by: new.publicKey, on: log()))
        return try log().partnershipFile()
    }

    static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func place(_ party: AgencyCode) -> PartyDirectory { PartyDirectory(path: "\(directory)/\(party)") }

    func partnershipFile() throws -> PartnershipFile { try log().partnershipFile() }

    func log() throws -> BoardLog { try BoardLog.read(in: board, now: now) }

    private func enrol(_ party: AgencyCode, as kind: PartyKind) throws {
        let request = try place(party).initialise(
            agency: party, party: kind, origin: Origin("\(party).example/log")!, passphrase: OneProcess.passphrase,
            entropy: entropy, now: now, cost: .minimum)
        let isAuditor = kind == .auditor
        try commit(
            .enrolling(
                request, expires: isAuditor ? now.adding(seconds: 400 * 86_400) : nil, scope: isAuditor ? "all" : nil,
                now: now))
    }

    func commit(_ motion: BoardMotion, by members: [Int] = [1, 3]) throws {
        var proposal = BoardProposal(motion, to: try log(), entropy: entropy)
        for number in members {
            let member = try BoardMember.open(board.memberKeyFile(number), passphrase: OneProcess.passphrase)
            try proposal.sign(by: member, of: fingerprint)
        }
        let office = try BoardOffice.open(
            in: board, passphrase: OneProcess.passphrase, entropy: entropy, now: now)
        _ = try office.commit(proposal, now: now)
    }

    private func openBroker(
        _ file: PartnershipFile, time: any TimeSource
    ) async throws -> RegisterKeeper {
        let place = place(OneProcessFounding.brokerCode)
        let keys = try place.openKeys(passphrase: OneProcess.passphrase)
        let bootstrap = try file.bootstrap(fingerprint: fingerprint, now: now)
        let store = try BrokerStore.open(in: place.path)
        let origin = try place.enrolment().origin
        return try await RegisterKeeper(
            loading: RegisterLoading(
                store: store, origin: origin, bootstrap: bootstrap,
                heads: try RegisterHeads(HeadStore(beside: place), of: store, origin: origin)),
            views: try BrokerViews.open(in: place.path), logKeys: keys.logs.map(\.key), time: time)
    }
}
