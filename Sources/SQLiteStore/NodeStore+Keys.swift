public import EventLogs
import GRDB
public import TallystickPrimitives

/// A content key as a node keeps it, wrapped by the caller under its local key.
///
/// It is kept by the compartment's place: another statement that uses the same identifier cannot replace it.
public struct KeptContentKey: Hashable, Sendable {
    /// The compartment.
    public let address: CompartmentAddress
    /// The wrapped key.
    public let wrapped: [UInt8]

    /// States a kept key.
    public init(address: CompartmentAddress, wrapped: [UInt8]) {
        self.address = address
        self.wrapped = wrapped
    }
}

/// The key of one label in one epoch of a circle, as a node keeps it, wrapped by the caller under
/// its local key.
public struct KeptCircleKey: Hashable, Sendable {
    /// The log of the circle.
    public let origin: Origin
    /// The stream of the circle.
    public let stream: StreamID
    /// The label.
    public let label: Label
    /// The epoch.
    public let epoch: EpochID
    /// The wrapped key.
    public let wrapped: [UInt8]

    /// States a kept key.
    public init(
        origin: Origin, stream: StreamID, label: Label, epoch: EpochID, wrapped: [UInt8]
    ) {
        self.origin = origin
        self.stream = stream
        self.label = label
        self.epoch = epoch
        self.wrapped = wrapped
    }
}

extension NodeStore {
    /// Keeps content keys; a key kept already is replaced, as when the local key changes.
    ///
    /// Keys of purged compartments are not kept.
    public func keepContentKeys(_ keys: [KeptContentKey]) throws(EventStoreError) {
        try connection.write("keep content keys") { database in
            var numbers = LogNumbers(database)
            for key in keys {
                if try CarriedParts.isPurged(key.address, in: database) { continue }
                try database.run(
                    """
                    INSERT INTO content_keys (log, idx, compartment, wrapped) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET wrapped = excluded.wrapped
                    """,
                    [
                        try numbers.number(of: key.address.origin), key.address.index.value.stored,
                        key.address.compartment.blob, key.wrapped.blob,
                    ])
            }
        }
    }

    /// The kept key of one compartment, wrapped; nil if none is kept.
    public func contentKey(
        of address: CompartmentAddress
    ) throws(EventStoreError) -> [UInt8]? {
        try connection.read("read a content key") { database in
            try database.row(
                """
                SELECT wrapped FROM content_keys
                WHERE log = \(LogNumbers.query) AND idx = ? AND compartment = ?
                """, address.arguments
            ).map { try $0.bytes(0) }
        }
    }

    /// Keeps circle keys; a key kept already is replaced, as when the local key changes.
    public func keepCircleKeys(_ keys: [KeptCircleKey]) throws(EventStoreError) {
        try connection.write("keep circle keys") { database in
            for key in keys {
                try database.run(
                    """
                    INSERT INTO circle_keys (origin, stream, label, epoch, wrapped)
                    VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET wrapped = excluded.wrapped
                    """,
                    [
                        key.origin.text, key.stream.blob, key.label.text, key.epoch.blob,
                        key.wrapped.blob,
                    ])
            }
        }
    }

    /// The kept key of one label in one epoch, wrapped; nil if none is kept.
    public func circleKey(
        stream: StreamID, label: Label, epoch: EpochID, origin: Origin
    ) throws(EventStoreError) -> [UInt8]? {
        try connection.read("read a circle key") { database in
            try database.row(
                """
                SELECT wrapped FROM circle_keys
                WHERE origin = ? AND stream = ? AND label = ? AND epoch = ?
                """,
                [origin.text, stream.blob, label.text, epoch.blob]
            ).map { try $0.bytes(0) }
        }
    }
}
