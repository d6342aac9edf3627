import BenchmarkFigures
import CommandLineSupport
import Foundation
import HTTPTransport
import KeyFiles
import NodeInterface
import PartyFiles
import TallystickPrimitives
import TallystickRehearsal

/// From an append at one node to its being visible at another, through a real broker.
struct VisibleBenchmark: Benchmark {
    let name = "visible"
    let summary = """
        from the command that records an entry at one node until another node's search finds it, through a broker over \
        mutual TLS, all processes of their own; against two TLS round trips and three flushes
        """
    private static let warmUps = 20
    private static let samples = 200

    func run(in workplace: Workplace) async throws -> [Figure] {
        workplace.say("founding a partnership (half a minute)")
        let stage = try RehearsalStage(
            directory: try workplace.makeDirectory("stage"), project: workplace.project,
            programs: workplace.programs, isQuiet: true)
        defer { stage.stopAll() }
        let founded = try Founding(stage: stage).run()
        let idle = Agencies.all.filter { $0 != Agencies.harbour && $0 != Agencies.police }
        for agency in idle { stage.stop(agency) }
        let pair = NodePair(stage: stage)
        let result: [Figure]
        do { result = try await measure(pair, founded, workplace) } catch {
            await pair.shutdown()
            throw error
        }
        await pair.shutdown()
        return result
    }

    private func measure(
        _ pair: NodePair, _ founded: Founded, _ workplace: Workplace
    ) async throws -> [Figure] {
        let reference = try pair.share()
        for _ in 0..<VisibleBenchmark.warmUps { _ = try await pair.sample(in: reference) }
        workplace.say("measuring \(VisibleBenchmark.samples) entries")
        var milliseconds: [Double] = []
        for _ in 0..<VisibleBenchmark.samples {
            milliseconds.append(try await pair.sample(in: reference).seconds * 1000)
        }
        let flush = try FlushTime.median(in: workplace.directory) * 1000
        let trip =
            try await RoundTrip.median(
                stage: pair.stage, broker: founded.brokerAddress) * 1000
        workplace.say("a flush takes \(Figure.rounded(flush)) ms, a round trip \(Figure.rounded(trip)) ms")
        let samples = Samples(milliseconds)
        let floor = 2 * trip + 3 * flush
        let command = """
            2 medians of a mutual TLS round trip to the broker + 3 medians of 4 KiB write + fdatasync (append, \
            admission, page)
            """
        return [
            Figure(
                "visible-median", value: samples.median, unit: "ms", reference: floor,
                referenceCommand: command, bar: .valueBelow(150)),
            Figure(
                "visible-p99", value: samples.quantile(0.99), unit: "ms", reference: floor,
                referenceCommand: command),
        ]
    }
}

/// Two nodes that share a case, asked on their local sockets as the command line asks them.
struct NodePair: Sendable {
    let stage: RehearsalStage
    private let author: UnixSocketClient
    private let reader: UnixSocketClient
    private static let officer = "bench"

    init(stage: RehearsalStage) {
        self.stage = stage
        author = UnixSocketClient(path: PartyDirectory(path: stage.path(Agencies.harbour)).socket)
        reader = UnixSocketClient(path: PartyDirectory(path: stage.path(Agencies.police)).socket)
    }

    /// Closes the connections.
    func shutdown() async {
        await author.shutdown()
        await reader.shutdown()
    }

    /// Opens a case at one node and shares it with the other; gives back its reference.
    func share() throws -> String {
        let desk = Desk(stage: stage, agency: Agencies.harbour)
        let opened = try desk.must([
            "case", "open", "--summary", "Noise at night", "--area", "E01025700", "--category", "noise",
        ])
        guard let reference = opened["caseReference"] as? String else {
            throw BenchmarkFailure("a case has no reference")
        }
        try desk.must([
            "case", "share", reference, "--protocol", "jag", "--purpose", "prevent-asb", "--with",
            Agencies.police,
        ])
        try stage.wait("the case at \(Agencies.police)") {
            try Desk(stage: stage, agency: Agencies.police).view(of: reference) != nil
        }
        return reference
    }

    /// Waits a moment, records an entry, and tells how long the other node took to find it.
    func sample(in reference: String) async throws -> Duration {
        let chance = SystemEntropy().bytes(count: 10)
        try await Task.sleep(for: .milliseconds(50 + Int(chance[0]) * 100 / 255))
        let word = "w" + Hex.encode(Array(chance.dropFirst()))
        let form = ActionForm(
            officer: NodePair.officer, caseReference: reference, action: "Visit \(word)",
            owner: Agencies.harbour)
        let clock = ContinuousClock()
        let started = clock.now
        _ = try await ask(author, NodePath.action, form)
        while try await hits(word) == 0 {
            guard clock.now - started < .seconds(30) else {
                throw BenchmarkFailure("an entry was not visible after 30 seconds")
            }
            try await Task.sleep(for: .milliseconds(1))
        }
        return clock.now - started
    }

    private func hits(_ word: String) async throws -> Int {
        let answer = try await ask(
            reader, NodePath.search, SearchForm(officer: NodePair.officer, words: word))
        guard let hits = try JSONSerialization.jsonObject(with: Data(answer)) as? [Any] else {
            throw BenchmarkFailure("a search did not answer with a list")
        }
        return hits.count
    }

    private func ask(
        _ client: UnixSocketClient, _ path: String, _ form: some Encodable
    ) async throws -> [UInt8] {
        try await client.send(
            method: .post, path: path, body: try CommandJSON.bytes(form),
            contentType: "application/json"
        ).successBody()
    }
}

/// What one exchange with the broker takes when it has nothing to do.
enum RoundTrip {
    private static let count = 200

    /// The median of a request to the broker on a warm connection over mutual TLS, in seconds.
    static func median(stage: RehearsalStage, broker: String) async throws -> Double {
        let directory = PartyDirectory(path: stage.path(Agencies.harbour))
        let passphrase = try PassphraseSource.file(path: stage.path("passphrase"))
            .read(credentialsDirectory: nil)
        let (file, fingerprint) = try directory.partnership()
        let time = SystemTime()
        let roster = try file.bootstrap(fingerprint: fingerprint, now: time.now())
        guard let server = AgencyCode(Agencies.broker),
            let port = broker.split(separator: ":").last.flatMap({ Int($0) })
        else { throw BenchmarkFailure("the broker has no address") }
        let client = PeerClient(
            host: "127.0.0.1", port: port, identity: try directory.openKeys(passphrase: passphrase).tls,
            server: server, directory: LiveDirectory(roster), timeSource: time)
        do {
            let seconds = try await measure(client)
            await client.shutdown()
            return seconds
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private static func measure(_ client: PeerClient) async throws -> Double {
        let clock = ContinuousClock()
        var seconds: [Double] = []
        for _ in 0..<count {
            let started = clock.now
            // No such path: the broker answers at once, and any status will do.
            _ = try await client.send(method: .get, path: "/v1/nothing")
            seconds.append((clock.now - started).seconds)
        }
        return Samples(seconds).median ?? 0
    }
}
