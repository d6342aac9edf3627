import NodeProjections
import PartyFiles
import Sealing
import TallystickPrimitives

/// The views as a sealed file, so that a restart folds only what came since. It is a convenience: without it, or when it
/// is damaged or ahead of the log, the views are rebuilt from the log.
struct SealedViews: Sendable {
    let path: String
    let agency: AgencyCode
    let localKey: LocalKey

    /// Writes the views, each part sealed in its place, and moves the file there when it is complete.
    func write(_ views: NodeViews, entropy: any Entropy) throws {
        var file: [UInt8] = []
        var number = 0
        try views.forEachSnapshotPart { part in
            let sealed = localKey.seal(part, context: context(of: number), entropy: entropy)
            for shift in [24, 16, 8, 0] { file.append(UInt8(truncatingIfNeeded: sealed.count >> shift)) }
            file += sealed
            number += 1
        }
        try PublicFile.write(file, to: path)
    }

    /// Takes the file away: what it shows may not be here any more.
    func remove() { PublicFile.remove(path) }

    /// The views as they were written; nil when there are none that can be used.
    ///
    /// - Parameter limit: the register's size as far as this node has followed it: views beyond it are of another log.
    func read(upTo limit: TreeSize) -> NodeViews? {
        guard let file = try? PublicFile.read(path, limit: Limits.snapshotByteCount) else { return nil }
        var parts: [[UInt8]] = []
        var offset = 0
        while offset < file.count {
            guard offset + 4 <= file.count else { return nil }
            let count = file[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            guard count <= file.count - offset - 4 else { return nil }
            let sealed = Array(file[offset + 4..<offset + 4 + count])
            guard let part = try? localKey.open(sealed, context: context(of: parts.count)) else { return nil }
            parts.append(part)
            offset += 4 + count
        }
        guard let views = try? NodeViews(agency: agency, snapshotParts: parts),
            let checkpoint = try? views.checkpoint(), checkpoint < limit.value
        else { return nil }
        return views
    }

    private func context(of part: Int) -> String { "tallystick/views/\(agency)/\(part)" }
}

extension Limits {
    /// Bytes in a node's sealed views: some hundred thousand cases.
    static let snapshotByteCount = 2 << 30
}
