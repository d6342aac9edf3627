public import Replication
public import TallystickPrimitives

/// One thing that an audit found: where, what, and how it weighs. It says nothing about who did it
/// or why.
public struct AuditFinding: Hashable, Sendable {
    /// The log concerned; the register's own origin for what concerns the register.
    public let log: Origin
    /// The place in that log, where there is one; a register position for the register.
    public let index: LeafIndex?
    /// What was found.
    public let kind: Kind

    /// States a finding.
    public init(log: Origin, index: LeafIndex?, kind: Kind) {
        self.log = log
        self.index = index
        self.kind = kind
    }

    /// How a finding weighs.
    public enum Severity: String, Hashable, Sendable, CaseIterable {
        /// Bytes, order, signatures or verdicts are not what they must be.
        case integrity
        /// Everything is as it was registered, and no clause in force permitted it.
        case `protocol`
    }

    /// What can be found; a closed list.
    public enum Kind: Hashable, Sendable {
        /// A page that does not read.
        case pageUnreadable(page: Int)
        /// A page that names another place than its leaves have.
        case pageMisplaced(page: Int)
        /// A page that was there before.
        case pageRepeated(page: Int)
        /// The heads that came with the pages do not read.
        case headsUnreadable
        /// Leaves or statements are missing before `next`.
        case missingMiddle(next: UInt64)
        /// The signed head covers more than the pages bring.
        case cutTail(signed: TreeSize)
        /// The pages bring more than the signed head covers.
        case beyondHead(signed: TreeSize)
        /// A leaf of the register that does not read.
        case leafUnreadable
        /// A leaf that is not that of its statement, although the statement stands.
        case leafMismatch
        /// The leaves do not lead to the root that the register signed.
        case registerRoot(signed: TreeSize)
        /// The leaves do not lead to a head that was trusted before: its history is not the one in these pages.
        case otherHistory(trusted: TreeSize)
        /// A head note that is not signed by its log's key.
        case head
        /// There is no head note of a log that has statements.
        case headMissing
        /// A log's statements do not lead to the root that the log signed.
        case logRoot(signed: TreeSize)
        /// The register takes a log's statements out of their order.
        case registerOrder(expected: LeafIndex)
        /// A registered statement that is not there.
        case statementMissing
        /// A registered statement that does not read.
        case statementUnreadable
        /// The bytes are not those that were registered.
        case statementChanged
        /// The statement of another place stands here, or the statement stands out of order.
        case reordered
        /// A statement that was there before stands here again.
        case repeated
        /// A statement of another log stands here.
        case foreignStatement
        /// A second statement that the same log signed stands here.
        case secondStatement
        /// An entry that names another place than its statement has.
        case entryMisplaced
        /// A statement that is not registered.
        case unregistered
        /// A signature that does not verify, or by a key that was not the log's.
        case signature(ReasonCode)
        /// A compartment's bytes are not those that the statement describes.
        case compartmentContent(Label)
        /// A wrap is not the one that the statement describes.
        case wrap(Label)
        /// A compartment that is described and not there.
        case compartmentMissing(Label)
        /// A compartment that the statement does not describe.
        case compartmentForeign
        /// Judged again, the statement gets another verdict than the registered one.
        case verdictDiffers(registered: Verdict, judged: Verdict)
        /// A party signed that it received another register than this one.
        case otherView(size: TreeSize)
        /// A receipt that does not read, or that no key of the register in force at its place signed: the file, and its
        /// number in it where the file reads.
        case receipt(file: Int, number: Int?)
        /// The register signed a receipt for another leaf or root than these pages have.
        case receiptContradicts(size: TreeSize)
        /// Two signed heads of the log contradict each other.
        case twoStories
        /// From here on the register goes by rules that this program has not, in words with what to do.
        case rulesLacked(String)
        /// A protocol was signed without an office that must sign for the party; it put nothing in force.
        case officeMissing(OfficeCode)
        /// Something was given that no clause in force permitted.
        case outsideProtocol(ReasonCode)
    }

    /// How it weighs.
    public var severity: Severity {
        switch kind {
        case .outsideProtocol, .officeMissing: .protocol
        default: .integrity
        }
    }
}
