import EventLogs
public import Partnership
import Replication
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// Why an audit cannot begin.
public enum AuditRefusal: Error, Hashable, Sendable {
    /// The board has enrolled no broker, so nobody signs a register.
    case noRegister
    /// The head to go on from is of another log than this register.
    case otherRegister(Origin)
}

extension AuditRefusal: CustomStringConvertible {
    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .noRegister:
            "the partnership file enrols no broker; use the newest partnership file of the board"
        case .otherRegister(let origin):
            "the trusted head is of \(origin), which is not this register; use an earlier copy of the same register"
        }
    }
}

/// Goes through a fetched register leaf by leaf and admits every statement again by the broker's
/// own rules.
///
/// Pages are taken one at a time and let go. What stays is the state of admission, the register's
/// tree and the descriptions of accepted compartments. A damaged statement is named and passed
/// over; the replay goes on behind it.
public struct AuditReplay: Sendable {
    /// The register's log.
    let registerOrigin: Origin
    let heads: HeadNotes?
    let fetchedAt: Timestamp
    var admission: AdmissionState
    var tree = TreeLevels()
    /// The size from which on the tree is not the register's; nil while it is.
    var brokenFrom: TreeSize?
    var next: UInt64 = 0
    var pageNumber = 0
    var gapCount = 0
    /// From where on the register goes by rules that this program has not.
    var lackingFrom: UInt64?
    /// Whether a page that does not read has named the gap before the next page already.
    var isGapNamed = false
    /// Statements that stood in another's place, with their finding.
    var strays: [Hash256: AuditTally.Place] = [:]
    var logs: [Origin: AuditedLog] = [:]
    var descriptors: [CompartmentAddress: CompartmentDescriptor] = [:]
    /// Every statement's record by register position, for what a share brings again.
    var statementRecords: [UInt64: AdmissionRecord] = [:]
    /// When the register had which size.
    var times = RegisterTimes()
    /// Files of receipts taken so far.
    var receiptFileCount = 0
    /// The entries of this page that bring earlier statements again.
    var givenLater: [AuditEntry] = []
    var missing: [CompartmentAddress: MissingCompartment] = [:]
    /// Which key signed what.
    var signed = SignedPlaces()
    var tally = AuditTally()
    var coveringHead: TreeHead?
    /// The final heads that came with the pages, where some did.
    var cosigned: CosignedHeads?
    /// What shows that a log has told two stories.
    var evidence: [Equivocation] = []
    var newestAdmission: Timestamp?

    /// Starts before the register's first leaf.
    ///
    /// - Parameters:
    ///   - roster: from `Roster.bootstrap` over the board's log.
    ///   - headNotes: the bytes of the heads that came with the pages.
    ///   - fetchedAt: when the fetch ended; content that had to be dropped by then is not missed.
    public init(roster: Roster, headNotes: [UInt8], fetchedAt: Timestamp) throws(AuditRefusal) {
        guard let origin = roster.registerOrigin else { throw .noRegister }
        registerOrigin = origin
        admission = AdmissionState(roster: roster)
        heads = HeadNotes(decoding: headNotes)
        self.fetchedAt = fetchedAt
        if heads == nil { report(.headsUnreadable, log: origin, index: nil) }
    }

    /// Replays a whole bundle: while one page is judged, the next is read and checked on all cores.
    ///
    /// - Parameters:
    ///   - observer: is told of every statement.
    ///   - progress: is told after each page how many of them are done.
    /// - Throws: `AuditRefusal`, or what the source throws.
    public static func run(
        _ source: some AuditBundleSource, roster: Roster, observer: inout some AuditObserver,
        progress: (Int) -> Void = { _ in }
    ) async throws -> AuditReport {
        var replay = try AuditReplay(
            roster: roster, headNotes: try source.headNotes(), fetchedAt: source.fetchedAt)
        var page = try await AuditPage.read(0, of: source, roster: roster)
        for number in 0..<source.pageCount {
            let known = replay.admission.roster
            async let ahead = AuditPage.read(number + 1, of: source, roster: known)
            if let page { replay.take(page, observer: &observer) }
            progress(number + 1)
            page = try await ahead
        }
        for part in try source.receiptParts() { replay.take(receipts: part) }
        if let cosigned = try source.cosignedHeads() { replay.take(cosigned: cosigned) }
        return replay.finish()
    }

    /// Replays a whole bundle for its report alone.
    public static func run(
        _ source: some AuditBundleSource, roster: Roster, progress: (Int) -> Void = { _ in }
    ) async throws -> AuditReport {
        var nobody = Nobody()
        return try await run(source, roster: roster, observer: &nobody, progress: progress)
    }

    @discardableResult
    mutating func report(_ kind: AuditFinding.Kind, log: Origin, index: LeafIndex?) -> AuditTally.Place {
        tally.note(kind, of: log, at: index?.value, register: registerOrigin, roster: admission.roster)
    }

    /// A gap of the register: every log may lack statements after it, and the tree does not
    /// continue.
    mutating func noteGap() {
        gapCount += 1
        if brokenFrom == nil { brokenFrom = tree.size }
    }

    func log(_ origin: Origin) -> AuditedLog {
        logs[origin] ?? AuditedLog(claimedSize: claimedSize(of: origin))
    }

    private func claimedSize(of origin: Origin) -> TreeSize? {
        heads?.notes[origin].flatMap { try? UnverifiedTreeHead(parsing: $0).claimed.size }
    }
}

/// A described compartment that has not come; a later PURGED may say why.
struct MissingCompartment: Sendable {
    let label: Label
    let expires: Timestamp?
}

private struct Nobody: AuditObserver {
    mutating func take(_ step: AuditStep) {}
}
