import Casework
import TallystickPrimitives

/// This agency's own stream for each case, found from either side: a log has many entries in streams without a case.
struct OwnStreams: Hashable, Sendable {
    private var streams: [CaseReference: StreamID] = [:]
    private var cases: [StreamID: Set<CaseReference>] = [:]

    /// The stream of a case.
    subscript(reference: CaseReference) -> StreamID? { streams[reference] }

    /// A case of each stream: the first by its reference, where it has several.
    var firstCases: [StreamID: CaseReference] { cases.compactMapValues { $0.min() } }

    /// Gives a case its stream, in place of the one it had.
    mutating func set(_ stream: StreamID, for reference: CaseReference) {
        forget(reference)
        streams[reference] = stream
        cases[stream, default: []].insert(reference)
    }

    /// Forgets a stream, with every case that has it.
    mutating func forget(_ stream: StreamID) {
        for reference in cases.removeValue(forKey: stream) ?? [] { streams[reference] = nil }
    }

    /// Forgets the stream of a case.
    mutating func forget(_ reference: CaseReference) {
        guard let stream = streams.removeValue(forKey: reference) else { return }
        cases[stream]?.remove(reference)
        if cases[stream]?.isEmpty == true { cases[stream] = nil }
    }
}
