public import TallystickPrimitives
import DeterministicCBOR

/// A stream by its full name: the same identifier in two logs is two streams.
public struct StreamAddress: Hashable, Comparable, Sendable {
    /// The log.
    public let origin: Origin
    /// The stream.
    public let stream: StreamID

    /// Names a stream.
    public init(origin: Origin, stream: StreamID) {
        self.origin = origin
        self.stream = stream
    }

    public static func < (left: StreamAddress, right: StreamAddress) -> Bool {
        (left.origin, left.stream) < (right.origin, right.stream)
    }

    var item: CBOR { .array([.origin(origin), .id(stream)]) }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        self.init(origin: try items[0].origin(), stream: try items[1].id())
    }
}

/// An event by its full name: the log that holds it and its identifier there.
public struct EventAddress: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// The event.
    public let event: EventID

    /// Names an event.
    public init(origin: Origin, event: EventID) {
        self.origin = origin
        self.event = event
    }

    var item: CBOR { .array([.origin(origin), .id(event)]) }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        self.init(origin: try items[0].origin(), event: try items[1].id())
    }
}

extension Statement {
    /// The event by its full name.
    public var address: EventAddress { EventAddress(origin: origin, event: eventID) }
}
