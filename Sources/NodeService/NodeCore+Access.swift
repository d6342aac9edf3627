import Casework
import EventLogs
import Foundation
import NodeInterface
import NodeProjections
import Sealing
import TallystickPrimitives

/// Every reading is recorded, sealed, in the reader's own log (PRACTICE P12): one stream a day, home compartments.
extension NodeCore {
    /// Records that somebody listed, saw, acknowledged or acted on cases; while the log may not be written, that is kept.
    ///
    /// - Parameters:
    ///   - instant: when it was, if not now.
    ///   - role: in what role, or to what end.
    func recordAccess(
        _ state: AccessState, of references: [CaseReference?], event: EventID? = nil, by officer: String,
        at instant: Timestamp? = nil, role: String? = nil
    ) async throws -> [EventID] {
        guard !references.isEmpty else { return [] }
        let isKept: Void? = try certainty.keeping(unless: \.mayAppend) {
            let reading = KeptReading(
                state: state, references: references.map { $0?.text }, event: event?.hex, officer: officer,
                role: role)
            try keepReading(Array(try JSONEncoder().encode(reading)))
        }
        guard isKept == nil else { return [] }
        return try await turns.alone(on: "access") {
            try await recordAccessAlone(
                state, of: references, event: event, by: officer, at: instant ?? time.now(), role: role)
        }
    }

    private func recordAccessAlone(
        _ state: AccessState, of references: [CaseReference?], event seen: EventID?, by officer: String,
        at instant: Timestamp, role: String?
    ) async throws -> [EventID] {
        let stream = accessStream(at: instant)
        var drafts: [StatementDraft] = []
        var circle = ownCircles[stream]
        var opened: OwnCircle?
        if circle == nil {
            let (opening, new) = recorder.ownCircle(
                of: stream, event: EventID(from: entropy), sequence: try nextSequence(of: stream))
            drafts.append(opening)
            circle = new
            opened = new
        }
        guard let circle else { return [] }
        let rotating = actor(officer, at: instant)
        for reference in references {
            let access = AccessRecord(state: state, caseReference: reference, event: seen, role: role)
            let event = CaseworkEvent.accessRecorded(access)
            drafts.append(
                try recorder.draft(
                    event.fields(actor: rotating, happenedAt: instant.description, case: nil),
                    event: EventID(from: entropy), stream: stream, circle: circle, decision: nil, control: .access))
        }
        return try await append(drafts, opening: opened)
    }

    func acknowledge(_ form: AcknowledgeForm) async throws -> Recorded {
        guard let state = AccessState(rawValue: form.state), state == .acknowledged || state == .acted else {
            throw NodeProblem.bad("state", "acknowledged or acted")
        }
        let reference = try reference(form.caseReference)
        let ids = try await recordAccess(state, of: [reference], by: form.officer)
        return Recorded(events: ids.suffix(1).map(\.hex))
    }

    /// A day's stream. Derived under the local key, so that nobody else can tell which days' streams are one agency's
    /// reading.
    private func accessStream(at now: Timestamp) -> StreamID {
        let day = CivilDate(daysSinceEpoch: Int64(now.wholeSeconds / 86_400)).description
        let bytes = opener.localKey.derived(for: .accessStream, about: day)
        guard let stream = StreamID(bytes: bytes.prefix(16)) else {
            preconditionFailure("sixteen bytes are a stream")
        }
        return stream
    }

    /// An officer's identifier rotates daily (PRACTICE P4): it joins one day's readings and no more.
    func actor(_ officer: String, at now: Timestamp) -> String {
        let day = CivilDate(daysSinceEpoch: Int64(now.wholeSeconds / 86_400)).description
        return Hex.encode(opener.localKey.derived(for: .actor, about: "\(day)/\(officer)").prefix(8))
    }
}
