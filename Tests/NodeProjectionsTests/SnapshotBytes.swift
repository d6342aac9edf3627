import NodeProjections
import TallystickPrimitives

extension NodeViews {
    /// The snapshot as one run of bytes: each part after its length in four bytes.
    func snapshot() throws -> [UInt8] {
        var bytes: [UInt8] = []
        try forEachSnapshotPart { part in
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: part.count >> shift)) }
            bytes += part
        }
        return bytes
    }

    /// Views from a snapshot in one run of bytes.
    convenience init(agency: AgencyCode, snapshot: [UInt8]) throws(NodeViewsError) {
        var parts: [[UInt8]] = []
        var offset = 0
        while offset < snapshot.count {
            guard offset + 4 <= snapshot.count else { throw .snapshot(at: offset) }
            let count = snapshot[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            guard count <= snapshot.count - offset - 4 else { throw .snapshot(at: offset) }
            parts.append(Array(snapshot[offset + 4..<offset + 4 + count]))
            offset += 4 + count
        }
        try self.init(agency: agency, snapshotParts: parts)
    }
}
