import BrokerService
import HTTPTransport
import NodeService
import Replication
import Synchronization
import TallystickPrimitives

/// What lies between the nodes and the broker: requests and answers are lost, doubled, or come late.
final class SimulatedNetwork: Sendable {
    /// What an answer of the broker becomes on its way, where the broker misbehaves.
    typealias Script = @Sendable (TransportRequest, TransportResponse) async throws -> TransportResponse

    /// How a link to the broker is.
    struct Condition: Sendable {
        /// Requests do not arrive.
        var losesRequests = false
        /// Answers do not arrive.
        var losesAnswers = false
        /// Of each kind of accident one in so many requests; 0 for none.
        var accidentsOneIn = 0
    }

    private struct State {
        var broker: HostedBroker?
        var conditions: [AgencyCode: Condition] = [:]
        var late: [TransportRequest] = []
        var script: Script?
        var misroutes = false
        var cosigned = CosignedMemory()
        var split: SecondRegister?
    }

    private let chance: Chance
    private let state = Mutex(State())

    init(_ chance: Chance) { self.chance = chance }

    /// The broker answers from now on; with nil nobody does.
    func connect(_ broker: HostedBroker?) { state.withLock { $0.broker = broker } }

    /// How an agency's link is from now on.
    func set(_ condition: Condition, of agency: AgencyCode) { state.withLock { $0.conditions[agency] = condition } }

    /// All links are whole, and what was under way is gone.
    func heal() {
        state.withLock { state in
            state.conditions = [:]
            state.late = []
        }
    }

    /// Answers pass through a script while something is done.
    func whileScripted<Value>(_ script: @escaping Script, _ body: () async throws -> Value) async rethrows -> Value {
        state.withLock { $0.script = script }
        defer { state.withLock { $0.script = nil } }
        return try await body()
    }

    /// What witnesses have cosigned.
    var cosigned: CosignedMemory { state.withLock { $0.cosigned } }

    /// From now on the broker feeds one agency another register than everybody else.
    func split(_ register: SecondRegister) { state.withLock { $0.split = register } }

    /// What was under way from a party is gone with its machine.
    func forget(_ party: AgencyCode) { state.withLock { $0.late.removeAll { $0.peer == party } } }

    /// From now on every page of a feed holds all sealed parts of its statements.
    func misroutes() { state.withLock { $0.misroutes = true } }

    /// A request that was given up long ago arrives; nobody waits for the answer.
    func deliverLate() async -> Bool {
        let found = state.withLock { state -> (TransportRequest, HostedBroker)? in
            guard let broker = state.broker, !state.late.isEmpty else { return nil }
            return (state.late.removeFirst(), broker)
        }
        guard let (request, broker) = found else { return false }
        _ = await broker.handle(request)
        return true
    }

    /// One request and its answer.
    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let (broker, condition, script, misroutes) = state.withLock { state in
            (
                state.broker, state.conditions[request.peer ?? FoundedCounty.auditor] ?? Condition(), state.script,
                state.misroutes
            )
        }
        guard let broker, !condition.losesRequests else { throw TransportFailure.unreachable("broker") }
        let accident = condition.accidentsOneIn > 0 ? chance.int(in: 0...(4 * condition.accidentsOneIn)) : 4
        if accident == 0 { throw TransportFailure.unreachable("broker") }
        if accident == 1 {
            state.withLock { $0.late.append(request) }
            throw TransportFailure.timedOut(after: .seconds(30))
        }
        try state.withLock { try $0.cosigned.note(request) }
        var answer = await broker.handle(request)
        if accident == 2 { answer = await broker.handle(request) }
        let isStillThere = state.withLock { $0.broker != nil }
        guard accident != 3, !condition.losesAnswers, isStillThere else { throw TransportFailure.interrupted }
        if misroutes, request.path == "/v1/feed", answer.status == 200,
            let page = try Pages.addingCompartments(to: FeedPage(decoding: answer.body), from: broker.store)
        {
            answer = .cbor(page.encoded)
        }
        if let split = state.withLock({ $0.split }), request.peer == split.victim, request.path == "/v1/feed",
            answer.status == 200
        {
            var register = split
            answer = .cbor(try register.page(in: try FeedPage(decoding: answer.body)).encoded)
            state.withLock { $0.split = register }
        }
        answer = try await script?(request, answer) ?? answer
        try state.withLock { try $0.cosigned.note(request, answer) }
        return answer
    }
}

/// An agency's end of the network.
struct SimulatedLink: BrokerExchange {
    let network: SimulatedNetwork
    let peer: AgencyCode

    func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse {
        try await network.send(TransportRequest(method: method, path: path, query: query, body: body, peer: peer))
    }

    func shutdown() async {}
}
