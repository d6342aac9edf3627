import EventLogs
import SQLiteStore
import TallystickPrimitives
import TransparencyLog

/// What a witness has cosigned, as its file says.
public struct WitnessReport: Codable, Hashable, Sendable {
    /// One log.
    public struct Log: Codable, Hashable, Sendable {
        /// The log.
        public let log: String
        /// Up to which size it was cosigned.
        public let size: UInt64
    }

    /// How far each log was cosigned.
    public let logs: [Log]
    /// The logs that have told two stories.
    public let twoStories: [String]

    /// Reads a witness's directory; it may be at work.
    public init(of directory: String) throws {
        let store = try WitnessStore.open(in: directory)
        logs = try store.cosigned().sorted { $0.key < $1.key }.map { origin, head in
            Log(log: origin.text, size: head.claimed.size.value)
        }
        twoStories = try store.evidence().keys.sorted().map(\.text)
    }
}
