import Casework
import DeterministicCBOR
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
            guard let entry = try eventID(form.entry), let known = try views.entry(entry),
                let author = AgencyCode(known.agency)
            else { throw NodeProblem.unknownCorrected(form.entry) }
            guard let kind = CorrectionKind(rawValue: form.kind) else {
                throw NodeProblem.bad("kind", CorrectionKind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            let replacedBy = try form.replacedBy.map { text in
                guard let id = try eventID(text), try views.entry(id) != nil else {
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
    private func record(
        _ events: [DisclosureEvent], about entry: EventID, by officer: String?
    ) async throws -> EventID {
        let ids = try await keepAtHome(
            events, by: officer, about: try views.reference(of: entry), derivedFrom: [entry])
        return ids.last ?? EventID(from: entropy)
    }

    /// Tells whoever was given something since that was corrected before, or could not be told then.
    func tellOwedCorrections() async throws {
        guard owesCorrections, certainty.mayAppend else { return }
        owesCorrections = false
        do {
            _ = try await turns.alone(on: "correction") {
                try await passOnCorrections()
                for own in try views.ownCorrections() { _ = try await tell(own) }
            }
        } catch {
            owesCorrections = true
            throw error
        }
        // Telling opens circles too, and gives nobody anything that could have been corrected.
        owesCorrections = false
    }

    /// What another agency said of an entry of its own is said of what this one made from it, so that it reaches whoever has
    /// that.
    private func passOnCorrections() async throws {
        for passed in try views.correctionsToPassOn() {
            let correction = EntryCorrection(
                entry: passed.copy, kind: passed.kind, words: passed.words, follows: passed.id)
            _ = try await record([.entryCorrected(correction)], about: passed.copy, by: nil)
        }
    }

    /// Tells each agency that was given the entry, or one that says it again, and has not been told of that.
    ///
    /// - Returns: who is told by now, and who cannot be and why.
    private func tell(_ own: OwnCorrection) async throws -> (told: [String], notTold: [String: String]) {
        var wanted: [AgencyCode: [EventID]] = [:]
        if own.author == agency {
            for entry in try placedFamily(of: own.correction.entry) {
                for recipient in try given(of: [entry], recallsOnly: true).keys {
                    wanted[recipient, default: []].append(entry.event)
                }
            }
        } else if let author = own.author {
            wanted[author] = [own.correction.entry]
        }
        var notTold: [String: String] = [:]
        var told = Set(own.told.keys)
        for (recipient, entries) in wanted.sorted(by: { $0.key < $1.key }) {
            let missing = entries.filter { own.told[recipient]?.contains($0) != true }
            guard !missing.isEmpty else { continue }
            guard roster.parties[recipient]?.isEnrolled(at: time.now()) == true else {
                notTold[recipient.text] = "it is not enrolled any more: write to them"
                continue
            }
            guard try await tell(own, of: missing, to: recipient) else {
                notTold[recipient.text] =
                    "it has no key in force: telephone them; they are told as soon as they have one"
                continue
            }
            told.insert(recipient)
        }
        return (told.map(\.text).sorted(), notTold)
    }

    private func tell(_ own: OwnCorrection, of entries: [EventID], to recipient: AgencyCode) async throws -> Bool {
        let codes = NodeCore.recallCodes
        let everybody = Dictionary(uniqueKeysWithValues: NodeCore.correctionLabels.map { ($0, Set([recipient])) })
        let stream = StreamID(from: entropy)
        let new = try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: [agency, recipient], recipients: everybody,
            sequence: 0, decision: codes, reason: "correction", roster: roster, basis: follower.size, now: time.now())
        guard new.withoutKey.isEmpty else { return false }
        let drafts = try entries.map { entry in
            try recorder.draft(
                DisclosureEvent.entryCorrected(own.correction.told(by: own.id, of: entry)).fields(
                    actor: nil, happenedAt: time.now().description, case: own.reference, derivedFrom: [entry]),
                event: EventID(from: entropy), stream: stream, circle: new.circle, decision: codes)
        }
        try await append([new.draft] + drafts, opening: new.circle)
        return true
    }

    /// What another agency's entry makes due: its correction is to be passed on, its answer too, and whoever could not be told
    /// for want of a key has one now.
    func noteOwed(by statement: Statement, _ fields: EventFields) {
        if statement.payload.kind == .keyset {
            (owesCorrections, owesRecallAnswers, owesWithdrawals) = (true, true, true)
        }
        switch fields[.record]?["event-type"] {
        case .text("entry-corrected"): owesCorrections = true
        case .text("withdrawal-answered"): owesWithdrawals = true
        default: break
        }
    }
}
