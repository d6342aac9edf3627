import Disclosures
import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import TransparencyLog

/// Volumes of the own log (PRACTICE P10, decision 0039): two people propose, after thirty days the register is asked, the
/// board lets it go, and every node destroys what it has.
///
/// What two people decide is an erasure like any other; it names the volume by the beginning of its root, where it would
/// name a stream.
extension NodeCore {
    private var width: VolumeWidth { roster.volumes.width }

    private func root(of number: UInt64) throws -> Hash256 {
        try store.node(NodeCoordinate(level: UInt8(width.leafCount.trailingZeroBitCount), index: number))
    }

    private func mark(of root: Hash256) -> StreamAddress? {
        StreamID(bytes: root.bytes.prefix(16)).map { StreamAddress(origin: origin, stream: $0) }
    }

    /// The complete volumes of the own log that have entries still, by what an erasure names each by.
    private func marks() async throws -> [StreamAddress: UInt64] {
        var found: [StreamAddress: UInt64] = [:]
        for number in 0..<width.completeCount(of: await writer.size)
        where roster.volumes.records[Volume(origin: origin, number: number)] == nil {
            if let mark = mark(of: try root(of: number)) { found[mark] = number }
        }
        return found
    }

    // MARK: What people see and do

    /// The complete volumes, with what is in the way of each.
    func listVolumes() async throws -> [VolumeRow] {
        let now = time.now()
        let survey = try survey()
        var rows: [VolumeRow] = []
        for number in 0..<width.completeCount(of: await writer.size) {
            let root = try root(of: number)
            let volume = Volume(origin: origin, number: number)
            var row = VolumeRow(
                volume: number, size: width.leafCount, root: root.hex, standing: "kept", log: origin.text)
            row.proposal = roster.volumes.proposals[volume]?.event.hex
            if let record = roster.volumes.records[volume] {
                row.standing = "destroyed"
                row.act = record.act.hex
                row.decidedAt = record.decision.decidedAt.description
            } else {
                row.obstacles = try obstacles(to: number, in: survey, at: now).map(\.rawValue)
                if let state = mark(of: root).flatMap({ erasure(of: $0) }) {
                    row.erasure = state.id.hex
                    row.due = state.due?.description
                    row.standing = standing(of: state, proposal: row.proposal, at: now)
                }
            }
            rows.append(row)
        }
        return rows
    }

    private func erasure(of mark: StreamAddress) -> ErasureState? {
        book.erasures.states.values.filter { $0.proposal.streams == [mark] && $0.stop == nil }
            .max { ($0.proposedAt, $0.id) < ($1.proposedAt, $1.id) }
    }

    private func standing(of state: ErasureState, proposal: String?, at now: Timestamp) -> String {
        if proposal != nil { return "board" }
        if state.isDue(at: now) { return "asking" }
        return state.isApproved ? "quarantine" : "proposed"
    }

    /// Proposes to destroy a volume; two approve it as they approve an erasure.
    func propose(_ form: VolumeForm) async throws -> ErasureMade {
        try await turns.alone(on: "erasure") {
            guard form.volume < width.completeCount(of: await writer.size) else {
                throw NodeProblem.volumeIncomplete(form.volume, size: width.leafCount)
            }
            guard roster.volumes.records[Volume(origin: origin, number: form.volume)] == nil else {
                throw NodeProblem.volumeGone(form.volume)
            }
            let found = try obstacles(to: form.volume, in: survey(), at: time.now())
            guard found.isEmpty else { throw NodeProblem.volumeKept(form.volume, found) }
            guard let mark = mark(of: try root(of: form.volume)), let last = width.leaves(of: form.volume)?.last else {
                throw NodeProblem.notFound
            }
            let place = ErasurePlace(stream: mark, through: LeafIndex(last))
            return try await propose(
                ErasureProposal(places: [place], reason: .retention, by: form.officer, words: form.words))
        }
    }

    private func survey() throws -> VolumeSurvey {
        var survey = VolumeSurvey(width: width)
        var next = LeafIndex(0)
        while true {
            let page = try store.readLog(from: next, limit: Limits.pageStatementCount)
            guard let last = page.last else { return survey }
            for placed in page { survey.take(placed.statement, at: placed.index) }
            next = LeafIndex(last.index.value + 1)
        }
    }

    private func obstacles(
        to number: UInt64, in survey: VolumeSurvey, at now: Timestamp
    ) throws -> [VolumeObstacle] {
        let standing = Set(book.erasures.holds.keys.filter { $0.origin == origin }.map(\.event))
        let asked = book.erasures.questions.filter { $0.value.asked != nil && !$0.value.isWithdrawn }
        return survey.obstacles(to: number, standing: standing, at: now) { stream, facts in
            let named = StreamAddress(origin: origin, stream: stream)
            facts.isHeld = !book.erasures.holds(on: named).isEmpty
            facts.isErased = book.erasures.told[named] != nil
            facts.isKept = asked.contains { key, question in
                guard question.streams.contains(stream) else { return false }
                guard let reply = reply(to: key)?.reply else { return true }
                if case .kept(let until, _) = reply { return until > now }
                return false
            }
        }
    }

    // MARK: What the node does by itself

    /// Asks the register about a volume that two people approved and that nobody brought back for thirty days.
    ///
    /// - Returns: whether the erasure is about a volume, so that there is nothing else to do about it.
    func askAboutVolume(_ state: ErasureState, at now: Timestamp) async throws -> Bool {
        guard state.proposal.streams.count == 1, let mark = state.proposal.streams.first, mark.origin == origin else {
            return false
        }
        guard let number = try await marks()[mark] else {
            return try roster.volumes.records.keys.contains { volume in
                volume.origin == origin ? try self.mark(of: root(of: volume.number)) == mark : false
            }
        }
        let volume = Volume(origin: origin, number: number)
        guard roster.volumes.proposals[volume] == nil else { return true }
        // What the register refused is tried again a day later: what stood in the way may be gone.
        if let asked = volumeWork.asked[number], now < asked.adding(seconds: 86_400) { return true }
        volumeWork.asked[number] = now
        guard try obstacles(to: number, in: survey(), at: now).isEmpty else { return true }
        let facts = VolumeFacts(
            number: number, size: width.leafCount, root: try root(of: number),
            reason: ReasonCode(state.proposal.reason.rawValue) ?? "retention")
        try await append([
            StatementDraft(
                eventID: EventID(from: entropy), stream: .control, expectedVersion: .any,
                control: .destroyProposed(facts))
        ])
        return true
    }

    /// Destroys what this node has of volumes that the board let go, its own and others'.
    ///
    /// - Throws: `LocalKeyDue` when something was destroyed: the node starts again, with a new local key and without a trace
    ///   of it in its memory.
    func destroyVolumes() throws {
        let records = roster.volumes.records
        guard records.count > volumeWork.away.count else { return }
        var due: [VolumeLeaves] = []
        for (volume, record) in records where !volumeWork.away.contains(volume) {
            guard let leaves = record.decision.leaves else { continue }
            if try store.isDestroyed(leaves, isOwn: volume.origin == origin) {
                volumeWork.away.insert(volume)
            } else {
                due.append(leaves)
            }
        }
        guard !due.isEmpty else { return }
        try localKeyMark.set()
        sealedViews.remove()
        for leaves in due { try store.destroy(leaves, isOwn: leaves.origin == origin) }
        LeftoverCopies.remove(from: PartyDirectory(path: carriedFiles.directory), logger: logger)
        for name in try carriedFiles.names() {
            guard let file = try? CarryFile(decoding: carriedFiles.read(name)) else { continue }
            let brings = file.entries.contains { roster.volumes.record(of: file.origin, at: $0.index) != nil }
            if brings { carriedFiles.remove(name) }
        }
        logger.notice("Destroyed what the board let go", metadata: ["batch.events": "\(due.count)"])
        throw LocalKeyDue()
    }
}

/// What a node remembers of its work on volumes while it runs.
struct VolumeWork: Sendable {
    /// Those of which nothing is here any more.
    var away: Set<Volume> = []
    /// When the register was asked last about an own one.
    var asked: [UInt64: Timestamp] = [:]
}
