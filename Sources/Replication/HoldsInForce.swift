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
    /// What was asked about by a question that stands.
    private var asked: [EventID: [StreamAddress]] = [:]
    /// Until when holders keep their copies under a law, by the question that they answered so.
    private var kept: [StreamAddress: [EventID: Timestamp]] = [:]
    /// The questions about a stream that nobody has answered.
    private var unanswered: [StreamAddress: Set<EventID>] = [:]
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
        case .erase(.asked(let streams, _)):
            let addresses = HeldStreams(origin: origin, streams: streams).addresses
            asked[event] = addresses
            for stream in addresses { unanswered[stream, default: []].insert(event) }
        case .erase(.answered(let question, let reply)):
            for stream in asked[question] ?? [] {
                unanswered[stream]?.remove(question)
                kept[stream]?[question] = nil
                if case .kept(let until, _) = reply { kept[stream, default: [:]][question] = until }
            }
        case .erase(.withdrawn(let question)):
            for stream in asked.removeValue(forKey: question) ?? [] {
                unanswered[stream]?.remove(question)
                kept[stream]?[question] = nil
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

    /// Whether a holder that was asked about a stream keeps its copies beyond a moment, or has not answered.
    func isKept(_ stream: StreamAddress, after now: Timestamp) -> Bool {
        kept[stream]?.values.contains { $0 > now } == true || unanswered[stream]?.isEmpty == false
    }

    /// The holds of a log that stand.
    func standing(of origin: Origin) -> [EventID] { placed.keys.filter { $0.origin == origin }.map(\.event) }

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
