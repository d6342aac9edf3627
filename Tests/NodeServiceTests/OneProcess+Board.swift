import DeterministicCBOR
import EventLogs
import Foundation
import KeyFiles
import PartyFiles
import Partnership
import SQLiteStore
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import TallystickTesting

@testable import BoardOffice
@testable import BrokerService

/// What the board does to protocols while the others work.
extension OneProcess {
    /// Publishes the next version of the protocol, changed.
    func publish(_ change: (String) -> String) async throws {
        try boardNow.commit(.publishing(yaml: try Self.next(change), file: "jag.yaml"))
        try await tellBroker()
    }

    /// Puts a party's newest cosigning key on the list of co-signers, in the place of its former one.
    func relist(_ cosigners: [AgencyCode]) async throws {
        let lines = cosigners.compactMap { path(of: $0).cosignerLine.map { $0 + "\n" } }
        try boardNow.commit(.listingWitnesses(lines.joined()))
        try await tellBroker()
    }

    /// Activates the newest version.
    func activate() async throws {
        try boardNow.commit(.activating("jag", from: .empty, on: boardNow.log()))
        try await tellBroker()
    }

    /// Publishes the bundle that a program with the next decision function would: as a later board's program does it.
    func publishFuture() async throws {
        let current = RulesBundle.current(yaml: try Self.next { $0 })
        let bundle = try RulesBundle(
            decoding: .array([
                .unsigned(1), .unsigned(UInt64(current.decisionFunctionVersion + 1)), .bytes(current.yaml),
                .map(of: current.tables.map { (.text($0.key), .bytes($0.value)) }),
            ]))
        let founding = boardNow
        let members = try [1, 3].map {
            try BoardMember.open(founding.board.memberKeyFile($0), passphrase: OneProcess.passphrase).key
        }
        let body = CompartmentBody(
            seed: entropy.bytes(count: 32), fields: [PublishedProtocol.bundleField: bundle.encoded])
        let log = try founding.log()
        let draft = try BoardActs.publish(
            ProtocolPublication(code: "jag", version: 2, bundle: bundle.hash), bundle: body,
            compartment: CompartmentID(from: entropy), origin: log.board.origin, event: EventID(from: entropy),
            signers: members)
        let secrets = try openKeyFile(founding.board.keyFile, passphrase: OneProcess.passphrase)
        func key(_ name: String) throws -> SigningKey { try SigningKey(seed: secrets[name]?.bytes ?? []) }
        let sequencing = try log.edge.sequencer(origin: log.board.origin).sequence(
            [AppendRequest([draft])],
            in: Sequencer.Context(
                streams: try log.store.streamHeads([.control]), recorded: [:], seen: nil, now: time.now()),
            statementSigner: try key(BoardSecret.statement), logSigner: try key(BoardSecret.log))
        if let batch = sequencing.batch { try log.store.append(batch) }
        try await tellBroker()
    }

    /// The protocol file, changed.
    static func jag(_ change: (String) -> String) throws -> String {
        let path = OneProcessFounding.project.appending(path: "protocols/jag.yaml")
        return change(String(decoding: try Data(contentsOf: path), as: UTF8.self))
    }

    private static func next(_ change: (String) -> String) throws -> [UInt8] {
        Array(try jag { change($0.replacing("\nversion: 1\n", with: "\nversion: 2\n")) }.utf8)
    }

    private func tellBroker() async throws {
        let file = try boardNow.partnershipFile()
        _ = try await broker.keeper.takeBoardLog(file.statements, headNote: file.headNote)
    }
}
