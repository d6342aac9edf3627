public import EventLogs
public import TallystickPrimitives

/// Which streams are held, whose destruction has begun, and what is destroyed: a fold of the register's accepted statements.
///
/// Broker, its rebuild from disk and the auditor fold the same; a node folds the part that it is fed.
public struct HoldsInForce: Sendable {
    private struct Beginning: Hashable {
        let signer: Origin
        let stream: StreamAddress
    }

    private var placed: [EventAddress: HeldStreams] = [:]
    private var standing: [StreamAddress: Set<EventAddress>] = [:]
    private var begun: Set<Beginning> = []
    /// What its own author destroyed.
    public private(set) var erased: Set<CompartmentAddress> = []
    /// The statements of which the grants are destroyed with that.
    public private(set) var erasedGrants: Set<StatementAddress> = []

    /// Nothing is held.
    public init() {}

    /// Takes in an accepted statement.
    ///
    /// - Parameter origin: its log.
    public mutating func fold(_ control: ControlBody, of event: EventID, in origin: Origin) {
        let address = EventAddress(origin: origin, event: event)
        switch control {
        case .hold(.placed(let held, _)):
            placed[address] = held
            for stream in held.addresses { standing[stream, default: []].insert(address) }
        case .hold(.lifted(let hold)):
            let lifted = EventAddress(origin: origin, event: hold)
            for stream in placed.removeValue(forKey: lifted)?.addresses ?? [] {
                standing[stream]?.remove(lifted)
                if standing[stream]?.isEmpty == true { standing[stream] = nil }
            }
        case .erase(.begun(let streams)):
            for stream in streams.addresses { begun.insert(Beginning(signer: origin, stream: stream)) }
        case .erased(let control) where control.origin == origin:
            erased.formUnion(control.addresses)
            for index in control.grants { erasedGrants.insert(StatementAddress(origin: origin, index: index)) }
        default: break
        }
    }

    /// Whether anybody holds a stream.
    public func isHeld(_ stream: StreamAddress) -> Bool { standing[stream] != nil }

    /// Whether a hold of a log stands.
    func stands(_ hold: EventID, of origin: Origin) -> Bool {
        placed[EventAddress(origin: origin, event: hold)] != nil
    }

    /// Whether a log has said that it destroys its copies of a stream next.
    func hasBegun(_ stream: StreamAddress, by signer: Origin) -> Bool {
        begun.contains(Beginning(signer: signer, stream: stream))
    }
}

/// A statement by its place.
public struct StatementAddress: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// Its index there.
    public let index: LeafIndex

    /// Names a statement.
    public init(origin: Origin, index: LeafIndex) {
        self.origin = origin
        self.index = index
    }
}

extension HeldStreams {
    /// The streams with their log.
    public var addresses: [StreamAddress] { streams.map { StreamAddress(origin: origin, stream: $0) } }
}
