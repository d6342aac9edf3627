/// The paths of a node's local interface (Unix socket, JSON bodies). One list for the daemon and the command line.
public enum NodePath {
    /// GET `NodeStatus`.
    public static let status = "/v1/status"
    /// POST `EntryQuery` → `EntryPage`: how one of this agency's own entries stands.
    public static let entry = "/v1/entry"
    /// POST `ReportForm` → `Recorded`; GET → the reports.
    public static let reports = "/v1/reports"
    /// POST `ReportQuery` → `ReportPage`; records that the report was displayed.
    public static let showReport = "/v1/reports/show"
    /// POST `CaseForm` → `CaseOpened`; GET → the cases.
    public static let cases = "/v1/cases"
    /// POST `CaseQuery` → the case; records that the case was displayed.
    public static let showCase = "/v1/cases/show"
    /// POST `AssessmentForm` → `AssessmentAnswer`.
    public static let assess = "/v1/cases/assess"
    /// POST `ShareForm` → `ShareAnswer`.
    public static let share = "/v1/cases/share"
    /// POST `ShareForm` → `PreviewPage`; sends nothing.
    public static let preview = "/v1/cases/preview"
    /// POST `GiveEarlierForm` → `Recorded`: entries from before an agency came to a case.
    public static let giveEarlier = "/v1/cases/give-earlier"
    /// POST `GiveEarlierForm` → `PreviewPage`; gives nothing.
    public static let previewGivingEarlier = "/v1/cases/preview-giving-earlier"
    /// POST `ReferralForm` → `PreviewPage`; refers nobody.
    public static let previewReferral = "/v1/referrals/preview"
    /// POST `EmergencyForm` → `PreviewPage`; tells nobody.
    public static let previewEmergency = "/v1/emergencies/preview"
    /// POST `StageForm` → `Recorded`.
    public static let stage = "/v1/cases/stage"
    /// POST `ActionForm` → `Recorded`.
    public static let action = "/v1/cases/action"
    /// POST `ConsentForm` → `Recorded`.
    public static let consent = "/v1/cases/consent"
    /// POST `SafeContactForm` → `Recorded`.
    public static let safeContact = "/v1/cases/safe-contact"
    /// POST `HandoverForm` → `Recorded`: a step by which another agency takes the lead; GET → the cases whose lead moves or
    /// has moved.
    public static let handovers = "/v1/handovers"
    /// POST `CaseQuery` → `HandoverPage`: what goes with a case.
    public static let showHandover = "/v1/handovers/show"
    /// GET → `[SuccessorStatus]`.
    public static let successions = "/v1/successions"
    /// POST `SuccessorPlanForm` → `SuccessorPlan`; moves nothing.
    public static let planSuccession = "/v1/successions/plan"
    /// POST `SuccessorForm` → `Recorded`: this side gives, or takes.
    public static let startSuccession = "/v1/successions/start"
    /// POST `SuccessorForm` → `SuccessorMoved`: the next cases go.
    public static let moveSuccession = "/v1/successions/move"
    /// POST `SuccessorForm` → `Recorded`: this side ends with its number of cases.
    public static let finishSuccession = "/v1/successions/finish"
    /// POST `OfferForm` → `Recorded`: offers again.
    public static let offer = "/v1/referrals/offer"
    /// POST `OfferForm` → `Recorded`: declines.
    public static let decline = "/v1/referrals/decline"
    /// POST `ReferralForm` → `Recorded`: the referral leaves.
    public static let refer = "/v1/referrals/send"
    /// POST `AcknowledgeForm` → `Recorded`: a person says that they have read, or acted.
    public static let acknowledge = "/v1/cases/acknowledge"
    /// POST `RequestForm` → `RequestMade`; GET → the requests to answer and those asked.
    public static let requests = "/v1/requests"
    /// POST `AnswerForm` → `AnswerMade`.
    public static let answer = "/v1/requests/answer"
    /// POST `AnswerForm` → `PreviewPage`; answers nothing.
    public static let previewAnswer = "/v1/requests/preview"
    /// POST `StepForm` → `Recorded`: a reminder, or a step up the protocol's ladder.
    public static let stepRequest = "/v1/requests/step"
    /// POST `AwayForm` → `Recorded`: this agency's contact is away, and requests are for the deputy.
    public static let away = "/v1/requests/away"
    /// POST `ToldForm` → `Recorded`: what was told by voice or on paper, without a request.
    public static let told = "/v1/cases/told"
    /// POST `EmergencyForm` → `EmergencyMade`; GET → the emergencies told by this agency and to it.
    public static let emergencies = "/v1/emergencies"
    /// POST `EmergencyReviewForm` → `Recorded`.
    public static let reviewEmergency = "/v1/emergencies/review"
    /// POST `CorrectionForm` → `CorrectionMade`: an entry is wrong, or contested.
    public static let corrections = "/v1/corrections"
    /// POST `RecallForm` → `RecallMadeAnswer`; GET → the recalls by this agency and of what it was given, or the one named.
    public static let recalls = "/v1/recalls"
    /// POST `RecallAnswerForm` → `Recorded`: somebody says what they did with it.
    public static let answerRecall = "/v1/recalls/answer"
    /// POST `RecallDecisionForm` → `Recorded`: whether the regulator is told.
    public static let decideRecall = "/v1/recalls/decide"
    /// GET → the reports of readings that came and went, and what is withheld.
    public static let readings = "/v1/readings"
    /// POST `ReadingWithholdForm` → `Recorded`: readings are not told, for a time.
    public static let withholdReadings = "/v1/readings/withhold"
    /// POST `WhoReadForm` → `WhoReadPage`; records that somebody asked, and what for.
    public static let whoRead = "/v1/readings/who"
    /// POST `SubjectAccessForm` → `Recorded`; GET → `SubjectAccessLists`.
    public static let subjectAccess = "/v1/subject-access"
    /// POST `SubjectAccessQuery` → `SubjectAccessPage`; records that somebody looked.
    public static let showSubjectAccess = "/v1/subject-access/show"
    /// POST `SubjectAccessMarkForm` → `Recorded`: a choice for one entry.
    public static let markSubjectAccess = "/v1/subject-access/mark"
    /// POST `SubjectAccessConsultForm` → `SubjectAccessConsulted`: agencies that contributed are asked.
    public static let consultSubjectAccess = "/v1/subject-access/consult"
    /// POST `SubjectAccessAdviceForm` → `Recorded`: what this agency says to another's question.
    public static let adviseSubjectAccess = "/v1/subject-access/advise"
    /// POST `SubjectAccessExtendForm` → `Recorded`: the answer takes longer.
    public static let extendSubjectAccess = "/v1/subject-access/extend"
    /// POST `SubjectAccessQuery` → `SubjectAccessFiles`; records that they were made.
    public static let packSubjectAccess = "/v1/subject-access/pack"
    /// POST `HoldForm` → `HoldPlaced`; GET → the holds that stand here, `HoldRow`.
    public static let holds = "/v1/holds"
    /// POST `HoldLiftForm` → `Recorded`.
    public static let liftHold = "/v1/holds/lift"
    /// POST `ErasureForm` → `ErasureMade`; GET → the erasures proposed here, `ErasureReport`, or the one named with its
    /// holders.
    public static let erasures = "/v1/erasures"
    /// POST `ErasureApprovalForm` → `ErasureMade`.
    public static let approveErasure = "/v1/erasures/approve"
    /// POST `ErasureStopForm` → `ErasureMade`: brings back what is to be destroyed.
    public static let stopErasure = "/v1/erasures/bring-back"
    /// POST `ErasureAnswerForm` → `ErasureMade`.
    public static let answerErasure = "/v1/erasures/answer"
    /// GET → the questions of other agencies, `ErasureQuestionRow`.
    public static let erasureQuestions = "/v1/erasures/questions"
    /// GET → the cases with their periods, `RetentionRow`.
    public static let retention = "/v1/retention"
    /// POST `WithdrawForm` → `WithdrawalMadeAnswer`; GET → the withdrawals by this agency and of what it was given, or the one
    /// named.
    public static let withdrawals = "/v1/withdrawals"
    /// POST `WithdrawForm` → `PreviewPage`; withdraws nothing.
    public static let previewWithdrawal = "/v1/withdrawals/preview"
    /// POST `WithdrawalAnswerForm` → `Recorded`: what becomes of something withdrawn.
    public static let answerWithdrawal = "/v1/withdrawals/answer"
    /// POST `ImportForm` → `ImportAnswer`.
    public static let imports = "/v1/imports"
    /// POST `CarryForm` → a carry file.
    public static let exportCarry = "/v1/carry/export"
    /// POST a carry file → `CarryAnswer`.
    public static let importCarry = "/v1/carry/import"
    /// POST `AdoptForm` → `Recorded`.
    public static let adopt = "/v1/protocols/adopt"
    /// POST `EndAdoptionForm` → `Recorded`.
    public static let endAdoption = "/v1/protocols/end"
    /// POST `ConsultationForm` → `Recorded`: says how offices of this agency stand to a published protocol.
    public static let respond = "/v1/protocols/respond"
    /// POST `ProtocolStatusForm` → where each version stands.
    public static let protocolStatus = "/v1/protocols/status"
    /// POST `SimulationForm` → counts: whom own entries reached, and would under a protocol file.
    public static let simulate = "/v1/protocols/simulate"
    /// POST `AdoptionQuery` → `AdoptionReading`: what there is to read before signing.
    public static let readProtocol = "/v1/protocols/read"
    /// GET → `[ProtocolRow]`.
    public static let protocols = "/v1/protocols"
    /// POST `ExplainForm` → the protocol in plain English, as it is in force.
    public static let explain = "/v1/protocols/explain"
    /// POST `MandateForm` → `Recorded`: gives an auditor this agency's access records about a case.
    public static let mandate = "/v1/mandate"
    /// POST `LedgerForm` → `LedgerPages`; records that the cases were displayed.
    public static let ledger = "/v1/ledger"
    /// POST `ProveFieldForm` → a proof of one field; records that it was given.
    public static let proveField = "/v1/ledger/prove-field"
    /// POST `SearchForm` → the hits.
    public static let search = "/v1/search"
    /// POST `VisibilityForm` → `[VisibilityRow]`: asks the broker what is held in an area; the broker registers it.
    public static let visibility = "/v1/visibility"
    /// GET → `[KeptCommandRow]`: what is kept and not yet recorded.
    public static let kept = "/v1/kept"
    /// POST `KeptCommandQuery` → `[KeptCommandRow]`: one of them, with every word that was typed.
    public static let showKept = "/v1/kept/show"
    /// POST `KeptCommandQuery` → `[KeptCommandRow]`: forgets a command that could not be recorded.
    public static let forgetKept = "/v1/kept/forget"
    /// GET → `[LostPartRow]`: what did not come back when the log did.
    public static let lost = "/v1/lost"
}
