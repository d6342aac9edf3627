import EventLogs
import TallystickPrimitives

/// The circles of this agency's own streams: the one accepted last, and those opened since that wait for a verdict.
///
/// Entries are sealed for the newest that is not refused. A pure fold: opened, then accepted or refused, by epoch.
struct OwnCircles: Sendable {
    /// In the order in which they were opened; only the first may have been accepted.
    private var standing: [StreamID: [OwnCircle]] = [:]

    /// The circle that entries of a stream are sealed for; nil when it has none, or none that was not refused.
    subscript(stream: StreamID) -> OwnCircle? { standing[stream]?.last }

    /// The streams with a circle.
    var streams: [StreamID] { Array(standing.keys) }

    /// A circle has been opened; its verdict is to come.
    mutating func open(_ circle: OwnCircle, in stream: StreamID) {
        standing[stream, default: []].append(circle)
    }

    /// The register accepted a circle: what was opened before it is over.
    mutating func accept(_ epoch: EpochID, in stream: StreamID) {
        guard let place = place(of: epoch, in: stream) else { return }
        standing[stream]?.removeFirst(place)
    }

    /// The register refused a circle: the stream goes on with the one before it, or with none.
    mutating func refuse(_ epoch: EpochID, in stream: StreamID) {
        guard let place = place(of: epoch, in: stream) else { return }
        standing[stream]?.remove(at: place)
        if standing[stream]?.isEmpty == true { standing[stream] = nil }
    }

    private func place(of epoch: EpochID, in stream: StreamID) -> Int? {
        standing[stream]?.firstIndex { $0.control.epoch == epoch }
    }
}
