public import EventLogs
public import Partnership
import SignedStatements
public import TallystickPrimitives
public import TransparencyLog

/// Why a page of the feed is not believed. Nothing of it has been taken in.
public enum FollowFault: Error, Hashable, Sendable {
    /// The page does not begin where the node stands.
    case notOurPosition(expected: TreeSize, found: TreeSize)
    /// A leaf that does not read.
    case leaf(position: UInt64, WireFault)
    /// The register's leaves skip or repeat an index of a log.
    case registerGap(Origin, expected: LeafIndex, found: LeafIndex)
    /// Nobody has told us who signs the register's heads.
    case registerUnknown
    /// The head's signature or form.
    case head(TreeHeadError)
    /// The head is signed by a key of the register's that was revoked for it, or whose term has ended.
    case registerKey(keyID: Hash256)
    /// The head does not cover exactly the leaves of this page and all before: two views of one register.
    case rootMismatch(size: TreeSize, ours: Hash256, theirs: Hash256)
    /// The head's size is not that of the leaves sent.
    case sizeMismatch(leaves: TreeSize, head: TreeSize)
    /// A fed statement does not read.
    case statement(position: UInt64, StatementFault)
    /// A fed statement is not the one registered at its position.
    case notRegistered(position: UInt64)
    /// From a position on the register goes by rules that this program has not.
    case rulesLacked(position: UInt64, LackedRules)
    /// A statement that does not stand by the roster, although the register says it was accepted.
    case roster(position: UInt64, RosterFault)
}

/// A statement of the feed that is the one registered, with what the register decided about it.
public struct FollowedStatement: Sendable {
    /// The register position at which it became due.
    public let position: UInt64
    /// The register's record of it.
    public let record: AdmissionRecord
    /// The register position of the statement itself.
    public let statementPosition: UInt64
    /// The statement.
    public let statement: Statement
    /// The compartments that came and are what the statement says of them.
    public let compartments: [CarriedCompartment]
    /// The grants that came and are what the statement says of them.
    public let grants: [[UInt8]]

    /// The statement alone: its place in its log and stream, and nothing of what it seals.
    var withoutContent: FollowedStatement { with(compartments: [], grants: []) }

    /// The statement with just these of its parts.
    func with(compartments: [CarriedCompartment], grants: [[UInt8]]) -> FollowedStatement {
        FollowedStatement(
            position: position, record: record, statementPosition: statementPosition, statement: statement,
            compartments: compartments, grants: grants)
    }
}

/// A page that has been checked against the register and taken in.
public struct FollowedPage: Sendable {
    /// The register's leaves with their positions.
    public let leaves: [(position: UInt64, leaf: RegisterLeaf)]
    /// The head that covers them; nil when the page brought no leaf.
    public let head: SignedTreeHead?
    /// The statements in order of position.
    public let statements: [FollowedStatement]
    /// What is wrong with what an author or the broker sent; reported in RECEIVED.
    public let findings: [ReceivedFinding]
}

/// A node's view of the register: follows it leaf by leaf and believes only what the signed heads cover.
public struct RegisterFollower: Sendable {
    /// Who is who, at the followed position.
    public private(set) var roster: Roster
    /// The right edge of the register.
    public private(set) var frontier: TreeFrontier
    private(set) var nextIndexes: [Origin: LeafIndex] = [:]
    private(set) var streams: [StreamAddress: StreamCircle] = [:]
    let ownCode: AgencyCode
    private let writtenLog: Origin?
    /// Who leads the cases that ever changed their lead, as far as this agency was told.
    public internal(set) var leads = CaseLeads()
    /// What was recalled or withdrawn from this agency.
    var takenBack: Set<CompartmentAddress> = []
    /// Revocations that came by another way.
    public let heard: HeardRevocations

    /// Starts before the register's first leaf.
    ///
    /// - Parameters:
    ///   - roster: from `Roster.bootstrap`: it knows the broker.
    ///   - ownCode: the agency that follows.
    ///   - ownLog: the log that it writes, where it went on from another; its statements do not come by the feed.
    ///   - heard: revocations that came by another way than the register.
    public init(
        roster: Roster, ownCode: AgencyCode, ownLog: Origin? = nil, heard: HeardRevocations = HeardRevocations()
    ) {
        self.roster = roster
        writtenLog = ownLog
        self.ownCode = ownCode
        self.heard = heard
        frontier = TreeFrontier()
    }

    /// The log that this agency writes; nil while nobody has said which.
    var ownLog: Origin? { writtenLog ?? roster.parties[ownCode]?.origin }

    /// How many leaves have been followed.
    public var size: TreeSize { frontier.size }

    /// The index of a log below which the register has a verdict on everything.
    public func nextIndex(of origin: Origin) -> LeafIndex { nextIndexes[origin] ?? LeafIndex(0) }

    /// The circle in force in another agency's stream, as far as this node has seen it.
    public func circle(of address: StreamAddress) -> CircleControl? { streams[address]?.circle }

    /// Takes in a page, or refuses it whole.
    ///
    /// - Parameters:
    ///   - now: when it is taken in.
    ///   - own: this agency's own statement at an index of its log: a feed does not bring back what its reader wrote.
    ///   - registered: the record at an earlier position, for statements that a share gives later.
    public mutating func take(
        _ page: FeedPage, now: Timestamp, own: (LeafIndex) -> Statement?,
        registered: (UInt64) -> AdmissionRecord?
    ) throws(FollowFault) -> FollowedPage {
        var next = self
        let result = try next.follow(page, now: now, own: own, registered: registered)
        self = next
        return result
    }

    /// Takes in a part of this node's own copy of the register, or refuses it whole.
    ///
    /// It is checked as when it came, but for two things. Signatures were verified before the copy was made, so only
    /// those of statements that change the roster are verified again; every statement must be the one that the register
    /// has at its place (decision 0012). And nothing vouches for the copy until `verifyHead` has let the head after its
    /// last leaf through.
    ///
    /// - Parameter checkingSignatures: whether every signature is verified again: for a copy that nobody vouches for.
    public mutating func takeStored(
        _ page: ReadPage, now: Timestamp, own: (LeafIndex) -> Statement?, checkingSignatures: Bool = false
    ) throws(FollowFault) -> FollowedPage {
        var next = self
        guard page.from == size else { throw .notOurPosition(expected: size, found: page.from) }
        let leaves = try next.append(page.leaves)
        let result = try next.follow(
            page.entries.count, leaves: leaves, head: nil, from: page.from, now: now, own: own,
            registered: { _ in nil }, isStored: !checkingSignatures
        ) { (place: Int) throws(FollowFault) in page.entries[place] }
        self = next
        return result
    }

    private mutating func follow(
        _ page: FeedPage, now: Timestamp, own: (LeafIndex) -> Statement?,
        registered: (UInt64) -> AdmissionRecord?
    ) throws(FollowFault) -> FollowedPage {
        guard page.from == frontier.size else { throw .notOurPosition(expected: frontier.size, found: page.from) }
        var leaves: [ReadLeaf] = []
        for (place, bytes) in page.leaves.enumerated() {
            leaves.append(try ReadLeaf(decoding: bytes, at: page.from.value + UInt64(place)))
        }
        let placed = try append(leaves)
        let head = page.leaves.isEmpty ? nil : try verifyHead(page.headNote, now: now)
        return try follow(
            page.entries.count, leaves: placed, head: head, from: page.from, now: now, own: own, registered: registered,
            isStored: false
        ) { (place: Int) throws(FollowFault) in try ReadEntry(page.entries[place]) }
    }

    private mutating func follow(
        _ count: Int, leaves: [(position: UInt64, leaf: RegisterLeaf)], head: SignedTreeHead?, from: TreeSize,
        now: Timestamp, own: (LeafIndex) -> Statement?, registered: (UInt64) -> AdmissionRecord?,
        isStored: Bool, entry: (Int) throws(FollowFault) -> ReadEntry
    ) throws(FollowFault) -> FollowedPage {
        var records: [UInt64: AdmissionRecord] = [:]
        for case (let position, .verdict(let record)) in leaves { records[position] = record }
        var statements: [FollowedStatement] = []
        var findings: [ReceivedFinding] = []
        var last: ReadEntry?
        var share: GivingShare?
        var ownControls = try ownControls(in: leaves, own: own)[...]
        for place in 0..<count {
            let entry = try entry(place)
            while let control = ownControls.first, control.position < entry.position {
                try takeIn(control, isStored: isStored, findings: &findings)
                ownControls = ownControls.dropFirst()
            }
            let record = try self.place(of: entry, after: last, from: from, records: records, registered: registered)
            var followed = try check(entry, record: record, findings: &findings)
            if entry.position == entry.statementPosition {
                share = GivingShare(followed)
            } else {
                try checkGiven(followed, by: share, after: last)
            }
            last = entry
            // What is stored was looked at when it came.
            if !isStored {
                findings += [ahead(followed), endsElsewhere(followed, in: leaves)].compactMap(\.self)
                if let finding = against(followed, broughtBy: share) {
                    findings.append(finding)
                    followed = followed.withoutContent
                }
                followed = withoutStrays(followed, broughtBy: share, findings: &findings)
            }
            try takeIn(followed, isStored: isStored, findings: &findings)
            statements.append(followed)
        }
        for control in ownControls { try takeIn(control, isStored: isStored, findings: &findings) }
        if let lack = roster.lack, lack.from < frontier.size {
            throw .rulesLacked(position: lack.from.value, lack.rules)
        }
        return FollowedPage(leaves: leaves, head: head, statements: statements, findings: findings)
    }

    /// The record of an entry, if the entry stands where it may: in this page, in register order, each statement once; an
    /// earlier statement only where a share brings it again.
    private func place(
        of entry: ReadEntry, after last: ReadEntry?, from: TreeSize, records: [UInt64: AdmissionRecord],
        registered: (UInt64) -> AdmissionRecord?
    ) throws(FollowFault) -> AdmissionRecord {
        let isInPage = entry.position >= from.value && entry.position < frontier.size.value
        let isInOrder = last.map { $0.position <= entry.position } ?? true
        guard isInPage, isInOrder else { throw .notRegistered(position: entry.position) }
        if entry.position == entry.statementPosition {
            guard last?.position != entry.position, let record = records[entry.position] else {
                throw .notRegistered(position: entry.position)
            }
            return record
        }
        guard entry.statementPosition < entry.position,
            let record = records[entry.statementPosition] ?? registered(entry.statementPosition)
        else { throw .notRegistered(position: entry.statementPosition) }
        return record
    }

    /// This agency's own keys and signatures count for its own roster too, from their register position on.
    private func ownControls(
        in leaves: [(position: UInt64, leaf: RegisterLeaf)], own: (LeafIndex) -> Statement?
    ) throws(FollowFault) -> [FollowedStatement] {
        guard let origin = ownLog else { return [] }
        var controls: [FollowedStatement] = []
        for case (let position, .verdict(let record)) in leaves where record.origin == origin {
            guard let statement = own(record.index), statement.leafHash == record.leafHash else {
                throw .notRegistered(position: position)
            }
            guard statement.payload.kind.isControl || statement.payload.kind == .handover else { continue }
            controls.append(
                FollowedStatement(
                    position: position, record: record, statementPosition: position, statement: statement,
                    compartments: [], grants: []))
        }
        return controls
    }

    private mutating func append(
        _ read: [ReadLeaf]
    ) throws(FollowFault) -> [(position: UInt64, leaf: RegisterLeaf)] {
        var leaves: [(position: UInt64, leaf: RegisterLeaf)] = []
        for read in read {
            let position = frontier.size
            switch read.leaf {
            case .own(let statement):
                try takeOwn(statement, at: position)
            case .verdict(let record):
                let expected = nextIndexes[record.origin] ?? LeafIndex(0)
                guard record.index == expected else {
                    throw .registerGap(record.origin, expected: expected, found: record.index)
                }
                nextIndexes[record.origin] = LeafIndex(record.index.value + 1)
            case .lookUp: break
            }
            _ = frontier.append(read.hash)
            leaves.append((position.value, read.leaf))
        }
        return leaves
    }

    private mutating func takeOwn(
        _ statement: Statement, at position: TreeSize
    ) throws(FollowFault) {
        do throws(RosterFault) {
            try roster.takeRegisterOwn(statement, at: position, now: statement.issuedAt)
        } catch { throw .roster(position: position.value, error) }
    }

    /// The signed head, if the register signed it over exactly the leaves that were taken in, with a key that it might
    /// sign with.
    ///
    /// - Parameter now: when it came; nil for a stored one, which came when its key's term had not ended.
    public func verifyHead(_ note: [UInt8], now: Timestamp?) throws(FollowFault) -> SignedTreeHead {
        guard let origin = roster.registerOrigin else { throw .registerUnknown }
        let keys = roster.logKeys(of: origin)
        guard !keys.isEmpty else { throw .registerUnknown }
        let (signed, key) = try verifiedHead(note, origin: origin, keys: keys)
        let isVoid = now != nil && heard.voids(key.keyID, of: origin, at: signed.head.size)
        guard !isVoid, roster.logKeys(of: origin, at: signed.head.size, now: now).contains(key) else {
            throw .registerKey(keyID: key.keyID)
        }
        guard signed.head.size == frontier.size else {
            throw .sizeMismatch(leaves: frontier.size, head: signed.head.size)
        }
        guard signed.head.root == frontier.root else {
            throw .rootMismatch(size: frontier.size, ours: frontier.root, theirs: signed.head.root)
        }
        return signed
    }

    private func verifiedHead(
        _ note: [UInt8], origin: Origin, keys: [VerificationKey]
    ) throws(FollowFault) -> (signed: SignedTreeHead, key: VerificationKey) {
        var fault = FollowFault.registerUnknown
        for key in keys {
            do throws(TreeHeadError) {
                return (try SignedTreeHead(verifying: note, origin: origin, key: key), key)
            } catch { fault = .head(error) }
        }
        throw fault
    }

    func check(
        _ entry: ReadEntry, record: AdmissionRecord, findings: inout [ReceivedFinding]
    ) throws(FollowFault) -> FollowedStatement {
        let statement = entry.statement
        guard statement.leafHash == record.leafHash, statement.origin == record.origin, entry.index == record.index
        else { throw .notRegistered(position: entry.position) }
        for code in entry.faults {
            findings.append(ReceivedFinding(origin: record.origin, index: record.index, finding: code))
        }
        return FollowedStatement(
            position: entry.position, record: record, statementPosition: entry.statementPosition,
            statement: statement, compartments: entry.compartments, grants: entry.grants)
    }

    /// Folds what every node folds: the roster, and the circles of the streams it is in.
    mutating func takeIn(
        _ followed: FollowedStatement, isStored: Bool, findings: inout [ReceivedFinding]
    ) throws(FollowFault) {
        // What a share gives later was admitted earlier: its place in its stream has passed.
        guard followed.position == followed.statementPosition else { return }
        let statement = followed.statement
        if isOwnHandover(statement) { return takeOwn(followed) }
        let known = streams[StreamAddress(origin: statement.origin, stream: statement.payload.stream)]
        // As at admission: a refused statement keeps its place, unless its place itself was wrong.
        guard followed.record.verdict.isAccepted || fits(statement, after: known?.head) else { return }
        let position = TreeSize(followed.position)
        if followed.record.verdict.isAccepted {
            do throws(RosterFault) {
                try verify(statement, followed.record, at: position, isStored: isStored)
                try roster.fold(statement, at: position, compartments: followed.compartments)
            } catch { throw .roster(position: followed.position, error) }
            takeLead(followed, findings: &findings)
            takeBack(by: statement)
        }
        if let finding = gap(before: followed, known: known) {
            findings.append(
                ReceivedFinding(origin: statement.origin, index: followed.record.index, finding: finding))
        }
        let newest = StreamHead(sequence: statement.payload.sequence, hash: statement.hash)
        var stream = known ?? StreamCircle(head: newest)
        stream.head = newest
        if followed.record.verdict.isAccepted { stream.open(by: statement) }
        streams[StreamAddress(origin: statement.origin, stream: statement.payload.stream)] = stream
    }

    private func fits(_ statement: Statement, after head: StreamHead?) -> Bool {
        guard let head else { return statement.payload.sequence == 0 }
        return statement.payload.sequence == head.sequence &+ 1 && statement.payload.previous == head.hash
    }

    /// Every member receives every statement of a stream, so a gap means that something was withheld.
    private func gap(before followed: FollowedStatement, known: StreamCircle?) -> ReasonCode? {
        let payload = followed.statement.payload
        guard let known else {
            if payload.sequence == 0 { return nil }
            // A circle may admit us in the middle of a stream; nothing else may begin there.
            if case .circle(let circle) = payload.control, circle.members.contains(ownCode) { return nil }
            return "stream-gap"
        }
        if fits(followed.statement, after: known.head) { return nil }
        // Excluded and admitted again: the circle that admits us says so.
        if case .circle(let circle) = payload.control, circle.members.contains(ownCode),
            payload.sequence > known.head.sequence
        {
            return nil
        }
        return "stream-gap"
    }
}
