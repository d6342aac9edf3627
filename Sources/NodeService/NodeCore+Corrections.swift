import Casework
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import Sealing
import SharingProtocols
import TallystickPrimitives

/// Saying of an entry that it is wrong, or contested, and telling everybody who was given it (UK GDPR Art 19, PRACTICE P14,
/// decision 0022).
extension NodeCore {
    /// What the circle of a correction can read.
    static let correctionLabels: [Label] = [.record, .correction]

    /// Corrects or disputes an entry; everybody who was ever given it, by circle or by share, is told in the same act.
    func correct(_ form: CorrectionForm) async throws -> CorrectionMade {
        try await turns.alone(on: "correction") {
            guard let entry = EventID(hex: form.entry), let known = try views.entry(entry),
                let author = AgencyCode(known.agency)
            else { throw NodeProblem.unknownCorrected(form.entry) }
            guard let kind = CorrectionKind(rawValue: form.kind) else {
                throw NodeProblem.bad("kind", CorrectionKind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            let replacedBy = try form.replacedBy.map { text in
                guard let id = EventID(hex: text), try views.entry(id) != nil else {
                    throw NodeProblem.unknownCorrected(text)
                }
                return id
            }
            let correction = EntryCorrection(entry: entry, kind: kind, words: form.words, replacedBy: replacedBy)
            let events: [DisclosureEvent]
            do throws(DisclosureRefusal) { events = try decide(correction, of: author, as: agency) } catch {
                throw NodeProblem.refused(error)
            }
            let id = try await record(events, about: entry, by: form.officer)
            var made = CorrectionMade(correction: id.hex, told: [], notTold: [:])
            if let own = try views.ownCorrections().first(where: { $0.id == id }) {
                (made.told, made.notTold) = try await tell(own)
            }
            return made
        }
    }

    /// The entry that says it, at home; what tells others is made from it.
    private func record(_ events: [DisclosureEvent], about entry: EventID, by officer: String) async throws -> EventID {
        let stream = StreamID(from: entropy)
        let id = EventID(from: entropy)
        let (opening, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
        let drafts = try events.map { event in
            try recorder.draft(
                event.fields(
                    actor: officer, happenedAt: time.now().description, case: try views.reference(of: entry),
                    derivedFrom: [entry]),
                event: id, stream: stream, circle: circle, decision: nil)
        }
        try await append([opening] + drafts, opening: circle)
        return id
    }

    /// Tells whoever was given something since that was corrected before, or could not be told then.
    func tellOwedCorrections() async throws {
        guard owesCorrections, certainty.mayAppend else { return }
        owesCorrections = false
        do {
            _ = try await turns.alone(on: "correction") {
                for own in try views.ownCorrections() { _ = try await tell(own) }
            }
        } catch {
            owesCorrections = true
            throw error
        }
        // Telling opens circles too, and gives nobody anything that could have been corrected.
        owesCorrections = false
    }

    /// Tells each agency that was given the entry and has not been told.
    ///
    /// - Returns: who is told by now, and who cannot be and why.
    private func tell(_ own: OwnCorrection) async throws -> (told: [String], notTold: [String: String]) {
        var recipients: Set<AgencyCode> = []
        if own.author == agency, let index = try store.recorded([own.correction.entry])[own.correction.entry],
            let placed = try store.readLog(from: index, limit: 1).first
        {
            recipients = Set(try given(of: placed).keys)
        } else if let author = own.author, author != agency {
            recipients = [author]
        }
        var notTold: [String: String] = [:]
        var told = own.told
        for recipient in recipients.subtracting(told).sorted() {
            guard roster.parties[recipient]?.isEnrolled(at: time.now()) == true else {
                notTold[recipient.text] = "it is not enrolled any more: write to them"
                continue
            }
            guard try await tell(own, to: recipient) else {
                notTold[recipient.text] =
                    "it has no key in force: telephone them; they are told as soon as they have one"
                continue
            }
            told.insert(recipient)
        }
        return (told.map(\.text).sorted(), notTold)
    }

    private func tell(_ own: OwnCorrection, to recipient: AgencyCode) async throws -> Bool {
        let codes = NodeCore.recallCodes
        let everybody = Dictionary(uniqueKeysWithValues: NodeCore.correctionLabels.map { ($0, Set([recipient])) })
        let stream = StreamID(from: entropy)
        let new = try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: [agency, recipient], recipients: everybody,
            sequence: 0, decision: codes, reason: "correction", roster: roster, basis: follower.size, now: time.now())
        guard new.withoutKey.isEmpty else { return false }
        let notice = DisclosureEvent.entryCorrected(own.correction.told(by: own.id))
        let draft = try recorder.draft(
            notice.fields(
                actor: nil, happenedAt: time.now().description, case: own.reference, derivedFrom: [own.correction.entry]
            ),
            event: EventID(from: entropy), stream: stream, circle: new.circle, decision: codes)
        try await append([new.draft, draft], opening: new.circle)
        return true
    }
}
