import EventLogs
import Partnership
import Replication
import TallystickPrimitives

extension AuditReplay {
    /// Compares the verdict of judging again with the registered one.
    mutating func compare(_ judged: Verdict, with record: AdmissionRecord, of statement: Statement) {
        guard judged != record.verdict else { return }
        if isBeyondJudging(judged, record: record, of: statement) {
            tally.unjudgedCount += 1
            return
        }
        let kind: AuditFinding.Kind
        switch (record.verdict, judged) {
        case (.accepted, .refused(let reason)) where Reasons.protocolOnly.contains(reason):
            kind = .outsideProtocol(reason)
        case (.accepted, .refused(let reason)) where Reasons.signature.contains(reason):
            kind = .signature(reason)
        default: kind = .verdictDiffers(registered: record.verdict, judged: judged)
        }
        report(kind, log: record.origin, index: record.index)
    }

    /// Whether the difference may come of what is missing or unreadable, which is a finding
    /// already, or of what no mandate covers.
    private func isBeyondJudging(
        _ judged: Verdict, record: AdmissionRecord, of statement: Statement
    ) -> Bool {
        var reasons: [ReasonCode] = []
        for case .refused(let reason) in [judged, record.verdict] { reasons.append(reason) }
        if case .refused(let registered) = record.verdict,
            Reasons.ofCarriage(by: statement.payload).contains(registered)
        {
            return true
        }
        if isRegisterGapped, reasons.contains("seen-head") { return true }
        if log(record.origin).hasHole, reasons.contains(where: Reasons.ofOwnHistory.contains) {
            return true
        }
        // What a gap of the register took away shows as a hole of its log only at that log's next statement.
        let boardHasHole = admission.roster.board.map { log($0.origin).hasHole } ?? false
        if isRegisterGapped || boardHasHole, reasons.contains(where: Reasons.ofBoardHistory.contains) { return true }
        return reasons.contains(where: Reasons.ofOthersHistory.contains)
            && (isRegisterGapped || logs.values.contains { $0.hasHole })
    }

    private var isRegisterGapped: Bool { gapCount > 0 }
}

/// Why a verdict may differ, by what it takes to judge it.
private enum Reasons {
    /// What the protocols alone decide.
    static let protocolOnly: Set<ReasonCode> = [
        "no-protocol", "protocol-not-in-force", "protocol-ended", "protocol-superseded", "not-permitted",
    ]
    /// Who signed.
    static let signature: Set<ReasonCode> = [
        "signature", "key-unknown", "key-revoked", "key-expired", "key-invalid",
    ]
    /// What travelled with a refused statement is kept by nobody, so that these cannot be judged again; of a statement
    /// with which nothing travels they can.
    static func ofCarriage(by payload: StatementPayload) -> Set<ReasonCode> {
        var reasons: Set<ReasonCode> = []
        let gives = if case .share = payload.control { true } else { false }
        if !payload.compartments.isEmpty || gives {
            reasons = ["compartment-missing", "compartment-mismatch", "home-compartment-pushed"]
        }
        if !payload.grants.isEmpty { reasons.insert("grant-mismatch") }
        if payload.kind == .protocol { reasons.insert("bundle-mismatch") }
        return reasons
    }
    /// What the earlier statements of the same log decide.
    static let ofOwnHistory: Set<ReasonCode> = [
        "stream-sequence", "no-circle", "epoch", "circle", "share-of-others", "share-withdrawn",
        "recall-of-others", "recall-of-clear", "withdrawal-of-others", "withdrawal-of-clear", "key-unknown",
        "key-revoked",
        "key-expired",
        "genesis-out-of-place", "no-protocol", "not-permitted", "bundle-mismatch", "seen-head", "adoption-limit",
        "handover-lead-moved", "handover-case-unknown", "handover-not-lead", "party-succeeded", "log-closed",
        "log-unknown", "continues-out-of-place", "key-of-closed-log", "ended-log-of-others",
    ]
    /// What the board's acts decide.
    static let ofBoardHistory: Set<ReasonCode> = [
        "protocol-not-in-force", "protocol-ended", "protocol-superseded", "not-permitted", "circle", "log-unknown",
        "enrolment-ended",
        "kind-not-allowed", "succession-parties", "succession-unknown", "succession-not-yet", "handover-not-successor",
        "party-succeeded", "log-closed",
    ]
    /// What the statements of any other log decide: adoptions and requests.
    static let ofOthersHistory: Set<ReasonCode> = [
        "request-unknown", "protocol-not-in-force", "protocol-ended", "protocol-superseded",
        "handover-not-lead", "handover-lead-moved", "handover-recipient", "handover-offer-stands", "handover-no-offer",
        "handover-not-offered", "handover-not-accepted", "handover-not-successor", "succession-count",
        "succession-not-yet", "log-continued", "continues-out-of-place", "continues-edge",
    ]
}
