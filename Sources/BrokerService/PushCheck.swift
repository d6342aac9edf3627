import EventLogs
import HTTPTransport
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// Checks a push as a whole, before anything of it is judged: its statements read, they are of this log, and the log's
/// signed head is the one that these statements lead to.
struct PushCheck {
    let request: PushRequest
    let admission: AdmissionState

    /// The statements that are new, as submissions.
    func submissions(of fresh: [CarriedStatement]) throws(ProblemDetails) -> [Submission] {
        var edge = admission.edge(of: request.origin).frontier
        var submissions: [Submission] = []
        for carried in fresh {
            let index = edge.size.nextIndex
            let statement: Statement
            do { statement = try Statement(decoding: carried.bytes) } catch {
                throw BrokerProblem.malformedStatement(index, error)
            }
            guard statement.origin == request.origin else { throw BrokerProblem.notYourLog(statement.origin) }
            _ = edge.append(statement.leafHash)
            submissions.append(
                Submission(
                    index: index, statement: statement, compartments: carried.compartments, grants: carried.grants))
        }
        try checkHead(edge, submissions: submissions)
        return submissions
    }

    private func checkHead(_ edge: TreeFrontier, submissions: [Submission]) throws(ProblemDetails) {
        var keys = admission.roster.logKeys(of: request.origin)
        for case .keyset(let entries) in submissions.map(\.statement.payload.control) {
            keys += entries.filter { $0.role == .log }.compactMap { try? VerificationKey(bytes: $0.key) }
        }
        let heads = keys.lazy.compactMap { key in
            try? SignedTreeHead(verifying: request.headNote, origin: request.origin, key: key)
        }
        guard let signed = heads.first else { throw BrokerProblem.headUnsigned(request.origin) }
        guard signed.head.size == edge.size, signed.head.root == edge.root else {
            throw BrokerProblem.headMismatch(request.origin, size: edge.size)
        }
    }
}
