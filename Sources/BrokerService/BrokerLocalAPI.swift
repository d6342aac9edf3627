import DeterministicCBOR
import EventLogs
import Foundation
import HTTPTransport
import Partnership
import PartyFiles
import Replication
import TallystickPrimitives

/// What the broker's operator may ask on the local socket: take in the board's log, and how things stand.
struct BrokerLocalAPI: RequestHandler {
    let keeper: RegisterKeeper
    let desk: HeadDesk
    let directory: LiveDirectory

    func handle(_ request: TransportRequest) async -> TransportResponse {
        do throws(ProblemDetails) {
            switch (request.method, request.path) {
            case (.get, "/v1/status"): return try await status()
            case (.post, "/v1/board"): return try await takeBoard(request.body)
            default: throw BrokerProblem.notFound
            }
        } catch { return .problem(error) }
    }

    private struct Status: Encodable {
        let registerSize: UInt64
        let parties: [String]
        let logs: Int
        /// Why the views are behind the register; absent while they follow.
        let viewsFault: String?
        /// Up to where the register is final; absent while nothing is.
        let finalSize: UInt64?
        /// How the register's newest head that was final stands, in words.
        let finality: String
        /// The logs that have told two stories.
        let twoStories: [String]
    }

    private func status() async throws(ProblemDetails) -> TransportResponse {
        let parties = await keeper.roster.parties.keys.sorted().map(\.text)
        let final = await desk.registerFinality()
        let status = Status(
            registerSize: await keeper.size.value, parties: parties, logs: try await keeper.headNotes().count,
            viewsFault: await keeper.viewsFault?.text, finalSize: final.size?.value,
            finality: final.finality.sentence, twoStories: await desk.equivocal.map(\.text).sorted())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let body = try? encoder.encode(status) else { throw BrokerProblem.store(.unavailable("status")) }
        return .json(Array(body))
    }

    /// The board's acts carry the board's own signatures, so whoever brings them does not matter.
    private func takeBoard(_ body: [UInt8]) async throws(ProblemDetails) -> TransportResponse {
        let file: PartnershipFile
        do { file = try PartnershipFile(decoding: body) } catch {
            throw BrokerProblem.malformedBody(.shape("a partnership file"))
        }
        if let board = await keeper.roster.board?.origin, desk.ended.contains(board) {
            throw BrokerProblem.twoStories(board)
        }
        let answer = try await keeper.takeBoardLog(file.statements, headNote: file.headNote)
        await keeper.show(to: directory)
        return .cbor(answer.encoded)
    }
}
