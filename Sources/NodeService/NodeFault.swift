import EventLogs
import HTTPTransport
import Logging
import NodeProjections
import PartyFiles
import Replication
import SQLiteStore
import Sealing
import TallystickPrimitives

/// What went wrong inside the node, as far as a log and an answer may say it: a code, and for the store and the views
/// the operation with the database's own code. Never a word of what was recorded.
struct NodeFault: Hashable {
    let code: ProblemCode
    /// Such as `read the log: SQLite code 10`.
    let operation: String?

    init(_ code: ProblemCode, operation: String? = nil) {
        self.code = code
        self.operation = operation
    }

    /// Names any error.
    init(_ error: any Error) {
        switch error {
        case let problem as ProblemDetails: self.init(problem.code)
        case let failure as AppendFailure: self.init(failure)
        case let error as EventStoreError: self.init(error)
        case let error as NodeViewsError: self.init(error)
        case let error as StoreOpeningError: self.init("store-not-opened", operation: "\(type(of: error))")
        case is SealingError: self.init("sealing")
        case let fault as OpeningFault: self.init(ProblemCode("opening-\(fault.code)") ?? "opening")
        case let fault as WireFault: self.init(fault)
        case is StatementFault: self.init("statement-malformed")
        case let fault as FollowFault: self.init(ProblemCode(fault.code) ?? "feed")
        case let fault as ReceiptFault: self.init(ProblemCode(fault.rawValue) ?? "receipt")
        case let failure as TransportFailure: self.init(failure.shortCode)
        case is TwoStories: self.init("two-stories")
        case is LogUncertain: self.init("log-uncertain")
        case let fault as CatchUpFault: self.init(fault.code)
        case is HeadStoreChanged: self.init("head-store-changed")
        case is OtherKeys: self.init("keys-changed")
        case is PartyFileError: self.init("party-file")
        case is CancellationError: self.init("cancelled")
        // Its type is no content, and tells the maintainers where to look.
        default: self.init("internal", operation: "\(type(of: error))")
        }
    }

    private init(_ failure: AppendFailure) {
        switch failure {
        case .refused: self.init("append-refused")
        case .store(let error): self.init(error)
        case .notSigned: self.init("log-not-signed")
        case .stopping: self.init("stopping")
        case .uncertain: self.init("log-uncertain")
        }
    }

    private init(_ error: EventStoreError) {
        switch error {
        case .headConflict: self.init("store-head-conflict")
        case .duplicate: self.init("store-duplicate")
        case .diskFull: self.init("disk-full")
        case .outcomeUnknown: self.init("store-outcome-unknown")
        case .damaged(let damage):
            let place = damage.index.map { " at index \($0)" } ?? ""
            self.init("store-damaged", operation: damage.part + place)
        case .unavailable(let operation): self.init("store-unavailable", operation: operation)
        }
    }

    private init(_ error: NodeViewsError) {
        switch error {
        case .database(let operation, let code):
            self.init("views-unavailable", operation: "\(operation): SQLite code \(code)")
        case .damaged(let part): self.init("views-damaged", operation: part)
        case .snapshot: self.init("views-snapshot")
        case .notAdmitted, .notPending, .otherAgency: self.init("views-order")
        }
    }

    private init(_ fault: WireFault) {
        switch fault {
        case .cbor: self.init("wire-encoding")
        case .shape: self.init("wire-shape")
        case .statement: self.init("statement-malformed")
        }
    }
}

extension TransportFailure {
    /// A short code for logs: no address, no detail.
    fileprivate var shortCode: ProblemCode {
        switch self {
        case .cannotListen: "cannot-listen"
        case .unreachable: "unreachable"
        case .serverNotTrusted: "server-not-trusted"
        case .serverNotEnrolled: "server-not-enrolled"
        case .refusedByPeer: "refused-by-peer"
        case .timedOut: "timed-out"
        case .tooLarge: "too-large"
        case .malformed: "malformed"
        case .interrupted: "interrupted"
        case .status(_, let problem): problem?.code ?? "status"
        case .cancelled: "cancelled"
        case .clientShutDown: "client-shut-down"
        }
    }
}

extension Logger {
    /// A line about a fault: its code, and what the store could not do.
    func log(level: Logger.Level, _ message: Logger.Message, fault: NodeFault) {
        var metadata: Logger.Metadata = ["error.code": "\(fault.code)"]
        metadata["store.operation"] = fault.operation.map { "\($0)" }
        log(level: level, message, metadata: metadata)
    }
}
