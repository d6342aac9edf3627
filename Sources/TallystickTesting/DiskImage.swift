import TallystickPrimitives

/// What a directory may hold after a power loss.
public struct DiskImage: Hashable, Sendable {
    /// By name, the bytes of each file that is there.
    public private(set) var files: [String: [UInt8]] = [:]

    /// A directory with nothing in it.
    public init() {}

    /// A directory with these files.
    public init(files: [String: [UInt8]]) { self.files = files }

    /// Does to the image what was done to the disk.
    public mutating func apply(_ operation: DiskOperation) {
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

    /// By the hash of the files.
    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

/// A disk as it is between two flushes: what is settled, and what a power loss may or may not take.
public struct UnsettledDisk: Sendable {
    /// What a power loss leaves for certain.
    public private(set) var settled: DiskImage
    /// What was done since, in order.
    public private(set) var unflushed: [DiskOperation] = []

    /// Starts with what is there.
    public init(_ settled: DiskImage = DiskImage()) { self.settled = settled }

    /// Takes in what was done to the disk.
    public mutating func take(_ operation: DiskOperation) {
        switch operation {
        case .sync(let file):
            for done in unflushed where done.file == file { settled.apply(done) }
            unflushed.removeAll { $0.file == file }
        case .syncDirectory:
            while let place = unflushed.firstIndex(where: { if case .delete = $0 { true } else { false } }) {
                let deleted = unflushed[place]
                settled.apply(deleted)
                // Written before, it is gone with the file; written since, it is of a new one.
                unflushed = unflushed[..<place].filter { $0.file != deleted.file } + unflushed[(place + 1)...]
            }
        case .acknowledged: break
        default: unflushed.append(operation)
        }
    }

    /// The disk when just these of the unflushed operations reached it.
    public func image(keeping operations: [DiskOperation]) -> DiskImage {
        operations.reduce(into: settled) { $0.apply($1) }
    }
}

extension DiskOperation {
    /// The file that it was done to.
    public var file: String? {
        switch self {
        case .write(let file, _, _), .truncate(let file, _), .sync(let file), .delete(let file): file
        case .syncDirectory, .acknowledged: nil
        }
    }

    /// The first half of a write, in whole sectors; nil for what is not torn.
    public var torn: DiskOperation? {
        guard case .write(let file, let start, let bytes) = self, bytes.count > 512 else { return nil }
        return .write(file: file, at: start, bytes: Array(bytes.prefix(bytes.count / 1024 * 512)))
    }
}
