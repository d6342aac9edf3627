import TallystickPrimitives
import TallystickTesting

/// What a directory may hold after a power loss.
struct DiskImage: Hashable {
    /// By name, the bytes of each file that is there.
    private(set) var files: [String: [UInt8]] = [:]

    /// Does to the image what was done to the disk.
    mutating func apply(_ operation: DiskOperation) {
        switch operation {
        case .write(let file, let start, let bytes):
            var content = files.removeValue(forKey: file) ?? []
            let end = start + bytes.count
            if content.count < end { content += [UInt8](repeating: 0, count: end - content.count) }
            content.withUnsafeMutableBytes { $0[start..<end].copyBytes(from: bytes) }
            files[file] = content
        case .truncate(let file, let size):
            guard let content = files[file] else { return }
            files[file] = Array(content.prefix(size)) + [UInt8](repeating: 0, count: max(0, size - content.count))
        case .delete(let file): files[file] = nil
        case .sync, .syncDirectory, .acknowledged: break
        }
    }

    /// Images with the same files are the same; the hash of the files says so quickly.
    private var fingerprint: Hash256 {
        Hash256(hashing: files.sorted { $0.key < $1.key }.flatMap { [Hash256(hashing: $0.value)] }.flatMap(\.bytes))
    }

    func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

/// Every way in which a recorded disk may look when the power goes.
///
/// What was synced is there. Of what was written and not synced, any part may be there, in any order: sectors of 512
/// bytes are whole or absent. All subsets are too many; taken are all, none, each write missing, each write alone, and the
/// last write torn.
struct PowerLoss {
    /// One moment at which the power goes.
    struct Moment {
        /// How many operations had been done.
        let operationCount: Int
        /// How many statements had been acknowledged.
        let acknowledged: UInt64
        let images: Set<DiskImage>
    }

    private let operations: [DiskOperation]

    init(_ operations: [DiskOperation]) { self.operations = operations }

    /// Whether what was done to a file includes a sync of it.
    static func isSync(_ operation: DiskOperation, of name: String) -> Bool {
        if case .sync(let file) = operation { file == name } else { false }
    }

    /// The moments from the first acknowledgement on.
    func moments() -> [Moment] {
        var moments: [Moment] = []
        var synced = DiskImage()
        var open: [DiskOperation] = []
        var acknowledged: UInt64?
        for (place, operation) in operations.enumerated() {
            if case .sync = operation, let acknowledged {
                // Just before everything is settled is when most is unsettled.
                let images = (oneMissing(open.indices) + oneAlone(open.indices)).map { kept in
                    apply(kept.map { open[$0] }, to: synced)
                }
                moments.append(Moment(operationCount: place, acknowledged: acknowledged, images: Set(images)))
            }
            switch operation {
            case .sync(let file):
                for done in open where PowerLoss.file(of: done) == file { synced.apply(done) }
                open.removeAll { PowerLoss.file(of: $0) == file }
            case .syncDirectory:
                while let place = open.firstIndex(where: { if case .delete = $0 { true } else { false } }) {
                    let deleted = open[place]
                    synced.apply(deleted)
                    // Written before, it is gone with the file; written since, it is of a new one.
                    let file = PowerLoss.file(of: deleted)
                    open = open[..<place].filter { PowerLoss.file(of: $0) != file } + open[(place + 1)...]
                }
            case .acknowledged(let count): acknowledged = count
            default: open.append(operation)
            }
            guard let acknowledged else { continue }
            var images: Set = [synced, apply(open, to: synced)]
            if let last = open.last, let torn = PowerLoss.torn(last) {
                images.insert(apply(open.dropLast() + [torn], to: synced))
            }
            moments.append(Moment(operationCount: place + 1, acknowledged: acknowledged, images: images))
        }
        return moments
    }

    private func oneMissing(_ places: Range<Int>) -> [[Int]] {
        places.map { missing in places.filter { $0 != missing } }
    }

    private func oneAlone(_ places: Range<Int>) -> [[Int]] { places.map { [$0] } }

    private func apply(_ operations: [DiskOperation], to image: DiskImage) -> DiskImage {
        operations.reduce(into: image) { $0.apply($1) }
    }

    private static func file(of operation: DiskOperation) -> String? {
        switch operation {
        case .write(let file, _, _), .truncate(let file, _), .sync(let file), .delete(let file): file
        case .syncDirectory, .acknowledged: nil
        }
    }

    /// The first half of a write, in whole sectors.
    private static func torn(_ operation: DiskOperation) -> DiskOperation? {
        guard case .write(let file, let start, let bytes) = operation, bytes.count > 512 else { return nil }
        return .write(file: file, at: start, bytes: Array(bytes.prefix(bytes.count / 1024 * 512)))
    }
}
