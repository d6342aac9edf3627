public import TallystickPrimitives

/// How many leaves a volume has.
///
/// It is one number for all logs of a partnership, and the programs know one alone (WIRE §4). Tests that must not write
/// 65,536 entries to see a volume end take another by `VolumeWidth.$inForce.withValue`, before a roster is made: from there
/// on every judge has it from the roster, and no other line of the product differs.
public struct VolumeWidth: Hashable, Sendable {
    /// The leaves of one volume; a power of two, so that a volume is one complete part of its log's tree.
    public let leafCount: UInt64

    /// The width of every volume of every log.
    public static let shipped = VolumeWidth(leafCount: Limits.volumeLeafCount)
    /// The width that a roster made now has.
    @TaskLocal public static var inForce = VolumeWidth.shipped

    private init(leafCount: UInt64) { self.leafCount = leafCount }

    /// A width; nil for a number that is no power of two from 2 on.
    public init?(_ leafCount: UInt64) {
        guard leafCount >= 2, leafCount.nonzeroBitCount == 1 else { return nil }
        self.init(leafCount: leafCount)
    }

    /// The number of the volume that a leaf is in.
    public func volume(of index: LeafIndex) -> UInt64 { index.value / leafCount }

    /// How many volumes of a log of some size are complete.
    public func completeCount(of size: TreeSize) -> UInt64 { size.value / leafCount }

    /// The leaves of a volume; nil for a number beyond every log.
    public func leaves(of number: UInt64) -> Range<UInt64>? {
        let (first, isTooLarge) = number.multipliedReportingOverflow(by: leafCount)
        let (end, isBeyond) = first.addingReportingOverflow(leafCount)
        return isTooLarge || isBeyond ? nil : first..<end
    }
}

/// A volume: an aligned run of leaves of one log, of which the bytes of the entries go together or not at all (PRACTICE P10).
public struct Volume: Hashable, Sendable, Comparable {
    /// The log.
    public let origin: Origin
    /// Its number there, from 0.
    public let number: UInt64

    /// Names a volume.
    public init(origin: Origin, number: UInt64) {
        self.origin = origin
        self.number = number
    }

    public static func < (left: Volume, right: Volume) -> Bool {
        left.origin == right.origin ? left.number < right.number : left.origin < right.origin
    }
}

extension Limits {
    /// Leaves of one volume.
    public static let volumeLeafCount: UInt64 = 65_536
}
