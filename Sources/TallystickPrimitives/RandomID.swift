/// Sixteen random bytes that name something and say nothing about it.
///
/// The tag keeps a stream's identifier from being used as an event's: each kind is its own type.
public struct RandomID<Tag>: Hashable, Comparable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Length in bytes.
    public static var byteCount: Int { 16 }

    /// Wraps exactly 16 bytes; nil for any other length.
    public init?(bytes: some Collection<UInt8>) { self.init(bytes: Array(bytes)) }

    /// Wraps exactly 16 bytes; nil for any other length.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        (high, low) = RandomID.words(bytes)
    }

    /// Reads 16 bytes, most significant first.
    private static func words(_ bytes: [UInt8]) -> (high: UInt64, low: UInt64) {
        bytes.withUnsafeBytes { raw in
            (
                UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    /// Parses 32 hexadecimal digits.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// Draws a new identifier.
    public init(from entropy: any Entropy) {
        let bytes = entropy.bytes(count: 16)
        precondition(bytes.count == 16, "an entropy source must return as many bytes as it was asked for")
        (high, low) = RandomID.words(bytes)
    }

    /// The 16 bytes.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) }
    }

    /// The identifier as 32 lower-case hexadecimal digits.
    public var hex: String { Hex.encode(bytes) }

    public static func < (left: RandomID, right: RandomID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    fileprivate init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

extension RandomID: CustomStringConvertible {
    public var description: String { hex }
}

/// Marks the identifier of a stream.
public enum StreamTag: Sendable {}
/// Marks the identifier of an event.
public enum EventTag: Sendable {}
/// Marks the identifier of a compartment.
public enum CompartmentTag: Sendable {}
/// Marks the identifier of a circle's epoch.
public enum EpochTag: Sendable {}

/// One agency's history of one subject; random, 16 bytes.
public typealias StreamID = RandomID<StreamTag>
/// One event, unique for ever; the idempotence key of an append.
public typealias EventID = RandomID<EventTag>
/// One carried part of an event.
public typealias CompartmentID = RandomID<CompartmentTag>
/// One set of keys of one circle.
public typealias EpochID = RandomID<EpochTag>

extension RandomID where Tag == StreamTag {
    /// The control stream of every log: sixteen zero bytes (genesis, keys, enrolments, protocols).
    public static var control: StreamID { StreamID(high: 0, low: 0) }
}
