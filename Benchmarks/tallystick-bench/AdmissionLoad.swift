import BrokerProjections
import BrokerService
import EventLogs
import Foundation
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// A broker with a real register on the disk, and agencies that push records to it.
struct AdmissionLoad: Sendable {
    /// Statements of one push: what a node that has a backlog puts together.
    static let pushCount = Limits.pageStatementCount

    private let keeper: RegisterKeeper
    private let serving: Task<Void, any Error>
    /// Each agency's pushes as they come over the wire, in order.
    private let pushes: [(code: AgencyCode, bodies: [[UInt8]])]
    /// Their signatures.
    let signatures: SignatureLoad

    /// Founds a register in a directory and has every agency write as many statements as it is to push.
    static func make(in directory: String, protocolFile: [UInt8], statementsEach count: Int) async throws
        -> AdmissionLoad
    {
        let time = SystemTime()
        var county = try CountyFixture(
            protocolFile: protocolFile, now: Timestamp(wholeSeconds: time.now().wholeSeconds))
        let store = try BrokerStore.create(in: directory)
        guard let broker = county.logs[CountyFixture.broker] else {
            throw CountyFixtureError.unknown(CountyFixture.broker)
        }
        let bootstrap = try county.bootstrap()
        try BrokerFounding.register(
            try county.brokerStatements(), in: store, bootstrap: bootstrap, origin: broker.origin,
            logSigner: broker.logKey, now: time.now())
        let keeper = try await RegisterKeeper(
            loading: RegisterLoading(store: store, origin: broker.origin, bootstrap: bootstrap),
            views: try BrokerViews.open(in: directory), logKeys: [broker.logKey], time: time)
        let serving = Task { try await keeper.run() }
        let seen = try await found(&county, keeper)
        return try AdmissionLoad(keeper: keeper, serving: serving, county: &county, seen: seen, count: count)
    }

    private static func found(_ county: inout CountyFixture, _ keeper: RegisterKeeper) async throws -> SeenHead {
        try county.publishProtocol()
        let board = try county.push(of: CountyFixture.boardCode)
        _ = try await keeper.takeBoardLog(board.statements, headNote: board.headNote)
        for code in CountyFixture.agencies {
            try county.join(code)
            try county.adopt(code)
            _ = try await keeper.push(try county.push(of: code), by: code)
        }
        let note = try await keeper.headNotes()[keeper.origin] ?? []
        let head = try UnverifiedTreeHead(parsing: note).claimed
        return SeenHead(origin: head.origin, size: head.size, root: head.root)
    }

    private init(
        keeper: RegisterKeeper, serving: Task<Void, any Error>, county: inout CountyFixture, seen: SeenHead, count: Int
    ) throws {
        self.keeper = keeper
        self.serving = serving
        var pushes: [(AgencyCode, [[UInt8]])] = []
        var signatures = SignatureLoad()
        for code in CountyFixture.agencies {
            var bodies: [[UInt8]] = []
            var written = 0
            while written < count {
                var left = AdmissionLoad.pushCount
                while left > 0 {
                    // A matter of eight statements: its circle and seven records.
                    let matter = CountyFixture.Matter(
                        stream: StreamID(from: county.entropy), epoch: EpochID(from: county.entropy), seen: seen)
                    try county.open(matter, by: code, with: CountyFixture.agencies)
                    for _ in 0..<7 { try county.record(in: matter, by: code) }
                    left -= 8
                }
                let push = try county.push(of: code)
                let key = county.logs[code]?.statementKey.publicKey.bytes ?? []
                for carried in push.statements { try signatures.add(carried.bytes, key: key) }
                bodies.append(push.encoded)
                written += push.statements.count
            }
            pushes.append((code, bodies))
        }
        self.pushes = pushes
        self.signatures = signatures
    }

    /// Pushes everything, several agencies at once and each one push at a time, as nodes do; tells how many statements a
    /// second were registered and receipted.
    func run() async throws -> Double {
        let clock = ContinuousClock()
        let started = clock.now
        let answers = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for (code, bodies) in pushes { group.addTask { try await push(bodies, of: code) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let seconds = (clock.now - started) / .seconds(1)
        serving.cancel()
        let count = try answers.reduce(0) { try $0 + accepted(in: $1) }
        guard count == signatures.count else {
            throw BenchmarkFailure("\(count) of \(signatures.count) statements were accepted")
        }
        return Double(count) / seconds
    }

    private func push(_ bodies: [[UInt8]], of code: AgencyCode) async throws -> [[UInt8]] {
        var answers: [[UInt8]] = []
        for body in bodies {
            answers.append(try await keeper.push(try PushRequest(decoding: body), by: code).encoded)
        }
        return answers
    }

    private func accepted(in answer: [UInt8]) throws -> Int {
        try PushAnswer(decoding: answer).receipts.count { receipt in
            guard case .verdict(let record) = try receipt.parts().leaf else { return false }
            return record.verdict.isAccepted
        }
    }
}
