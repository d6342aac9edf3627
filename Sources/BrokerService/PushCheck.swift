import EventLogs
import HTTPTransport
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// A push of which everything is checked that needs nothing but the push: its statements read and are of one log, hashes
/// are made, signatures and the head's are checked, each under a key that is named.
///
/// Only `PushCheck` makes one. Whether those keys are the ones in force is for the register to say, when it admits.
struct CheckedPush: Sendable {
    let request: PushRequest
    /// How many statements at its beginning were registered when it was checked; they are compared only.
    let knownCount: Int
    /// The statements after those.
    let submissions: [Submission]
    /// What the head says, and the key that signed it; nil when none of the log's keys did.
    let head: CheckedHead?

    /// The head to store with the log: nothing stands under it but the log's own signature.
    var headNote: [UInt8] { head?.note ?? request.headNote }

    struct CheckedHead: Sendable {
        let head: TreeHead
        let note: [UInt8]
        let key: VerificationKey
    }

    fileprivate init(request: PushRequest, knownCount: Int, submissions: [Submission], head: CheckedHead?) {
        self.request = request
        self.knownCount = knownCount
        self.submissions = submissions
        self.head = head
    }

    /// How many earlier statements its shares, recalls and withdrawals name, each once: so many are read to judge it.
    var namedCount: Int {
        submissions.reduce(0) { sum, submission in
            let named = submission.statement.payload.control.namedCompartments(in: submission.statement.origin)
            return sum + Set(named.map(\.index)).count
        }
    }

    /// The log keys that key sets of this push announce, as far as the given root key signed them.
    func announcedLogKeys(by root: VerificationKey?) -> [VerificationKey] {
        submissions.flatMap { submission -> [VerificationKey] in
            guard case .keyset(let entries) = submission.statement.payload.control,
                let key = submission.signature?.key, key == root
            else { return [] }
            return entries.filter { $0.role == .log }.compactMap { try? VerificationKey(bytes: $0.key) }
        }
    }
}

/// Checks a push before it reaches the register, on all cores.
struct PushCheck {
    let request: PushRequest
    /// Who is who, a moment before.
    let roster: Roster
    /// How much of the log is registered, a moment before.
    let known: TreeSize

    private typealias Outcome = Result<[Submission], ProblemDetails>

    func checked() async throws(ProblemDetails) -> CheckedPush {
        guard request.firstIndex <= known.nextIndex else {
            throw BrokerProblem.logGap(expected: known.nextIndex, found: request.firstIndex)
        }
        let knownCount = min(request.statements.count, Int(known.value - request.firstIndex.value))
        let submissions = try await submissions(from: knownCount)
        return CheckedPush(
            request: request, knownCount: knownCount, submissions: submissions,
            head: submissions.isEmpty ? nil : head(over: submissions))
    }

    private func submissions(from first: Int) async throws(ProblemDetails) -> [Submission] {
        let keys = roster.statementKeys(of: request.origin)
        // Below the register's own work: a push that is checked already is not to wait for all that are being checked.
        let outcomes = await withTaskGroup(of: (Int, Outcome).self) { group in
            for start in stride(from: first, to: request.statements.count, by: Limits.checkedTogetherCount) {
                let end = min(start + Limits.checkedTogetherCount, request.statements.count)
                group.addTask(priority: .utility) { (start, read(start..<end, keys: keys)) }
            }
            return await group.reduce(into: [(Int, Outcome)]()) { $0.append($1) }
        }
        var submissions: [Submission] = []
        for (_, outcome) in outcomes.sorted(by: { $0.0 < $1.0 }) { submissions += try outcome.get() }
        return submissions
    }

    private func read(_ places: Range<Int>, keys: [VerificationKey]) -> Outcome {
        var submissions: [Submission] = []
        for place in places {
            let carried = request.statements[place]
            let index = LeafIndex(request.firstIndex.value + UInt64(place))
            let statement: Statement
            do { statement = try Statement(decoding: carried.bytes) } catch {
                return .failure(BrokerProblem.malformedStatement(index, error))
            }
            guard statement.origin == request.origin else {
                return .failure(BrokerProblem.notYourLog(statement.origin))
            }
            submissions.append(
                Submission(
                    index: index, statement: statement, compartments: carried.compartments, grants: carried.grants,
                    keys: keys))
        }
        return .success(submissions)
    }

    private func head(over submissions: [Submission]) -> CheckedPush.CheckedHead? {
        guard let unverified = try? UnverifiedTreeHead(parsing: request.headNote), !unverified.claimed.isExtended else {
            return nil
        }
        var keys = roster.logKeys(of: request.origin)
        for case .keyset(let entries) in submissions.map(\.statement.payload.control) {
            keys += entries.filter { $0.role == .log }.compactMap { try? VerificationKey(bytes: $0.key) }
        }
        return keys.lazy.compactMap { key in
            (try? SignedTreeHead(bare: unverified, origin: request.origin, key: key)).map {
                CheckedPush.CheckedHead(head: $0.head, note: $0.note, key: key)
            }
        }.first
    }
}

extension Limits {
    /// Statements of one push that one core checks in one go: a few milliseconds of work.
    static let checkedTogetherCount = 32
}
