import BrokerProjections
import DeterministicCBOR
import EventLogs
import HTTPTransport
import Logging
import PartyFiles
import Partnership
import Replication
import TallystickPrimitives
import TransparencyLog

/// What enrolled parties may ask of the broker over mutual TLS. The caller's certificate decides whose log it may push
/// and which feed it may read.
struct BrokerAPI: RequestHandler {
    let keeper: RegisterKeeper
    let desk: HeadDesk
    let directory: LiveDirectory
    let quotas: Quotas
    let time: any TimeSource
    let logger: Logger

    func handle(_ request: TransportRequest) async -> TransportResponse {
        do throws(ProblemDetails) {
            guard let peer = request.peer else { throw BrokerProblem.notForYou }
            return try await answer(request, to: peer)
        } catch {
            return refused(error)
        }
    }

    private func refused(_ problem: ProblemDetails, retryAfter seconds: Int? = nil) -> TransportResponse {
        logger.info("Refused a request", metadata: ["error.code": "\(problem.code)"])
        let response = TransportResponse.problem(problem)
        guard let seconds else { return response }
        return TransportResponse(
            status: response.status, contentType: response.contentType, body: response.body,
            headers: ["retry-after": "\(seconds)"])
    }

    /// The refusal of what exceeds a quota; nil when there is enough, and then it is taken.
    private func exceeded(_ count: Int, of measure: Quotas.Measure, by peer: AgencyCode) -> TransportResponse? {
        quotas.take(count, of: measure, by: peer, at: time.now()).map { seconds in
            refused(BrokerProblem.quota(seconds: seconds), retryAfter: seconds)
        }
    }

    /// The refusal of whoever has read more than its quota; a request is taken from it otherwise.
    ///
    /// How long an answer will be shows when it is made: its bytes are charged then, and whoever owes any waits.
    private func exceededReading(by peer: AgencyCode) -> TransportResponse? {
        exceeded(0, of: .readBytes, by: peer) ?? exceeded(1, of: .reads, by: peer)
    }

    private func read(_ body: [UInt8], by peer: AgencyCode) -> TransportResponse {
        quotas.charge(body.count, of: .readBytes, to: peer, at: time.now())
        return .cbor(body)
    }

    private func answer(
        _ request: TransportRequest, to peer: AgencyCode
    ) async throws(ProblemDetails) -> TransportResponse {
        switch (request.method, request.path) {
        case (.post, "/v1/push"): return try await push(request, by: peer)
        case (.get, "/v1/feed"): return try await feed(request, for: peer)
        case (.get, "/v1/heads"):
            if let refusal = exceededReading(by: peer) { return refusal }
            let notes = try await keeper.headNotes()
            return read(CBOR.map(of: notes.map { (.origin($0.key), .bytes($0.value)) }).encoded, by: peer)
        case (.get, "/v1/cosigned"):
            let size = TreeSize(try number("size", in: request))
            if let refusal = exceededReading(by: peer) { return refusal }
            return read(try await desk.cosigned(upTo: size).encoded, by: peer)
        case (.post, "/v1/witness/heads"), (.post, "/v1/witness/answers"): return try await witness(request, for: peer)
        case (.post, "/v1/own/query"): return try await askWitnesses(request, by: peer)
        case (.get, "/v1/own/edge"), (.get, "/v1/own"): return try await ownLog(request, of: peer)
        case (.get, "/v1/visibility"): return try await visibility(request, for: peer)
        case (.get, let path) where path.hasPrefix(BrokerAPI.tiles): return try await tile(path, for: peer)
        default: throw BrokerProblem.notFound
        }
    }

    private func ownLog(
        _ request: TransportRequest, of peer: AgencyCode
    ) async throws(ProblemDetails) -> TransportResponse {
        let index = LeafIndex(try number("from", in: request))
        if let refusal = exceededReading(by: peer) { return refusal }
        guard request.path == "/v1/own" else {
            return read(try await keeper.ownEdge(of: peer, from: index).encoded, by: peer)
        }
        return read(try await keeper.ownPage(of: peer, from: index).encoded, by: peer)
    }

    /// Everybody asks about their own log alone.
    private func askWitnesses(
        _ request: TransportRequest, by peer: AgencyCode
    ) async throws(ProblemDetails) -> TransportResponse {
        if let refusal = exceeded(request.body.count, of: .bytes, by: peer) ?? exceededReading(by: peer) {
            return refusal
        }
        guard let origin = await keeper.roster.parties[peer]?.origin,
            let query = HeadQuery(origin: origin, nonce: request.body)
        else { throw BrokerProblem.malformedBody(.shape("a nonce of \(HeadQuery.nonceByteCount) bytes")) }
        return read(await desk.ask(query).encoded, by: peer)
    }

    /// Below this the register is served as tiles.
    private static let tiles = "/v1/register/"

    private func tile(_ path: String, for peer: AgencyCode) async throws(ProblemDetails) -> TransportResponse {
        if let refusal = exceededReading(by: peer) { return refusal }
        guard let name = TilePath(String(path.dropFirst(BrokerAPI.tiles.count))),
            let tile = try await keeper.tile(name)
        else { throw BrokerProblem.notFound }
        quotas.charge(tile.body.count, of: .readBytes, to: peer, at: time.now())
        return tile
    }

    private func witness(
        _ request: TransportRequest, for peer: AgencyCode
    ) async throws(ProblemDetails) -> TransportResponse {
        if let refusal = exceeded(request.body.count, of: .bytes, by: peer) ?? exceededReading(by: peer) {
            return refusal
        }
        do {
            if request.path == "/v1/witness/heads" {
                let standing = try WitnessStanding(decoding: request.body)
                return read(try await desk.offers(for: standing, to: peer).encoded, by: peer)
            }
            try await desk.take(try WitnessAnswers(decoding: request.body), by: peer)
            return .cbor(CBOR.null.encoded)
        } catch let fault as WireFault {
            throw BrokerProblem.malformedBody(fault)
        } catch { throw error as? ProblemDetails ?? BrokerProblem.store(.unavailable("heads")) }
    }

    private func push(
        _ request: TransportRequest, by peer: AgencyCode
    ) async throws(ProblemDetails) -> TransportResponse {
        // What came in costs by its length, whatever it turns out to be.
        if let refusal = exceeded(request.body.count, of: .bytes, by: peer) { return refusal }
        let push: PushRequest
        do { push = try PushRequest(decoding: request.body) } catch { throw BrokerProblem.malformedBody(error) }
        if let refusal = exceeded(push.statements.count, of: .statements, by: peer) { return refusal }
        guard !desk.ended.contains(push.origin) else { throw BrokerProblem.twoStories(push.origin) }
        let checked = try await keeper.checked(push, by: peer)
        // What a share gives the broker reads from its disk to judge it. It is owed, not refused: the statements have been
        // taken from the bucket, and a push whose two halves exceed a whole one would never come through.
        quotas.charge(checked.namedCount, of: .statements, to: peer, at: time.now())
        let answer: PushAnswer
        do throws(ProblemDetails) { answer = try await keeper.register(checked, by: peer) } catch {
            // Its own party's log that says something else: what it brings may show two stories to anybody.
            if error.code == "log-fork" || error.code == "head-mismatch", await desk.examine(push) {
                throw BrokerProblem.twoStories(push.origin)
            }
            throw error
        }
        await keeper.show(to: directory)
        if let fault = await keeper.viewsFault {
            logger.error("The views are behind the register", metadata: ["error.code": "\(fault)"])
        }
        logger.info(
            "Admitted a push",
            metadata: ["peer.agency": "\(peer)", "batch.events": "\(push.statements.count)"])
        return .cbor(answer.encoded)
    }

    private func feed(
        _ request: TransportRequest, for peer: AgencyCode
    ) async throws(ProblemDetails) -> TransportResponse {
        let from = TreeSize(try number("from", in: request))
        let wait = min(try number("wait", in: request), UInt64(Limits.feedWaitSeconds))
        if let refusal = exceededReading(by: peer) { return refusal }
        let growth = keeper.growth.subscribe()
        var page = try await keeper.feedPage(for: peer, from: from)
        if page.leaves.isEmpty, wait > 0 {
            await Waiting.first(of: growth, within: .seconds(Int64(wait)))
            page = try await keeper.feedPage(for: peer, from: from)
        }
        return read(page.encoded, by: peer)
    }

    private func visibility(
        _ request: TransportRequest, for peer: AgencyCode
    ) async throws(ProblemDetails) -> TransportResponse {
        if let refusal = exceeded(Limits.lookUpCost, of: .statements, by: peer) { return refusal }
        let query = VisibilityQuery(area: request.query["area"], category: request.query["category"])
        let entries = try await keeper.visibility(query, asker: peer)
        return .cbor(VisibilityPage(entries: entries.map(shown)).encoded)
    }

    private func shown(_ entry: VisibilityEntry) -> VisibilityPage.Entry {
        VisibilityPage.Entry(
            agency: entry.shownAgency, area: entry.area, category: entry.category?.text, week: entry.week)
    }

    private func number(_ name: String, in request: TransportRequest) throws(ProblemDetails) -> UInt64 {
        guard let text = request.query[name] else { return 0 }
        guard let value = UInt64(text) else { throw BrokerProblem.badQuery(name) }
        return value
    }
}

/// Waits for a signal, but not for ever.
enum Waiting {
    static func first(of signals: AsyncStream<Void>, within limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in signals { return } }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
