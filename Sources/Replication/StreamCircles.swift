public import EventLogs
public import TallystickPrimitives

/// A stream by its full name: the same identifier in two logs is two streams.
public struct StreamAddress: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// The stream.
    public let stream: StreamID

    /// Names a stream.
    public init(origin: Origin, stream: StreamID) {
        self.origin = origin
        self.stream = stream
    }
}

/// What admission remembers of a stream: its head and the circle in force.
public struct StreamCircle: Hashable, Sendable {
    /// The newest statement, refused ones included: they keep their place.
    public var head: StreamHead
    /// The newest accepted circle.
    public var circle: CircleControl?
}

/// What one agency is due when one statement is admitted.
public struct Delivery: Hashable, Sendable {
    /// The labels of the statement's sealed compartments that the agency receives.
    public let labels: Set<Label>
    /// Compartments of earlier statements that a share gives it.
    public let shared: [CompartmentAddress]
    /// When the shared ones stop being given.
    public let sharedUntil: Timestamp?

    /// States a delivery.
    public init(labels: Set<Label>, shared: [CompartmentAddress] = [], sharedUntil: Timestamp? = nil) {
        self.labels = labels
        self.shared = shared
        self.sharedUntil = sharedUntil
    }
}
