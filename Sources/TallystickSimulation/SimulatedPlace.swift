import Foundation
import PartyFiles
import TallystickPrimitives
import TallystickTesting

/// A party's directory and the disk under it. Every start after a power loss has a directory of its own, so that
/// nothing which an earlier life still holds open reaches the later one's files.
final class SimulatedPlace {
    let party: AgencyCode
    private let root: String
    private let skipsFlushes: Bool
    private var lives = 0
    private(set) var directory: PartyDirectory
    private(set) var disk: WatchedDisk
    private var unsettled: UnsettledDisk

    /// Lays the party's files, as they were founded, below a world's directory.
    init(_ party: AgencyCode, founded: DiskImage, root: String, skipsFlushes: Bool) throws {
        self.party = party
        self.root = root
        self.skipsFlushes = skipsFlushes
        directory = PartyDirectory(path: "\(root)/\(party).0")
        disk = try SimulatedPlace.lay(founded, in: directory.path)
        unsettled = UnsettledDisk(founded)
        if skipsFlushes { disk.skipFlushes() }
    }

    /// Takes note of what was done to the disk.
    func settle() { for operation in disk.takeOperations() { unsettled.take(operation) } }

    /// The power goes, and the next life finds what the disk has: all that was flushed, and any part of the rest.
    func losePower(_ chance: Chance) throws {
        settle()
        try relay(SimulatedPlace.afterPowerLoss(unsettled, chance))
    }

    /// The process ends and the power stays: everything written is there.
    func stop() throws {
        settle()
        var image = unsettled.image(keeping: unsettled.unflushed)
        // Not a database's: nobody watches it being written.
        let views = directory.path + "/" + SimulatedPlace.keptViews
        if let bytes = FileManager.default.contents(atPath: views) {
            image = DiskImage(files: image.files.merging([SimulatedPlace.keptViews: Array(bytes)]) { $1 })
        }
        try relay(image)
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

    /// The names of files that are no database's and that a node makes and reads whole.
    static let keptViews = "views.sealed"

    private func relay(_ image: DiskImage) throws {
        lives += 1
        directory = PartyDirectory(path: "\(root)/\(party).\(lives)")
        disk = try SimulatedPlace.lay(image, in: directory.path)
        unsettled = UnsettledDisk(image)
        if skipsFlushes { disk.skipFlushes() }
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
