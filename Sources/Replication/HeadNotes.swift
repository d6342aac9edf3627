import DeterministicCBOR
public import TallystickPrimitives
import TransparencyLog

/// The newest head notes of all logs, as the broker gave them: det({origin: note}).
public struct HeadNotes: Hashable, Sendable {
    /// The note of each log; no signature has been checked.
    public let notes: [Origin: [UInt8]]

    /// States the notes.
    public init(notes: [Origin: [UInt8]]) { self.notes = notes }

    /// The bytes.
    public var encoded: [UInt8] {
        CBOR.map(of: notes.map { (.origin($0.key), .bytes($0.value)) }).encoded
    }

    /// Decodes the bytes; nil for anything but a map from origins to notes.
    public init?(decoding bytes: [UInt8]) {
        guard let item = try? CBOR(decoding: bytes), let map = try? item.entries() else {
            return nil
        }
        var notes: [Origin: [UInt8]] = [:]
        for pair in map.pairs {
            guard let origin = try? pair.key.origin(), let note = try? pair.value.byteString()
            else { return nil }
            notes[origin] = note
        }
        self.notes = notes
    }
}
