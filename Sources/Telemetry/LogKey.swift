/// The metadata keys that may appear in a log. A key that is not here is dropped, so a value
/// cannot reach a log because somebody thought of a new name for it.
public enum LogKey: String, CaseIterable, Hashable, Sendable {
    /// An agency's code.
    case agency = "peer.agency"
    /// How many statements a batch or page holds.
    case batchEvents = "batch.events"
    /// How many bytes a batch, page or body holds.
    case batchBytes = "batch.bytes"
    /// How long something took, in milliseconds.
    case duration = "duration.ms"
    /// The code of an error or refusal.
    case errorCode = "error.code"
    /// The HTTP method.
    case httpMethod = "http.method"
    /// The route's pattern, never the path that was asked for.
    case httpRoute = "http.route"
    /// The HTTP status.
    case httpStatus = "http.status"
    /// A log's origin.
    case logOrigin = "log.origin"
    /// The port that is listened on.
    case netPort = "net.port"
    /// A projection's name.
    case projection = "projection.name"
    /// A sharing protocol's code.
    case protocolCode = "protocol.code"
    /// The position in the register.
    case registerIndex = "register.index"
    /// A service's name.
    case service = "service.name"
    /// What a store could not do, with the database's own code.
    case storeOperation = "store.operation"
    /// A stream's identifier as a keyed hash.
    case stream = "stream.name"
    /// A position in a log.
    case treeIndex = "tree.index"
    /// The size of a log.
    case treeSize = "tree.size"
    /// The version of the program.
    case version = "service.version"
    /// A witness's name.
    case witness = "witness.name"
}
