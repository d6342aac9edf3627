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
        /// It has not, or the register refused it because of a hold.
        case none
        /// The register has not answered.
        case waiting
        /// Nobody held it.
        case accepted
    }

    func beginning(of stream: ErasureStream) throws -> Beginning {
        guard let begun = book.erasures.begun[stream] else { return .none }
        guard let admission = try store.admission(of: begun.index) else { return .waiting }
        return admission.isAccepted ? .accepted : .none
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
            var told = 0
            var begins: [ErasureStream] = []
            var destroys: [ErasureStream] = []
            for state in due {
                if try await askAboutVolume(state, at: now) { continue }
                for stream in state.proposal.streams where book.erasures.told[stream] == nil {
                    switch try beginning(of: stream) {
                    case .none: if try mayBegin(stream, in: state, at: now) { begins.append(stream) }
                    case .waiting: break
                    case .accepted: destroys.append(stream)
                    }
                }
            }
            if !begins.isEmpty { try await append(beginningDrafts(begins)) }
            guard !destroys.isEmpty else { return 0 }
            let parts = try parts(of: Set(destroys))
            guard try store.isErased(parts.map(\.here)) else {
                try destroy(parts.map(\.here), of: Set(destroys))
                throw LocalKeyDue()
            }
            guard !localKeyMark.isSet else { throw LocalKeyDue() }
            for part in parts {
                let days = due.first { $0.proposal.streams.contains(part.stream) }?.backupDays ?? Limits.backupDays
                try await tell(part, backupsBy: now.adding(seconds: Int64(days) * 86_400))
                told += 1
            }
            return told
        }
    }

    /// A hold that this node knows of stops it here; one that it does not know yet stops it at the register.
    private func mayBegin(_ stream: ErasureStream, in state: ErasureState, at now: Timestamp) throws -> Bool {
        guard book.erasures.holds(on: stream).isEmpty else { return false }
        // What the register refused is tried again a day later: its hold may be lifted, and is perhaps nobody's to tell us.
        if let begun = book.erasures.begun[stream], now < begun.at.adding(seconds: 86_400) { return false }
        // Every holder that can be asked has been, and the register has the question.
        for (holder, theirs) in try holders(of: [stream]) where isEnrolled(holder) && !theirs.isEmpty {
            let question = book.erasures.questions.values.first {
                $0.asked == holder && !$0.isWithdrawn && $0.streams.contains(stream.stream)
            }
            guard let question, try store.admission(of: question.index)?.isAccepted == true else {
                owesErasureDuties = true
                return false
            }
        }
        return true
    }

    /// What is destroyed of one stream: all of it here, and what of that the register knows.
    struct DestroyedPart {
        let stream: ErasureStream
        let here: ErasedParts
        let places: [ErasedControl.Place]
    }

    /// What this node has, or had and destroyed, of streams.
    private func parts(of streams: Set<ErasureStream>) throws -> [DestroyedPart] {
        var compartments: [ErasureStream: [CompartmentAddress]] = [:]
        var grants: [ErasureStream: [LeafIndex]] = [:]
        var refused: Set<CompartmentAddress> = []
        for (statement, index) in try store.statements(of: Set(streams.map(\.stream))) {
            let stream = ErasureStream(origin: statement.origin, stream: statement.payload.stream)
            guard streams.contains(stream) else { continue }
            let addresses = statement.payload.compartments.map {
                CompartmentAddress(origin: statement.origin, index: index, compartment: $0.id)
            }
            compartments[stream, default: []] += try store.known(addresses)
            if !statement.payload.grants.isEmpty { grants[stream, default: []].append(index) }
            if statement.origin == origin, try store.admission(of: index)?.isAccepted == false {
                refused.formUnion(addresses)
            }
        }
        return streams.sorted().map { stream in
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

    private func destroy(_ parts: [ErasedParts], of streams: Set<ErasureStream>) throws {
        try localKeyMark.set()
        sealedViews.remove()
        try store.erase(parts)
        LeftoverCopies.remove(from: PartyDirectory(path: carriedFiles.directory), logger: logger)
        for name in try carriedFiles.names() {
            guard let file = try? CarryFile(decoding: carriedFiles.read(name)) else { continue }
            let brings = file.entries.contains { entry in
                (try? Statement(decoding: entry.statement.bytes)).map {
                    streams.contains(ErasureStream(origin: $0.origin, stream: $0.payload.stream))
                } ?? false
            }
            if brings { carriedFiles.remove(name) }
        }
        try showStreamsAgain(streams)
        logger.notice("Destroyed what two people approved", metadata: ["batch.events": "\(parts.count)"])
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
        if part.stream.origin == origin {
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
