import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// Admission is a pure fold: whoever runs it again over the same register finds the same (DESIGN §4).
@Suite struct HistoryTests {
    @Test func aReplayReachesTheSameVerdictsAndDeliveries() throws {
        try checkProperty(cases: 40) { generator in
            let (world, truths) = try RandomHistory.told(with: &generator)
            for skipping in [false, true] {
                let replay = try world.register.replayed(skippingRefused: skipping)
                let before = world.register.admitted.map(\.judgement)
                try #require(replay.verdicts.map(\.verdict) == before.map(\.verdict))
                try #require(replay.verdicts.map(\.deliveries) == before.map(\.deliveries))
                for origin in Set(world.register.admitted.map(\.statement.origin)) {
                    try #require(
                        replay.state.edge(of: origin)
                            == world.register.admission.edge(of: origin))
                }
                try #require(
                    replay.state.roster.parties == world.register.admission.roster.parties)
            }
            try #require(truths.contains { $0.verdict == .accepted })
        }
    }

    /// What the history itself knows of circles and labels, against what admission says.
    @Test func verdictsAndDeliveriesAreThoseThatTheHistoryIntends() throws {
        var refused = 0
        var accepted = 0
        try checkProperty(cases: 40) { generator in
            let (world, truths) = try RandomHistory.told(with: &generator)
            let made = world.register.admitted.suffix(truths.count)
            for (admitted, truth) in zip(made, truths) {
                try #require(admitted.judgement.verdict == truth.verdict, "\(truth)")
                try #require(
                    admitted.judgement.deliveries.mapValues(\.labels) == truth.due, "\(truth)")
                if truth.verdict.isAccepted { accepted += 1 } else { refused += 1 }
            }
        }
        #expect(accepted > 400 && refused > 100, "\(accepted) accepted, \(refused) refused")
    }
}

/// What a history means to happen to a statement.
struct Truth {
    let verdict: Verdict
    let due: [AgencyCode: Set<Label>]
}

/// Agencies that open circles, record, change circles and sometimes err.
struct RandomHistory {
    private struct Stream {
        let id: StreamID
        let author: AgencyCode
        var members: [AgencyCode]
        var labels: [Label: [AgencyCode]]
        var epoch: EpochID
    }

    private var world: World
    private var streams: [Stream] = []
    private var truths: [Truth] = []

    /// Labels that every one of the agencies may have from each other by feed.
    private static let agencies = [World.police, World.council, World.homes, World.meadow]
    private static let labels: [Label] = ["record", "identity", "contact", "risk"]

    static func told(with generator: inout Generator) throws -> (World, [Truth]) {
        var history = RandomHistory(world: try World.founded.get())
        for _ in 0..<24 { try history.go(on: &generator) }
        return (history.world, history.truths)
    }

    private init(world: World) { self.world = world }

    private mutating func go(on generator: inout Generator) throws {
        world.now = world.now.adding(seconds: Int64(generator.int(in: 0...600)))
        let action = streams.isEmpty ? 0 : generator.int(in: 0...9)
        switch action {
        case 0, 1: try open(nil, with: &generator)
        case 2: try open(generator.int(in: 0...streams.count - 1), with: &generator)
        case 3: try rotate(generator.element(of: RandomHistory.agencies))
        default: try record(with: &generator, isFlawed: action > 7)
        }
    }

    /// Opens a stream, or narrows or widens one that there is.
    private mutating func open(_ number: Int?, with generator: inout Generator) throws {
        let author = number.map { streams[$0].author }
        let chosen = author ?? generator.element(of: RandomHistory.agencies)
        let others = RandomHistory.agencies.filter { $0 != chosen && generator.bool() }
        let members = ([chosen] + others).sorted()
        var labels: [Label: [AgencyCode]] = [:]
        for label in RandomHistory.labels where generator.bool() {
            labels[label] = [chosen] + others.filter { _ in generator.bool() }
        }
        let stream = Stream(
            id: number.map { streams[$0].id } ?? StreamID(from: world.entropy), author: chosen,
            members: members, labels: labels, epoch: EpochID(from: world.entropy))
        let sequence = world.logs[chosen]?.streams[stream.id].map { $0.sequence + 1 } ?? 0
        let isFlawed = generator.int(in: 0...9) == 0
        let circle = world.circle(
            members, labels, epoch: stream.epoch, from: sequence + (isFlawed ? 1 : 0))
        world.admit(
            try world.submission(
                Sketch(chosen, circle, in: stream.id, decision: world.decision(of: chosen))))
        if isFlawed {
            truths.append(
                Truth(
                    verdict: .refused("circle"),
                    due: number.map { void(streams[$0]) } ?? [:]))
            // A stream whose first circle was refused goes on without one; nobody uses it here.
            return
        }
        truths.append(Truth(verdict: .accepted, due: due(stream)))
        if let number { streams[number] = stream } else { streams.append(stream) }
    }

    private mutating func record(with generator: inout Generator, isFlawed: Bool) throws {
        let stream = generator.element(of: streams)
        let labels = stream.labels.keys.sorted().filter { _ in generator.bool() }
        var sketch = Sketch(
            stream.author, .record, in: stream.id, decision: world.decision(of: stream.author),
            parts: labels.map { world.part($0, in: stream.epoch) })
        guard isFlawed else {
            world.admit(try world.submission(sketch))
            truths.append(Truth(verdict: .accepted, due: due(stream)))
            return
        }
        sketch.grants = [[0]]
        world.admit(try world.submission(sketch))
        truths.append(Truth(verdict: .refused("grant-mismatch"), due: void(stream)))
    }

    private mutating func rotate(_ agency: AgencyCode) throws {
        world.logs[agency]?.statementKey = SigningKey(from: world.entropy)
        let keys = try #require(world.logs[agency]?.keySet)
        world.admit(try world.submission(Sketch(agency, keys)))
        let others = world.logs.keys.filter { $0 != agency }
        truths.append(
            Truth(
                verdict: .accepted,
                due: Dictionary(uniqueKeysWithValues: others.map { ($0, []) })))
    }

    private func due(_ stream: Stream) -> [AgencyCode: Set<Label>] {
        let others = stream.members.filter { $0 != stream.author }
        return Dictionary(
            uniqueKeysWithValues: others.map { member in
                (member, Set(stream.labels.filter { $0.value.contains(member) }.keys))
            })
    }

    private func void(_ stream: Stream) -> [AgencyCode: Set<Label>] { due(stream).mapValues { _ in [] } }
}
