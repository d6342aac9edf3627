import Casework
import Disclosures
import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import Partnership
import Replication
import SQLiteStore
import Sealing
import TallystickPrimitives

/// Asking every holder about an erasure, and answering who asks (PRACTICE P11, decision 0030).
extension NodeCore {
    /// Does what the book of holds and erasures owes others. Each part may be done again: what was said is in the log.
    func meetErasureDuties() async throws {
        guard owesErasureDuties, certainty.mayAppend else { return }
        owesErasureDuties = false
        do {
            try hideAgain()
            try await turns.alone(on: "hold") { try await passHoldsOn() }
            try await turns.alone(on: "erasure") {
                try await askHolders()
                try await withdrawQuestions()
                try await tellReplies()
            }
        } catch {
            owesErasureDuties = true
            throw error
        }
    }

    /// Asks every holder of own streams that two people have approved to destroy.
    private func askHolders() async throws {
        var drafts: [StatementDraft] = []
        for state in book.erasures.states.values where state.isApproved {
            guard let due = state.due else { continue }
            // Of a stream of which only what says something again goes, the others keep what they were given: that is
            // withdrawn from them.
            let own = Set(
                state.proposal.places.filter { $0.stream.origin == origin && $0.entries == nil }.map(\.stream))
            guard !own.isEmpty, own.contains(where: { !book.erasures.isTold($0, in: state) }) else { continue }
            for (holder, theirs) in try holders(of: own) where isEnrolled(holder) {
                // What was asked before this was approved was about less, and its answer is no answer to this.
                let missing = theirs.filter { newestQuestion(to: holder, about: $0, in: state) == nil }.map(\.stream)
                for start in stride(from: 0, to: missing.count, by: Limits.heldStreamCount) {
                    let part = Array(missing[start..<min(missing.count, start + Limits.heldStreamCount)])
                    drafts += erasureDrafts(.asked(streams: part.sorted(), due: due), to: holder)
                }
            }
        }
        if !drafts.isEmpty { try await append(drafts) }
    }

    /// Withdraws the questions about what was brought back.
    private func withdrawQuestions() async throws {
        let wanted = Set(book.erasures.approved.filter { $0.origin == origin }.map(\.stream))
        var drafts: [StatementDraft] = []
        for (key, question) in book.erasures.questions {
            guard let asked = question.asked, !question.isWithdrawn, isEnrolled(asked),
                wanted.isDisjoint(with: question.streams)
            else { continue }
            drafts += erasureDrafts(.withdrawn(question: key.event), to: asked)
        }
        if !drafts.isEmpty { try await append(drafts) }
    }

    /// Tells who asked that two people here have approved to destroy it too.
    private func tellReplies() async throws {
        for state in book.erasures.states.values {
            guard state.isApproved, let key = state.proposal.question,
                let question = book.erasures.questions[key], !question.isWithdrawn,
                reply(to: key)?.reply != .willErase
            else { continue }
            try await reply(.willErase, to: key)
        }
    }

    /// What was answered to a question, by whoever was asked: this agency where another asked, else the agency that it asked.
    /// What anybody else says counts for nothing.
    func reply(to key: EventAddress) -> (reply: ErasureReply, at: Timestamp)? {
        guard let question = book.erasures.questions[key] else { return nil }
        let answerers = key.origin == origin ? question.asked.flatMap { roster.parties[$0]?.origins } : ownLogs
        return answerers?.reversed().lazy.compactMap { question.replies[$0] }.first
    }

    private func reply(_ reply: ErasureReply, to key: EventAddress) async throws {
        guard let asker = roster.party(of: key.origin)?.code else { throw NodeProblem.unknownQuestion }
        try await append(erasureDrafts(.answered(question: key.event, reply), to: asker))
    }

    private func erasureDrafts(_ control: EraseControl, to other: AgencyCode?) -> [StatementDraft] {
        let stream = StreamID(from: entropy)
        let opening = duo(with: other, in: stream, reason: "erasure").draft
        return [
            opening,
            StatementDraft(
                eventID: EventID(from: entropy), stream: stream, expectedVersion: .any, control: .erase(control)),
        ]
    }

    /// The drafts that say that streams of one log are destroyed next.
    func beginningDrafts(_ streams: [StreamAddress]) -> [StatementDraft] {
        Dictionary(grouping: streams, by: \.origin).sorted { $0.key < $1.key }.flatMap { origin, group in
            let ids = group.map(\.stream).sorted()
            return stride(from: 0, to: ids.count, by: Limits.heldStreamCount).flatMap { start in
                let part = Array(ids[start..<min(ids.count, start + Limits.heldStreamCount)])
                return erasureDrafts(.begun(HeldStreams(origin: origin, streams: part)), to: nil)
            }
        }
    }

    /// Answers a question of another agency: destroy (which proposes it here), keep because of a law, or nothing is held.
    func answer(_ form: ErasureAnswerForm) async throws -> ErasureMade {
        try await turns.alone(on: "erasure") {
            let (key, question) = try question(form.question)
            // Who kept it, or had nothing then, may say something else later; who destroys it has no more to say.
            guard !question.isWithdrawn, reply(to: key)?.reply != .willErase else {
                throw NodeProblem.refused(DisclosureRefusal.questionOver)
            }
            let streams = question.streams.map { StreamAddress(origin: key.origin, stream: $0) }
            let made = ErasureMade(erasure: "", streamCount: streams.count)
            switch form.answer {
            case "erase":
                return try await propose(
                    ErasureProposal(
                        places: try everything(of: Set(streams)), reason: .asked, by: form.officer, words: form.words,
                        question: key))
            case "keep":
                guard let until = form.until.flatMap({ Timestamp($0) ?? Timestamp("\($0)T00:00:00Z") }) else {
                    throw NodeProblem.bad("until", "a day such as 2032-06-30")
                }
                guard let law = form.law.flatMap({ ReasonCode($0) }) else {
                    throw NodeProblem.bad(
                        "law", "a short name in small letters, digits and hyphens, such as mopi-review")
                }
                do throws(DisclosureRefusal) { try decideKept(until: until, by: form.officer, at: time.now()) } catch {
                    throw NodeProblem.refused(error)
                }
                try await reply(.kept(until: Timestamp(wholeSeconds: until.wholeSeconds), law: law), to: key)
            case "nothing":
                guard try store.statements(of: Set(question.streams)).allSatisfy({ $0.statement.origin != key.origin })
                else { throw NodeProblem.holdsSomething }
                try await reply(.holdsNothing, to: key)
            default: throw NodeProblem.bad("answer", "erase, keep, nothing")
            }
            return made
        }
    }

    private func question(_ text: String) throws -> (EventAddress, ErasureBook.Question) {
        let theirs = book.erasures.questions.filter { $0.key.origin != origin }
        let id = try eventID(text, among: theirs.keys.map(\.event))
        let found = theirs.first { $0.key.event == id }
        guard let found else { throw NodeProblem.unknownQuestion }
        return (found.key, found.value)
    }

    /// The questions of other agencies, those first that wait for an answer.
    func listQuestions() -> [ErasureQuestionRow] {
        book.erasures.questions.filter { $0.key.origin != origin }.map { key, question in
            var row = ErasureQuestionRow(
                question: key.event.hex, by: roster.party(of: key.origin)?.code.text ?? key.origin.text,
                askedAt: question.at.description, due: question.due.description,
                streamCount: question.streams.count)
            row.answer = question.isWithdrawn ? "withdrawn" : reply(to: key)?.reply.code.text
            let streams = Set(question.streams.map { StreamAddress(origin: key.origin, stream: $0) })
            row.references = book.erasures.streams.filter { !$0.value.isDisjoint(with: streams) }.map(\.key.text)
                .sorted()
            row.erasure = book.erasures.states.values.first { $0.proposal.question == key && $0.stop == nil }?.id.hex
            return row
        }.sorted { ($0.answer == nil ? 0 : 1, $0.askedAt) < ($1.answer == nil ? 0 : 1, $1.askedAt) }
    }
}
