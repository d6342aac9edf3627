public import EventLogs
public import Partnership
public import TallystickPrimitives

/// Why a carry file is not taken in. Nothing of it has been.
public enum CarryFault: Error, Hashable, Sendable {
    /// It is for another agency.
    case otherRecipient(AgencyCode)
    /// It is of a log that nobody enrolled is known to keep, or of this agency's own.
    case unknownLog(Origin)
    /// A statement that does not read.
    case statement(LeafIndex, StatementFault)
    /// A statement of another log than the file says.
    case otherLog(LeafIndex)
    /// The register has another statement at this index: the author told two stories.
    case otherStory(LeafIndex)
    /// A statement whose author may not say it, or did not sign it.
    case roster(LeafIndex, RosterFault)
    /// What the feed would have reported to its author.
    case finding(LeafIndex, ReasonCode)

    /// A short code for logs and answers.
    public var code: String {
        switch self {
        case .otherRecipient: "carry-other-recipient"
        case .unknownLog: "carry-unknown-log"
        case .statement: "statement-form"
        case .otherLog: "carry-other-log"
        case .otherStory: "carry-other-story"
        case .roster(_, let fault): fault.code.text
        case .finding(_, let code): code.text
        }
    }

    /// The index that it is about.
    public var index: LeafIndex? {
        switch self {
        case .otherRecipient, .unknownLog: nil
        case .statement(let index, _), .otherLog(let index), .otherStory(let index), .roster(let index, _),
            .finding(let index, _):
            index
        }
    }
}

/// A statement that came by file and stands, as far as anybody can say before the register has it.
public struct CarriedIn: Hashable, Sendable {
    /// Its index in its log.
    public let index: LeafIndex
    /// The statement.
    public let statement: Statement
    /// The compartments that are for this agency.
    public let compartments: [CarriedCompartment]
    /// The grants that are for this agency.
    public let grants: [[UInt8]]
}

extension RegisterFollower {
    /// Judges a carry file as if its statements had come next in the feed, and were admitted now.
    ///
    /// The follower does not change: what came by file moves no stream, no circle and nobody's keys on. A file is taken in
    /// whole or not at all, and what the register has already is left out.
    ///
    /// - Parameter registered: the leaf hash of the statement that the register has at an index of that log, which is below
    ///   its end there; nil where that cannot be read.
    public func judge(
        _ file: CarryFile, now: Timestamp, registered: (Origin, LeafIndex) -> Hash256?
    ) throws(CarryFault) -> [CarriedIn] {
        guard file.recipient == ownCode else { throw .otherRecipient(file.recipient) }
        guard let author = roster.party(of: file.origin), author.code != ownCode else {
            throw .unknownLog(file.origin)
        }
        var next = self
        var taken: [CarriedIn] = []
        for entry in file.entries {
            let statement: Statement
            do { statement = try Statement(decoding: entry.statement.bytes) } catch {
                throw .statement(entry.index, error)
            }
            guard statement.origin == file.origin else { throw .otherLog(entry.index) }
            if entry.index < nextIndex(of: file.origin) {
                // The index is the file's word alone: what is said to be there already must be.
                guard registered(file.origin, entry.index) == statement.leafHash else { throw .otherStory(entry.index) }
                continue
            }
            taken.append(try next.take(carried: statement, entry, now: now))
        }
        return taken
    }

    private mutating func take(
        carried statement: Statement, _ entry: CarryFile.Entry, now: Timestamp
    ) throws(CarryFault) -> CarriedIn {
        let position = size.value
        let record = AdmissionRecord(
            origin: statement.origin, index: entry.index, leafHash: statement.leafHash, verdict: .accepted,
            admittedAt: now)
        var findings: [ReceivedFinding] = []
        var followed: FollowedStatement
        do throws(FollowFault) {
            let read = ReadEntry(
                stored: statement, index: entry.index, position: position,
                compartments: entry.statement.compartments, grants: entry.statement.grants)
            followed = try check(read, record: record, findings: &findings)
            if let finding = heardRevoked(followed) ?? ahead(followed) ?? outside(followed, broughtBy: nil)
                ?? givesTakenBack(followed, broughtBy: nil)
            {
                findings.append(finding)
            }
            followed = withoutStrays(followed, broughtBy: nil, findings: &findings)
            try takeIn(followed, isStored: false, findings: &findings)
        } catch {
            if case .roster(_, let fault) = error { throw .roster(entry.index, fault) }
            throw .otherLog(entry.index)
        }
        if let finding = findings.first { throw .finding(entry.index, finding.finding) }
        return CarriedIn(
            index: entry.index, statement: statement, compartments: followed.compartments, grants: followed.grants)
    }
}
