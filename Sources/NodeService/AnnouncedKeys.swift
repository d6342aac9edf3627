import EventLogs
import PartyFiles
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// Every key that a node's log has announced, for whoever must name one. It needs no key and changes nothing.
public struct AnnouncedKeys: Sendable {
    /// One key.
    public struct Key: Hashable, Codable, Sendable {
        /// What it is for.
        public let role: String
        /// Its identifier, 64 hexadecimal digits.
        public let keyID: String
        /// The entry of the log that announced it first.
        public let announcedAt: UInt64
        /// Whether it is in force, waits for the register, or was replaced.
        public let standing: String
        /// The register position from which its signatures are void.
        public let revokedFrom: UInt64?
    }

    /// The keys, those announced first above.
    public let keys: [Key]
    /// How far the register is followed.
    public let registerSize: UInt64

    /// Reads a node's directory.
    public init(in path: String) throws {
        let rootKey = try VerificationKey(bytes: try PartyDirectory(path: path).enrolment().rootKey)
        let store = try NodeStore.open(in: path)
        let sets = try OwnKeySets(store, rootKey: rootKey)
        registerSize = try store.registerHead()?.frontier.size.value ?? 0
        var seen: Set<Hash256> = []
        var keys: [Key] = []
        for set in sets.all {
            for entry in set.entries {
                guard let keyID = OwnKeySets.keyID(of: entry), seen.insert(keyID).inserted else { continue }
                keys.append(
                    Key(
                        role: entry.role.rawValue, keyID: keyID.hex, announcedAt: set.index.value,
                        standing: AnnouncedKeys.standing(of: entry, in: sets),
                        revokedFrom: sets.revoked[keyID]?.value))
            }
        }
        self.keys = keys
    }

    private static func standing(of entry: KeySetEntry, in sets: OwnKeySets) -> String {
        guard let last = sets.all.last(where: { $0.has(entry.role, entry.key) }) else { return "replaced" }
        if last.standing == .refused, sets.inForce?.has(entry.role, entry.key) != true { return "refused" }
        guard sets.inForce?.has(entry.role, entry.key) == true else { return "replaced" }
        return last.standing == .waiting ? "in force, not registered yet" : "in force"
    }
}
