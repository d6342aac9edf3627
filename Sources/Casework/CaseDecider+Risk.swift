import TallystickPrimitives

// Bands propose and never refer, match or list anybody (PRACTICE P7), and no missing assessment
// stands in the way of an action (P8).
extension CaseDecider {
    func assess(_ judgement: RiskJudgement) throws(CaseRefusal) -> [CaseworkEvent] {
        try requireOpen()
        let score: RiskScore
        do { score = try judgement.matrix.score(judgement.answers) } catch { throw .answers(error) }
        // An empty assessment would say that nothing is known to be wrong, and replace one that says what is.
        guard !judgement.answers.marks.isEmpty || !score.flags.isEmpty else { throw .nothingMarked }
        let judged = judgement.judgedBand ?? score.computedBand
        if TextCheck.isBlank(judgement.rationale) {
            guard judged == score.computedBand else {
                throw .overrideNeedsRationale(computed: score.computedBand, judged: judged)
            }
            guard judged != .high else { throw .highNeedsRationale }
            if let last = state.judgedBand(of: agency), judged < last {
                throw .loweringNeedsRationale(last: last, judged: judged)
            }
        }
        if let rationale = judgement.rationale, !TextCheck.isBlank(rationale) {
            try TextCheck.summary("rationale", rationale)
        }
        let details = RiskDetails(
            matrix: judgement.matrix.code, matrixVersion: judgement.matrix.version,
            answers: judgement.answers, score: score.score, unknownCount: score.unknownCount,
            computedBand: score.computedBand, judgedBand: judged,
            rationale: TextCheck.isBlank(judgement.rationale) ? nil : judgement.rationale,
            assessedAt: Timestamp(wholeSeconds: now.wholeSeconds))
        let assessed = RiskAssessment(assessedBy: agency, details: details)
        return [.riskAssessed(assessed)] + stageAfterAssessment() + offerAfter(judged)
    }

    func change(
        to stage: CaseStage, summary: String, exemption: String?
    ) throws(CaseRefusal) -> [CaseworkEvent] {
        try requireLead()
        guard stage != .closed else { throw .closeWithOutcome }
        guard state.stage != stage else { throw .sameStage(stage) }
        if state.stage == .closed, stage != .opened { throw .closed }
        try TextCheck.summary("summary", summary)
        let isAssessed = !state.assessments.isEmpty
        if stage == .assessed, !isAssessed { throw .nothingAssessed }
        if stage > .assessed, !isAssessed, TextCheck.isBlank(exemption) {
            throw .assessmentOrExemption
        }
        if let exemption, !TextCheck.isBlank(exemption) {
            try TextCheck.summary("stage", exemption)
        }
        let reason = stage > .assessed && !isAssessed ? exemption : nil
        return [
            .stageChanged(StageChange(to: stage, summary: summary, assessmentExemption: reason))
        ]
    }

    func close(
        _ closing: CaseClosing, summary: String, recordedBy person: String
    ) throws(CaseRefusal) -> [CaseworkEvent] {
        try requireLead()
        guard state.stage != .closed else { throw .closed }
        try TextCheck.summary("summary", summary)
        switch closing.communication {
        case .informed(let name): try TextCheck.named("stage", name)
        case .notInformed(_, let words, let approver):
            try TextCheck.summary("stage", words)
            try TextCheck.named("stage", approver)
            guard approver != person else { throw .approvalByAnother }
        }
        return [.stageChanged(StageChange(closing: closing, summary: summary))]
    }

    private func requireLead() throws(CaseRefusal) {
        guard let lead = state.leadAgency else { throw .notOpen }
        guard lead == agency else { throw .notTheLead(lead: lead) }
    }

    private func stageAfterAssessment() -> [CaseworkEvent] {
        guard state.stage == .opened, state.leadAgency == agency else { return [] }
        return [.stageChanged(StageChange(to: .assessed, summary: "Risk assessed."))]
    }

    // A declined referral is offered again by a new high judgement. One that is open, or has left,
    // is not: a person offers that anew if there is cause.
    private func offerAfter(_ judged: RiskBand) -> [CaseworkEvent] {
        let standing = state.referrals[.victimFirst]?.standing
        guard judged == .high, standing != .offered, standing != .sent else { return [] }
        return [
            .referralOffered(
                ReferralOffer(service: .victimFirst, because: "Risk judged high."))
        ]
    }
}
