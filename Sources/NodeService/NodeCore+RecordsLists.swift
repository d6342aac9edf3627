import Casework
import Disclosures
import EventLogs
import NodeInterface
import TallystickPrimitives

/// The records officer's lists, each recorded as a reading of the cases in it as every other list is (PRACTICE P12).
extension NodeCore {
    /// The holds that stand here.
    func showHolds(by officer: String, only hold: String?) async throws -> [HoldRow] {
        let rows = try listHolds(only: hold)
        try await recordListed(rows.flatMap(\.references), by: officer)
        return rows
    }

    /// The erasures that were proposed here, or one with what every holder has answered.
    func showErasures(by officer: String, only erasure: String? = nil) async throws -> [ErasureReport] {
        let rows = try erasure.map { try showErasure($0) } ?? listErasures()
        let streams = try rows.reduce(into: Set<StreamAddress>()) { streams, row in
            streams.formUnion(try self.erasure(row.erasure).proposal.streams)
        }
        let cases = book.erasures.streams.filter { !$0.value.isDisjoint(with: streams) }.keys
        try await recordListed(cases.map(\.text), by: officer)
        return rows
    }

    /// What other agencies ask about what they destroy.
    func showQuestions(by officer: String) async throws -> [ErasureQuestionRow] {
        let rows = listQuestions()
        try await recordListed(rows.flatMap(\.references), by: officer)
        return rows
    }

    /// The cases with the period that holds for this agency.
    func showRetention(by officer: String, months: Int?, isOverOnly: Bool) async throws -> [RetentionRow] {
        let rows = try listRetention(months: months, isOverOnly: isOverOnly)
        try await recordListed(rows.map(\.reference), by: officer)
        return rows
    }

    private func recordListed(_ cases: [String], by officer: String) async throws {
        let references = Set(cases.compactMap { CaseReference($0) }).sorted()
        _ = try await recordAccess(.listed, of: references, by: officer)
    }
}
