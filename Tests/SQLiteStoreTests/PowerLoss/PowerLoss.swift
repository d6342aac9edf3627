import TallystickPrimitives
import TallystickTesting

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
        var disk = UnsettledDisk()
        var acknowledged: UInt64?
        for (place, operation) in operations.enumerated() {
            let open = disk.unflushed
            if case .sync = operation, let acknowledged {
                // Just before everything is settled is when most is unsettled.
                let images = (oneMissing(open.indices) + oneAlone(open.indices)).map { kept in
                    disk.image(keeping: kept.map { open[$0] })
                }
                moments.append(Moment(operationCount: place, acknowledged: acknowledged, images: Set(images)))
            }
            disk.take(operation)
            if case .acknowledged(let count) = operation { acknowledged = count }
            guard let acknowledged else { continue }
            var images: Set = [disk.settled, disk.image(keeping: disk.unflushed)]
            if let last = disk.unflushed.last, let torn = last.torn {
                images.insert(disk.image(keeping: disk.unflushed.dropLast() + [torn]))
            }
            moments.append(Moment(operationCount: place + 1, acknowledged: acknowledged, images: images))
        }
        return moments
    }

    private func oneMissing(_ places: Range<Int>) -> [[Int]] {
        places.map { missing in places.filter { $0 != missing } }
    }

    private func oneAlone(_ places: Range<Int>) -> [[Int]] { places.map { [$0] } }
}
