import EventLogs
import TallystickPrimitives

/// What stands in each volume of a log, read once from its beginning: which streams, and since when nothing was added to them.
struct VolumeSurvey {
    private let width: VolumeWidth
    private var streams: [UInt64: Set<StreamID>] = [:]
    private var facts: [StreamID: VolumeStreamFacts] = [:]
    /// The holds that were placed in a volume.
    private(set) var holds: [UInt64: Set<EventID>] = [:]

    init(width: VolumeWidth) { self.width = width }

    mutating func take(_ statement: Statement, at index: LeafIndex) {
        let stream = statement.payload.stream
        guard stream != .control else { return }
        let number = width.volume(of: index)
        streams[number, default: []].insert(stream)
        facts[stream, default: VolumeStreamFacts()].newestAt = statement.issuedAt
        if !statement.payload.compartments.isEmpty { facts[stream]?.hasContent = true }
        if case .hold(.placed) = statement.payload.control { holds[number, default: []].insert(statement.eventID) }
    }

    /// What stands against destroying a volume.
    ///
    /// - Parameter complete: adds what only the node knows of a stream.
    func obstacles(
        to number: UInt64, standing: Set<EventID>, at now: Timestamp,
        complete: (StreamID, inout VolumeStreamFacts) throws -> Void
    ) rethrows -> [VolumeObstacle] {
        var found: Set<VolumeObstacle> = []
        for stream in streams[number] ?? [] {
            var facts = facts[stream] ?? VolumeStreamFacts()
            try complete(stream, &facts)
            found.formUnion(facts.obstacles(at: now))
        }
        if holds[number]?.isDisjoint(with: standing) == false { found.insert(.inUse) }
        return VolumeObstacle.allCases.filter(found.contains)
    }
}
