import EventLogs
import Foundation
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService

/// What parties hold of this broker's register, and another register made from it.
extension BrokerUnderTest {
    /// A copy for each agency: all leaves, and its own statements as it pushed them.
    func held(by agencies: [AgencyCode]) async throws -> [HeldCopy] {
        let leaves = try store.registerLeaves(from: 0, limit: 10_000)
        let note = try #require(try store.registerHeadNote())
        return try agencies.map { code in
            let origin = try #require(county.logs[code]?.origin)
            let log = try #require(try store.logState(origin))
            return HeldCopy(
                name: "copy-of-\(code)", origin: origin, leaves: leaves, statements: try pushed(origin),
                registerNote: note, ownNote: log.headNote)
        }
    }

    /// Every statement of a log with what travelled with it.
    private func pushed(_ origin: Origin) throws -> [(position: UInt64, statement: CarriedStatement)] {
        try store.statements(origin: origin, from: LeafIndex(0), limit: 10_000).map { stored in
            let statement = try EventLogs.Statement(decoding: stored.bytes)
            let home = Set(statement.payload.compartments.filter { $0.reader == .home }.map(\.id))
            var compartments = try store.compartments(origin: origin, index: stored.index).filter {
                !home.contains($0.id)
            }
            if case .share(let share) = statement.payload.control {
                compartments += try share.compartments.compactMap { try store.compartment($0) }
            }
            return (
                stored.registerPosition,
                CarriedStatement(
                    bytes: stored.bytes, compartments: compartments,
                    grants: try store.grants(origin: origin, index: stored.index))
            )
        }
    }

    /// A register from these copies and the board's file.
    @discardableResult
    func restore(from copies: [HeldCopy]) throws -> BrokerStore {
        let board = try #require(bootstrap.board?.origin)
        let log = try #require(try store.logState(board))
        let restored = try BrokerStore.create(in: "\(directory)/restored-\(UUID())")
        _ = try RegisterRestore(
            of: origin, bootstrap: bootstrap,
            board: PartnershipFile(statements: try pushed(board).map(\.statement), headNote: log.headNote),
            copies: copies
        ).run(into: restored)
        return restored
    }
}
