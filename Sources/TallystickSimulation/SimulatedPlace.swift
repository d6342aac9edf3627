import Foundation
import PartyFiles
import TallystickPrimitives
import TallystickTesting

/// A party's directory and the disk under it, and the second store of its log's head on a disk of its own. Every start
/// after a power loss has a directory of its own, so that nothing which an earlier life still holds open reaches the
/// later one's files.
final class SimulatedPlace {
    let party: AgencyCode
    /// The second store, which a power loss and an older copy of the directory leave as it is.
    let heads: HeadStore
    private let root: String
    private let founded: FoundedFiles
    private let skipsFlushes: Bool
    private var lives = 0
    private(set) var directory: PartyDirectory
    private(set) var disk: WatchedDisk
    private var unsettled: UnsettledDisk

    /// Lays the party's files, as they were founded, below a world's directory.
    init(_ party: AgencyCode, founded: FoundedFiles, root: String, skipsFlushes: Bool) throws {
        self.party = party
        self.root = root
        self.founded = founded
        self.skipsFlushes = skipsFlushes
        heads = HeadStore(path: "\(root)/\(party).head")
        directory = PartyDirectory(path: "\(root)/\(party).0")
        disk = try SimulatedPlace.lay(founded.directory, in: directory.path)
        if let head = founded.head { try PublicFile.write(head, to: heads.path) }
        unsettled = UnsettledDisk(founded.directory)
        if skipsFlushes { disk.skipFlushes() }
    }

    /// A copy of another's place as it is, second store and all, beside it: two machines with one key.
    init(copying other: SimulatedPlace, sharesHeads: Bool) throws {
        (party, root, founded, skipsFlushes) = (other.party, other.root, other.founded, other.skipsFlushes)
        heads = sharesHeads ? other.heads : HeadStore(path: "\(root)/\(party).copy.head")
        directory = PartyDirectory(path: "\(root)/\(party).copy")
        let image = other.copy()
        disk = try SimulatedPlace.lay(image, in: directory.path)
        unsettled = UnsettledDisk(image)
        try carryOver(from: other.directory.path)
        if !sharesHeads, let head = try other.heads.read().bytes { try PublicFile.write(head, to: heads.path) }
    }

    /// Takes note of what was done to the disk.
    func settle() { for operation in disk.takeOperations() { unsettled.take(operation) } }

    /// The power goes, and the next life finds what the disk has: all that was flushed, and any part of the rest.
    func losePower(_ chance: Chance) throws {
        settle()
        try relay(SimulatedPlace.afterPowerLoss(unsettled, chance))
    }

    /// The process ends and the power stays: everything written is there.
    func stop() throws { try relay(copy()) }

    /// The databases as they are now, as a copy of the machine has them.
    func copy() -> DiskImage {
        settle()
        return unsettled.image(keeping: unsettled.unflushed)
    }

    /// The disk is lost and an older copy of the databases put back on a new one. What was no part of the copy is gone.
    ///
    /// - Parameters:
    ///   - isMarked: whether it was put back with the command, which says so in the directory.
    ///   - keepsHeads: whether the second store was on another disk, and is still there.
    func restore(_ copy: DiskImage, isMarked: Bool, keepsHeads: Bool) throws {
        try relay(copy, isNewDisk: true)
        if isMarked { try PublicFile.write([], to: directory.restoredMark) }
        if !keepsHeads { try PublicFile.removeDurably(heads.path) }
    }

    /// Where a power loss leaves what was not flushed: any part of it, and the last write of it torn.
    static func afterPowerLoss(_ disk: UnsettledDisk, _ chance: Chance) -> DiskImage {
        var kept: [DiskOperation]
        switch chance.int(in: 0...3) {
        case 0: kept = []
        case 1: kept = disk.unflushed
        default: kept = chance.some(of: disk.unflushed)
        }
        if let torn = kept.last?.torn, chance.once(in: 2) { kept[kept.count - 1] = torn }
        return disk.image(keeping: kept)
    }

    private func relay(_ image: DiskImage, isNewDisk: Bool = false) throws {
        let former = directory.path
        lives += 1
        directory = PartyDirectory(path: "\(root)/\(party).\(lives)")
        disk = try SimulatedPlace.lay(image, in: directory.path)
        unsettled = UnsettledDisk(image)
        if skipsFlushes { disk.skipFlushes() }
        if !isNewDisk { try carryOver(from: former) }
        try FileManager.default.removeItem(atPath: former)
    }

    /// What is in no database: files that are written whole, made durable and moved into their place at once.
    private func carryOver(from former: String) throws {
        for name in try PublicFile.names(in: former) where !name.contains(".sqlite") {
            let place = "\(directory.path)/\(name)"
            guard !PublicFile.exists(place) else { continue }
            try FileManager.default.copyItem(atPath: "\(former)/\(name)", toPath: place)
        }
    }

    private static func lay(_ image: DiskImage, in path: String) throws -> WatchedDisk {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for (file, bytes) in image.files {
            let file = path + "/" + file
            guard
                FileManager.default.createFile(
                    atPath: file, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteUnknown) }
        }
        return WatchedDisk(path)
    }
}

/// A party's files as they were founded.
struct FoundedFiles: Sendable {
    let directory: DiskImage
    /// The second store of its log's head; nil for who has no log.
    let head: [UInt8]?
}
