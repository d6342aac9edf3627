import Replication
import TallystickPrimitives

extension AuditFinding.Kind {
    /// The short code, for machines.
    public var code: String {
        switch self {
        case .pageUnreadable: "page-unreadable"
        case .pageMisplaced: "page-misplaced"
        case .pageRepeated: "page-repeated"
        case .headsUnreadable: "heads-unreadable"
        case .missingMiddle: "missing-middle"
        case .cutTail: "cut-tail"
        case .beyondHead: "beyond-head"
        case .leafUnreadable: "leaf-unreadable"
        case .leafMismatch: "leaf-mismatch"
        case .registerRoot: "register-root"
        case .otherHistory: "other-history"
        case .head: "head"
        case .headMissing: "head-missing"
        case .logRoot: "log-root"
        case .registerOrder: "register-order"
        case .statementMissing: "statement-missing"
        case .statementUnreadable: "statement-unreadable"
        case .statementChanged: "statement-bit-flip"
        case .reordered: "reordered"
        case .repeated: "repeated"
        case .foreignStatement: "foreign-statement"
        case .secondStatement: "second-statement"
        case .entryMisplaced: "entry-misplaced"
        case .unregistered: "unregistered"
        case .signature: "signature"
        case .compartmentContent: "compartment-content"
        case .wrap: "wrap"
        case .compartmentMissing: "compartment-missing"
        case .compartmentForeign: "compartment-foreign"
        case .verdictDiffers: "verdict-differs"
        case .otherView: "other-view"
        case .receipt: "receipt"
        case .receiptContradicts: "receipt-contradicts"
        case .twoStories: "two-stories"
        case .rulesLacked: "rules-lacked"
        case .officeMissing: "office-missing"
        case .outsideProtocol: "outside-protocol"
        }
    }
}

extension AuditFinding: CustomStringConvertible {
    /// Where it is, in words.
    public var place: String {
        guard let index else { return log.text }
        return "\(log) index \(index)"
    }

    /// What was found, in one plain sentence.
    public var sentence: String { bytesSentence ?? orderSentence ?? judgementSentence }

    /// The place, the code and the sentence.
    public var description: String { "\(place): \(kind.code): \(sentence)" }

    private var bytesSentence: String? {
        switch kind {
        case .pageUnreadable(let page):
            "Page \(page) does not read; what it held is not checked. Fetch it again."
        case .headsUnreadable: "The heads that came with the pages do not read. Fetch them again."
        case .leafUnreadable: "This leaf of the register does not read. Fetch its page again."
        case .leafMismatch:
            "The register's leaf is not that of the statement, whose signature verifies."
        case .registerRoot(let size):
            """
            The leaves do not lead to the root that the register signed at size \(size); later leaves \
            are not covered.
            """
        case .otherHistory(let size):
            """
            The leaves do not lead to the head that was trusted, at size \(size): what was audited then and what is \
            here are two histories.
            """
        case .head: "The head note is not signed by a key of this log."
        case .headMissing: "The log has statements, and there is no head note of it."
        case .logRoot(let size):
            "The statements do not lead to the root that the log signed at size \(size)."
        case .statementMissing: "The statement is registered and is not there."
        case .statementUnreadable: "The registered bytes do not read as a statement of this log."
        case .statementChanged: "The bytes here are not those that were registered."
        case .compartmentContent(let label):
            "The bytes of the compartment '\(label)' are not those that were signed for."
        case .wrap(let label):
            "The wrap of the compartment '\(label)' is not the one that was signed for."
        case .compartmentMissing(let label):
            "The compartment '\(label)' is described and is not there."
        case .compartmentForeign: "A compartment travels here that the statement does not describe."
        default: nil
        }
    }

    private var orderSentence: String? {
        switch kind {
        case .pageMisplaced(let page): "Page \(page) names another place than its leaves have."
        case .pageRepeated(let page):
            "Page \(page) brings leaves that were there before; it is left aside."
        case .missingMiddle(let next): "Everything from here to before \(next) is missing."
        case .cutTail(let signed):
            "The signed head covers \(signed) statements; those from here on are not there."
        case .beyondHead(let signed):
            "The signed head covers \(signed) statements; nothing signed covers those from here on."
        case .registerOrder(let expected):
            "The register names this statement where number \(expected) comes next."
        case .reordered: "Statements stand here in another order than they were registered in."
        case .repeated: "A statement that was there before stands here again."
        case .foreignStatement: "A statement of another log stands here."
        case .secondStatement:
            "The log signed two different statements; the one here is not the registered one."
        case .entryMisplaced:
            "The page names another place for this statement than the register does."
        case .unregistered: "The page brings a statement here that is not registered."
        default: nil
        }
    }

    private var judgementSentence: String {
        switch kind {
        case .signature(let reason): "The signature does not stand (\(reason))."
        case .verdictDiffers(let registered, let judged):
            """
            The register says \(words(registered)); judged again by the same rules it is \
            \(words(judged)).
            """
        case .otherView(let size):
            "The author signed that it received another register of size \(size) than this one."
        case .receipt(let file, nil): "File \(file) of receipts does not read."
        case .receipt(let file, let number?):
            """
            Receipt \(number) of file \(file) does not read, or no key that the register had at its place signed it; it \
            says nothing about anybody.
            """
        case .receiptContradicts(let size):
            """
            The register signed a receipt at size \(size) for another leaf or root than these pages have: it has shown \
            two different registers. Keep both.
            """
        case .rulesLacked(let words): "Nothing is judged from here on: \(words)."
        case .officeMissing(let office):
            "A protocol was signed here without the \(office), who must sign for this party; it puts nothing in force."
        case .twoStories: "Two signed heads of this log contradict each other: it has told two stories."
        case .outsideProtocol("caveat-missing"):
            "Something was given without a restriction that its clause puts on it (caveat-missing); for review."
        case .outsideProtocol(let reason):
            "Something was given that no clause in force permitted (\(reason)); for review."
        default: ""
        }
    }
}

func words(_ verdict: Verdict) -> String {
    switch verdict {
    case .accepted: "accepted"
    case .refused(let reason): "refused (\(reason))"
    }
}
