public import TallystickPrimitives

/// The identity of one imported row: its file and its place there.
///
/// Identifiers are derived from it, so that a second import of the same file adds nothing, while
/// identical rows, which are distinct incidents, stay apart. Content takes no part beyond the
/// file's hash. The agency's secret salt keeps anyone who holds the same public file from finding
/// its rows in the log.
public struct ImportKey: Hashable, Sendable {
    /// SHA-256 of the whole file.
    public let fileHash: Hash256
    /// The row's place: its first line in CSV, its number in JSON (see `ImportReader.key`).
    public let position: UInt64

    /// The key of the row at `line` (from 1) of the file with that hash.
    public init(fileHash: Hash256, line: UInt64) {
        self.fileHash = fileHash
        self.position = line
    }

    /// The stream that holds the row's history.
    /// - Precondition: `salt` has at least `ImportLimits.saltByteCount` bytes.
    public func streamID(salt: [UInt8]) -> StreamID {
        StreamID(from: derive(.stream, salt: salt))
    }

    /// The event that records the row.
    /// - Precondition: `salt` has at least `ImportLimits.saltByteCount` bytes.
    public func eventID(salt: [UInt8]) -> EventID {
        EventID(from: derive(.event, salt: salt))
    }
}

private extension ImportKey {
    enum Kind: UInt8 { case stream = 1, event = 2 }

    /// The first half of SHA-256 over label, salt, file hash, place and kind. Only the salt's
    /// length varies, so no two inputs run together.
    func derive(_ kind: Kind, salt: [UInt8]) -> DerivedBytes {
        precondition(salt.count >= ImportLimits.saltByteCount, "an import salt needs 16 bytes")
        let place = stride(from: 56, through: 0, by: -8).map { shift in
            UInt8(truncatingIfNeeded: position >> UInt64(shift))
        }
        let label = Array("tallystick/import/v1".utf8)
        let hash = Hash256(hashing: label, salt, fileHash.bytes, place, [kind.rawValue])
        return DerivedBytes(hash: hash)
    }
}

/// Gives out the start of a hash: unpredictable only to whoever lacks the salt.
private struct DerivedBytes: Entropy {
    let hash: Hash256

    func bytes(count: Int) -> [UInt8] { Array(hash.bytes.prefix(count)) }
}
