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

    /// How far a destruction that has begun has got.
    private struct Begun {
        let at: Timestamp
        /// The newest statement that said what is destroyed: what more there is to say comes next in its stream.
        var told: (stream: StreamID, sequence: UInt64)?
    }

    private struct Placed {
        let held: HeldStreams
        let told: AgencyCode?
    }

    /// Whose holds of what are counted together.
    private struct Count: Hashable {
        let placer: Origin
        let told: AgencyCode?
        let stream: StreamAddress
    }

    private var placed: [EventAddress: Placed] = [:]
    private var open: [Count: Int] = [:]
    private var standing: [StreamAddress: Set<EventAddress>] = [:]
    private var begun: [Beginning: Begun] = [:]
    /// What its own author destroyed.
    public private(set) var erased: Set<CompartmentAddress> = []
    /// The statements of which the grants are destroyed with that.
    public private(set) var erasedGrants: Set<StatementAddress> = []

    /// Nothing is held.
    public init() {}

    /// Takes in an accepted statement.
    ///
    /// - Parameters:
    ///   - told: the other of the two that it is said to, for a hold; nil where it is said to nobody.
    ///   - former: the logs that its author went on from.
    ///   - moment: when it was admitted.
    public mutating func fold(
        _ statement: Statement, telling told: AgencyCode? = nil, former: [Origin] = [], admittedAt moment: Timestamp
    ) {
        let (address, origin) = (statement.address, statement.origin)
        switch statement.payload.control {
        case .hold(.placed(let held, _)):
            placed[address] = Placed(held: held, told: told)
            for stream in held.addresses {
                standing[stream, default: []].insert(address)
                open[Count(placer: origin, told: told, stream: stream), default: 0] += 1
            }
        case .hold(.lifted(let hold)):
            let logs = [origin] + former
            guard let lifted = logs.map({ EventAddress(origin: $0, event: hold) }).first(where: { placed[$0] != nil }),
                let known = placed.removeValue(forKey: lifted)
            else { return }
            for stream in known.held.addresses {
                open[Count(placer: lifted.origin, told: known.told, stream: stream), default: 1] -= 1
                standing[stream]?.remove(lifted)
                if standing[stream]?.isEmpty == true { standing[stream] = nil }
            }
        case .erase(.begun(let streams)):
            for stream in streams.addresses { begun[Beginning(signer: origin, stream: stream)] = Begun(at: moment) }
        case .erased(let control):
            let beginning = Beginning(
                signer: origin, stream: StreamAddress(origin: control.origin, stream: control.stream))
            begun[beginning]?.told = (statement.payload.stream, statement.payload.sequence)
            guard control.origin == origin || former.contains(control.origin) else { return }
            erased.formUnion(control.addresses)
            for index in control.grants { erasedGrants.insert(StatementAddress(origin: control.origin, index: index)) }
        default: break
        }
    }

    /// Whether anybody holds a stream.
    public func isHeld(_ stream: StreamAddress) -> Bool { standing[stream] != nil }

    /// Whether one agency holds a stream as often as it may, as it says it to one other.
    func isFull(_ stream: StreamAddress, by placer: Origin, telling told: AgencyCode?) -> Bool {
        open[Count(placer: placer, told: told, stream: stream), default: 0] >= Limits.openHoldCount
    }

    /// Whether a hold of one of some logs stands.
    func stands(_ hold: EventID, of logs: [Origin]) -> Bool {
        logs.contains { placed[EventAddress(origin: $0, event: hold)] != nil }
    }

    /// Whether a statement may say what its author has destroyed of a stream: it said that it would, not too long ago, and has
    /// not said before what that came to. One beginning is good for one destruction: a hold that comes after it stops the next.
    func mayTell(_ statement: Statement, of stream: StreamAddress, at moment: Timestamp) -> Bool {
        guard let begun = begun[Beginning(signer: statement.origin, stream: stream)],
            moment < begun.at.adding(seconds: Limits.beginningSeconds)
        else { return false }
        guard let told = begun.told else { return true }
        // Too much for one statement goes on in the next of the same stream.
        return told.stream == statement.payload.stream && told.sequence + 1 == statement.payload.sequence
    }
}

extension Limits {
    /// Seconds for which the word counts that something is destroyed next: three days, enough for a node that stops for its
    /// key, and too few to be proof against what is held later.
    public static let beginningSeconds: Int64 = 3 * 86_400
    /// Holds of one stream that one agency may have standing, as it says them to one other: more than there are reasons, and
    /// too few to drown anybody in.
    public static let openHoldCount = 16
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
