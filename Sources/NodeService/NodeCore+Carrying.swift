import Casework
import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives

/// What travels by file between nodes while the broker is away (docs/carry-file.md).
extension NodeCore {
    // MARK: Leaving

    /// What of this agency's log is for another one and waits for the broker, as a file for that agency.
    ///
    /// What leaves by file is as much said as what is pushed: the head that covers it is on the second store first.
    func exportCarry(_ form: CarryForm) async throws -> [UInt8] {
        guard certainty.mayAppend else { throw NodeProblem.carryUncertain }
        guard let code = AgencyCode(form.agency), code != agency, roster.parties[code]?.enrolment.party == .agency
        else {
            throw NodeProblem.noCarryRecipient(form.agency)
        }
        var stream: StreamID?
        if let text = form.stream {
            guard let named = StreamID(hex: text) else { throw NodeProblem.noStream(text) }
            stream = named
        } else if let text = form.caseReference {
            let reference = try reference(text)
            guard let own = book.ownStreams[reference] else { throw NodeProblem.nothingToCarry(code) }
            stream = own
        }
        let size = await writer.size
        let file = try await CarryGathering.file(
            for: code, stream: stream, of: OwnLogReader(store: store, origin: origin, size: size),
            without: CarryGathering.Hidden(parts: try takenBack()[code] ?? [], streams: opener.hidden),
            pendingBeyond: follower.size
        ) { [roster, agency, followed = follower.size, now = time.now()] circle in
            circle.bundle.map {
                !roster.hasLapsed($0, at: now) && roster.isInForce($0, between: agency, and: code, at: followed)
            } ?? true
        }
        _ = try await writer.headNote(at: size)
        return file.encoded
    }

    // MARK: Arriving

    /// Takes in a carry file: what stands is kept and shown as pending.
    func importCarry(_ bytes: [UInt8]) throws -> CarryAnswer {
        let file: CarryFile
        do { file = try CarryFile(decoding: bytes) } catch { throw NodeProblem.noCarryFile }
        let judged = try judge(file)
        let fresh = fresh(judged, of: file)
        if !fresh.isEmpty {
            guard try carriedFiles.names().count < NodeCore.carriedFileCount else { throw NodeProblem.carriedFull }
            try show(fresh, of: file, keptAs: try carriedFiles.keep(bytes))
        }
        let author = roster.party(of: file.origin)?.code.text ?? file.origin.text
        return CarryAnswer(agency: author, taken: fresh.count, known: file.entries.count - fresh.count)
    }

    /// Files that wait at the same time; each holds as much as one push.
    static let carriedFileCount = 64

    private func judge(_ file: CarryFile) throws -> [CarriedIn] {
        do throws(CarryFault) {
            // The register's own leaves are read once, and only where the statement itself did not come here.
            var leaves: [LeafIndex: Hash256]?
            return try follower.judge(file, now: time.now()) { [store] origin, index in
                if let received = try? store.received(origin: origin, index: index) {
                    return try? Statement(decoding: received.bytes).leafHash
                }
                let known = leaves ?? registerLeaves(of: origin, in: store)
                leaves = known
                return known[index]
            }
        } catch { throw NodeProblem.carry(error) }
    }

    /// Those that are not shown already: the same may come in two files.
    private func fresh(_ judged: [CarriedIn], of file: CarryFile) -> [CarriedIn] {
        judged.filter { entry in
            !carried.holds(CarriedStanding.Place(origin: file.origin, index: entry.index), entry.statement)
        }
    }

    /// Shows entries on top of what is admitted. Those of streams without content of their own only count for those after
    /// them.
    private func show(_ entries: [CarriedIn], of file: CarryFile, keptAs name: String) throws {
        guard let author = roster.party(of: file.origin)?.code else { return }
        var shown: [FoldedEvent] = []
        // What is taken back in the same file is not shown first.
        let recalled = entries.flatMap { opener.takenBack.take($0.statement, for: agency) }
        for entry in entries {
            let statement = entry.statement
            // A circle's keys come with it; what a share gives comes with the register.
            let keys = opener.circleKeys(in: entry.grants, of: statement)
            var opener = opener
            opener.carriedKeys = carried.keys
            let opened = opener.open(statement, at: entry.index, compartments: entry.compartments)
            carried.add(
                CarriedStanding.Waiting(
                    event: statement.eventID, leafHash: statement.leafHash,
                    reference: (try? EventCommon.decode(opened.fields))?.caseReference, file: name),
                keys: keys, at: CarriedStanding.Place(origin: file.origin, index: entry.index))
            guard !statement.payload.kind.isControl else { continue }
            shown.append(
                FoldedEvent(statement, index: entry.index, agency: author, position: nil, opened: opened))
        }
        try views.addPending(shown)
        try hide(recalled)
    }

    /// Shows what waited when the node stopped. Only what the register has goes; what cannot be shown now, because a clock
    /// is wrong or a disk does not answer, may be at the next start.
    func resumeCarried() throws {
        for name in try carriedFiles.names() {
            do {
                let file = try CarryFile(decoding: carriedFiles.read(name))
                let fresh = fresh(try judge(file), of: file)
                if fresh.isEmpty { carriedFiles.remove(name) } else { try show(fresh, of: file, keptAs: name) }
            } catch {
                carried.unshownCount += 1
                let code = (error as? ProblemDetails)?.code ?? "carry-unreadable"
                logger.warning("A file that was brought cannot be shown now", metadata: ["error.code": "\(code)"])
            }
        }
    }

    /// What the register has now waits no more: what was admitted and came has been folded in its place already, and
    /// everything else goes.
    func settleCarried(by page: FollowedPage) throws {
        guard carried.count > 0 else { return }
        let came = Set(page.statements.filter { $0.position == $0.statementPosition }.map(\.position))
        for case (let position, .verdict(let record)) in page.leaves {
            let place = CarriedStanding.Place(origin: record.origin, index: record.index)
            guard let (entry, isLastOfFile) = carried.take(place) else { continue }
            if isLastOfFile { carriedFiles.remove(entry.file) }
            if record.verdict.isAccepted, record.leafHash == entry.leafHash, came.contains(position) { continue }
            try views.dropPending(entry.event)
            carried.noteDropped()
            let code = record.leafHash == entry.leafHash ? "carry-refused" : "carry-other-story"
            logger.notice("What came by file is not what the register took", metadata: ["error.code": "\(code)"])
        }
    }
}

/// This agency's own log up to a size that it has.
private struct OwnLogReader {
    let store: NodeStore
    let origin: Origin
    let size: TreeSize
}

/// The leaf hashes that the register has of one log, by index, from this node's copy of it.
private func registerLeaves(of origin: Origin, in store: NodeStore) -> [LeafIndex: Hash256] {
    var found: [LeafIndex: Hash256] = [:]
    var next: UInt64 = 0
    while let page = try? store.registerLeaves(from: next, limit: Limits.pageStatementCount), !page.isEmpty {
        for bytes in page {
            guard case .verdict(let record)? = try? RegisterLeaf(decoding: bytes), record.origin == origin else {
                continue
            }
            found[record.index] = record.leafHash
        }
        next += UInt64(page.count)
    }
    return found
}

/// What of a log is for one other agency, gathered in the order of the log.
private struct CarryGathering {
    let recipient: AgencyCode
    let streams: Set<StreamID>
    let pending: Set<LeafIndex>
    /// What is not given by this way either.
    let hidden: Hidden
    /// What is shown to nobody, or not to the recipient.
    struct Hidden: Sendable {
        /// What was taken back from the recipient.
        let parts: Set<CompartmentID>
        /// What is to be destroyed.
        let streams: HiddenStreams
    }

    private(set) var entries: [CarryFile.Entry] = []
    private var circles: [StreamID: CircleControl] = [:]
    private var byteCount = 0
    /// Whether something of it is more than the author's own keys and agreements.
    private(set) var isWorthIt = false

    /// Gathers off the actor: people are served while a long log is read.
    @concurrent static func file(
        for code: AgencyCode, stream: StreamID?, of log: OwnLogReader, without hidden: Hidden,
        pendingBeyond followed: TreeSize,
        isInForce: @Sendable @escaping (CircleControl) -> Bool
    ) async throws -> CarryFile {
        let pending = Set(try log.store.pendingIndexes(beyond: followed))
        var streams = Set([stream].compactMap(\.self))
        if stream == nil {
            for index in pending {
                guard let placed = try log.store.readLog(from: index, limit: 1).first else { continue }
                streams.insert(placed.statement.payload.stream)
            }
        }
        var gathering = CarryGathering(
            recipient: code, streams: streams, pending: pending, hidden: hidden)
        var next = LeafIndex(0)
        while next.value < log.size.value {
            let page = try log.store.readLog(from: next, limit: Limits.pageStatementCount)
            guard let last = page.last else { break }
            for placed in page where placed.index.value < log.size.value {
                let isRefused = try log.store.admission(of: placed.index)?.isAccepted == false
                guard !isRefused, gathering.take(placed, isInForce: isInForce) else { continue }
                guard gathering.fits else { throw NodeProblem.carryTooLong }
            }
            next = LeafIndex(last.index.value + 1)
        }
        guard gathering.isWorthIt else { throw NodeProblem.nothingToCarry(code) }
        return CarryFile(recipient: code, origin: log.origin, entries: gathering.entries)
    }

    private init(
        recipient: AgencyCode, streams: Set<StreamID>, pending: Set<LeafIndex>, hidden: Hidden
    ) {
        self.hidden = hidden
        self.recipient = recipient
        self.streams = streams
        self.pending = pending
    }

    var fits: Bool { entries.count <= Limits.pageStatementCount && byteCount <= Limits.pageByteCount }

    /// Takes a statement that is for the recipient; whether it is.
    ///
    /// Of the control stream, which everybody receives, only what waits: the keys and agreements that the rest may need to
    /// be judged by.
    mutating func take(_ placed: SequencedStatement, isInForce: (CircleControl) -> Bool) -> Bool {
        let payload = placed.statement.payload
        if payload.kind.isControl {
            guard pending.contains(placed.index) else { return false }
            add(placed, compartments: placed.compartments, grants: [])
            return true
        }
        guard streams.contains(payload.stream) else { return false }
        if case .circle(let circle) = payload.control { circles[payload.stream] = circle }
        guard let circle = circles[payload.stream], circle.members.contains(recipient), isInForce(circle) else {
            return false
        }
        // What two people have approved to destroy stays here, and with it whatever would open it.
        let isHidden = hidden.streams.contains(placed.statement, at: placed.index)
        let due = payload.compartments.filter { part in
            guard !isHidden, case .epoch(circle.epoch) = part.reader, !hidden.parts.contains(part.id) else {
                return false
            }
            return circle.recipients(of: part.label).contains(recipient)
        }
        add(
            placed, compartments: placed.compartments.filter { part in due.contains { $0.id == part.id } },
            grants: isHidden ? [] : placed.grants.filter { (try? DirectGrant(decoding: $0))?.recipient == recipient })
        if !isHidden { isWorthIt = true }
        return true
    }

    private mutating func add(_ placed: SequencedStatement, compartments: [CarriedCompartment], grants: [[UInt8]]) {
        let statement = CarriedStatement(bytes: placed.statement.bytes, compartments: compartments, grants: grants)
        entries.append(CarryFile.Entry(index: placed.index, statement: statement))
        byteCount += statement.byteCount
    }
}
