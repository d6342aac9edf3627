import Disclosures
import EventLogs
import Logging
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives

/// Destroying what two people have approved, when its quarantine is over (DESIGN §9, decision 0030).
///
/// Every step is derived from the log and the disk, so that a stop anywhere is made good at the next start: the register has
/// let it begin, the mark for the local key is set, content and keys are destroyed, the node starts again and replaces the local
/// key, and only then is it said that they are gone.
extension NodeCore {
    /// How far this agency has got with saying that it destroys a stream.
    enum Beginning: Hashable {
        /// It has not, or the register refused it because of a hold, or it was too long ago.
        case none
        /// The register has not answered.
        case waiting
        /// Nobody held it; the word counts until then.
        case accepted(until: Timestamp)
    }

    func beginning(of stream: StreamAddress, in state: ErasureState) throws -> Beginning {
        guard let begun = book.erasures.begun[stream], let approval = book.erasures.approvals[state.id],
            begun.index > approval
        else { return .none }
        guard let admission = try store.admission(of: begun.index) else { return .waiting }
        guard admission.isAccepted else { return .none }
        let until = try registeredAt(admission.registerPosition).adding(seconds: Limits.beginningSeconds)
        return time.now() < until ? .accepted(until: until) : .none
    }

    /// Whether anything of an erasure is gone, or is going: then nothing of it can be brought back.
    func hasBegun(_ state: ErasureState) throws -> Bool {
        for stream in state.proposal.streams {
            if book.erasures.isTold(stream, in: state) { return true }
            if try beginning(of: stream, in: state) != .none { return true }
        }
        let parts = try parts(of: Set(state.proposal.places)).map(\.here)
        return try parts.contains { part in
            try (!part.compartments.isEmpty || !part.grants.isEmpty) && store.isErased([part])
        }
    }

    /// Goes as far as it can with everything that is due.
    ///
    /// - Returns: how many streams were said to be destroyed.
    /// - Throws: `LocalKeyDue` when something was destroyed and the local key must be replaced before anybody is told.
    @discardableResult
    func destroyErased() async throws -> Int {
        let now = time.now()
        let due = book.erasures.states.values.filter { $0.isDue(at: now) }.sorted { $0.id < $1.id }
        guard !due.isEmpty, certainty.mayAppend else { return 0 }
        return try await turns.alone(on: "erasure") {
            var begins: [StreamAddress] = []
            var ready: [(state: ErasureState, part: DestroyedPart)] = []
            for state in due {
                var accepted: [StreamAddress: Timestamp] = [:]
                for stream in state.proposal.streams where !book.erasures.isTold(stream, in: state) {
                    switch try beginning(of: stream, in: state) {
                    case .none: if try mayBegin(stream, in: state, at: now) { begins.append(stream) }
                    case .waiting: break
                    case .accepted(let until): accepted[stream] = until
                    }
                }
                guard !accepted.isEmpty else { continue }
                let places = state.proposal.places.filter { accepted[$0.stream] != nil }
                for part in try parts(of: Set(places)) {
                    let until = accepted[part.stream] ?? now
                    guard try store.isErased([part.here]) || mayDestroy(part.stream, until: until, at: now) else {
                        continue
                    }
                    ready.append((state, part))
                }
            }
            if !begins.isEmpty { try await append(beginningDrafts(begins)) }
            guard !ready.isEmpty else { return 0 }
            guard try store.isErased(ready.map(\.part.here)) else {
                try destroy(ready.map(\.part.here))
                throw LocalKeyDue()
            }
            guard !localKeyMark.isSet else { throw LocalKeyDue() }
            for (state, part) in ready {
                try await tell(part, backupsBy: now.adding(seconds: Int64(state.backupDays) * 86_400))
            }
            return ready.count
        }
    }

    /// What the register let begin is destroyed unless a hold has been heard of since, and while there is time to say so.
    private func mayDestroy(_ stream: StreamAddress, until: Timestamp, at now: Timestamp) -> Bool {
        book.erasures.holds(on: stream).isEmpty && now < until.adding(seconds: -Limits.destroyedToldSeconds)
    }

    /// A hold that this node knows of stops it here; one that it does not know yet stops it at the register.
    private func mayBegin(_ stream: StreamAddress, in state: ErasureState, at now: Timestamp) throws -> Bool {
        guard book.erasures.holds(on: stream).isEmpty else { return false }
        // What the register refused is tried again a day later: its hold may be lifted, and is perhaps nobody's to tell us.
        if let begun = book.erasures.begun[stream], now < begun.at.adding(seconds: 86_400) { return false }
        // Every holder that can be asked has been, and the register has the question.
        let isWhole = state.proposal.places.contains { $0.stream == stream && $0.entries == nil }
        for (holder, theirs) in isWhole ? try holders(of: [stream]) : [] where isEnrolled(holder) && !theirs.isEmpty {
            guard let question = newestQuestion(to: holder, about: stream, in: state),
                try store.admission(of: question.index)?.isAccepted == true
            else {
                owesErasureDuties = true
                return false
            }
        }
        return true
    }

    /// What is destroyed of one stream: all of it here, and what of that the register knows.
    struct DestroyedPart {
        let stream: StreamAddress
        let here: ErasedParts
        let places: [ErasedControl.Place]
    }

    /// What this node has, or had and destroyed, of streams up to some entry.
    private func parts(of places: Set<ErasurePlace>) throws -> [DestroyedPart] {
        let wanted = Dictionary(grouping: places, by: \.stream)
        var compartments: [StreamAddress: [CompartmentAddress]] = [:]
        var grants: [StreamAddress: [LeafIndex]] = [:]
        var refused: Set<CompartmentAddress> = []
        for (statement, index) in try store.statements(of: Set(wanted.keys.map(\.stream))) {
            let stream = StreamAddress(origin: statement.origin, stream: statement.payload.stream)
            guard let covering = wanted[stream]?.filter({ $0.covers(index) }), !covering.isEmpty else { continue }
            let addresses = statement.payload.compartments.map {
                CompartmentAddress(origin: statement.origin, index: index, compartment: $0.id)
            }
            compartments[stream, default: []] += try store.known(addresses)
            // Who is given what stays by the grants of a stream of which the rest stays.
            let isWhole = covering.contains { $0.entries == nil }
            if isWhole, !statement.payload.grants.isEmpty { grants[stream, default: []].append(index) }
            if statement.origin == origin, try store.admission(of: index)?.isAccepted == false {
                refused.formUnion(addresses)
            }
        }
        return wanted.keys.sorted().map { stream in
            let all = compartments[stream] ?? []
            return DestroyedPart(
                stream: stream,
                here: ErasedParts(
                    origin: stream.origin, stream: stream.stream, compartments: all, grants: grants[stream] ?? []),
                places: all.filter { !refused.contains($0) }.map {
                    ErasedControl.Place(index: $0.index, compartment: $0.compartment)
                })
        }
    }

    private func destroy(_ parts: [ErasedParts]) throws {
        let streams = Set(parts.map { StreamAddress(origin: $0.origin, stream: $0.stream) })
        try localKeyMark.set()
        sealedViews.remove()
        try store.erase(parts)
        LeftoverCopies.remove(from: PartyDirectory(path: carriedFiles.directory), logger: logger)
        for name in try carriedFiles.names() {
            guard let file = try? CarryFile(decoding: carriedFiles.read(name)) else { continue }
            let brings = file.entries.contains { entry in
                (try? Statement(decoding: entry.statement.bytes)).map {
                    streams.contains(StreamAddress(origin: $0.origin, stream: $0.payload.stream))
                } ?? false
            }
            if brings { carriedFiles.remove(name) }
        }
        try showStreamsAgain(streams)
        logger.notice("Destroyed what two people approved", metadata: ["batch.events": "\(parts.count)"])
    }

    /// The newest question to a holder about a stream that is part of an erasure; an answer to an earlier one was about less.
    func newestQuestion(
        to holder: AgencyCode, about stream: StreamAddress, in state: ErasureState
    ) -> ErasureBook.Question? {
        let approval = book.erasures.approvals[state.id]
        return book.erasures.questions.values.filter { question in
            question.asked == holder && !question.isWithdrawn && question.streams.contains(stream.stream)
                && approval.map { question.index > $0 } ?? false
        }.max { $0.index < $1.index }
    }

    var localKeyMark: LocalKeyMark { LocalKeyMark(directory: carriedFiles.directory) }

    /// Says what is gone: of its own log to the register, of another's to its author.
    private func tell(_ part: DestroyedPart, backupsBy: Timestamp) async throws {
        let count = Limits.purgedCount
        let pieces = max(1, (max(part.places.count, part.here.grants.count) + count - 1) / count)
        let controls = (0..<pieces).map { piece in
            ErasedControl(
                origin: part.stream.origin, stream: part.stream.stream,
                places: Array(part.places.dropFirst(piece * count).prefix(count)),
                grants: Array(part.here.grants.dropFirst(piece * count).prefix(count)), reason: "erased",
                backupsBy: Timestamp(wholeSeconds: backupsBy.wholeSeconds))
        }.filter { !$0.places.isEmpty || !$0.grants.isEmpty }
        guard !controls.isEmpty else { return }
        if isOwnLog(part.stream.origin) {
            let stream = StreamID(from: entropy)
            let opening = duo(with: nil, in: stream, reason: "erasure").draft
            try await append(
                [opening]
                    + controls.map {
                        StatementDraft(
                            eventID: EventID(from: entropy), stream: stream, expectedVersion: .any, control: .erased($0)
                        )
                    })
            return
        }
        let author = part.stream.origin
        guard let code = roster.party(of: author)?.code else { return }
        try await turns.alone(on: ReceivedReports.turn(about: author)) {
            let opening = try openingSequence(of: reports.stream(about: author))
            try await append(
                reports.drafts(erased: controls, of: author, code: code, opening: opening, entropy: entropy))
        }
    }
}

extension ErasedParts {
    /// What a statement of this agency's own log says that it has destroyed; nil for every other.
    init?(saidBy statement: Statement) {
        guard case .erased(let erased) = statement.payload.control else { return nil }
        self.init(
            origin: erased.origin, stream: erased.stream, compartments: erased.addresses, grants: erased.grants)
    }
}

extension Limits {
    /// Seconds before a beginning ends in which nothing more is destroyed by it: a day to say what is gone.
    static let destroyedToldSeconds: Int64 = 86_400
}
