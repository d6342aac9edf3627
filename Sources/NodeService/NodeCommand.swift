import Casework
import EventLogs
import Foundation
import HTTPTransport
import Logging
import NodeInterface
import SQLiteStore
import TallystickPrimitives

/// A command of the local interface that records something: how its form is read, and what is done.
struct NodeCommand: Sendable {
    /// Reads the form, and does nothing with it.
    let check: @Sendable ([UInt8]) throws -> Void
    /// Reads the form and records what it asks for.
    let perform: @Sendable ([UInt8], NodeCore, Timestamp) async throws -> any RecordingAnswer

    private init<Form: Decodable & Sendable, Made: RecordingAnswer>(
        _ form: Form.Type, _ perform: @escaping @Sendable (NodeCore, Form) async throws -> Made
    ) {
        check = { _ = try NodeCommand.form(Form.self, $0) }
        self.perform = { body, core, _ in try await perform(core, try NodeCommand.form(Form.self, body)) }
    }

    private init(reading perform: @escaping @Sendable (NodeCore, KeptReading, Timestamp) async throws -> Recorded) {
        check = { _ in throw NodeProblem.notFound }
        self.perform = { body, core, keptAt in
            try await perform(core, try NodeCommand.form(KeptReading.self, body), keptAt)
        }
    }

    static func form<Form: Decodable>(_ type: Form.Type, _ body: [UInt8]) throws -> Form {
        do { return try JSONDecoder().decode(type, from: Data(body)) } catch { throw NodeProblem.malformed }
    }

    /// Every command that records something, by its path.
    static let all: [String: NodeCommand] = [
        NodePath.reports: NodeCommand(ReportForm.self) { try await $0.record($1) },
        NodePath.cases: NodeCommand(CaseForm.self) { try await $0.openCase($1) },
        NodePath.assess: NodeCommand(AssessmentForm.self) { try await $0.assess($1) },
        NodePath.share: NodeCommand(ShareForm.self) { try await $0.share($1) },
        NodePath.stage: NodeCommand(StageForm.self) { try await $0.move($1) },
        NodePath.action: NodeCommand(ActionForm.self) { try await $0.record($1) },
        NodePath.consent: NodeCommand(ConsentForm.self) { try await $0.record($1) },
        NodePath.safeContact: NodeCommand(SafeContactForm.self) { try await $0.record($1) },
        NodePath.handovers: NodeCommand(HandoverForm.self) { try await $0.handOver($1) },
        NodePath.startSuccession: NodeCommand(SuccessorForm.self) { try await $0.startSuccession($1) },
        NodePath.moveSuccession: NodeCommand(SuccessorForm.self) { try await $0.moveCases($1) },
        NodePath.finishSuccession: NodeCommand(SuccessorForm.self) { try await $0.finishSuccession($1) },
        NodePath.offer: NodeCommand(OfferForm.self) { try await $0.offer($1) },
        NodePath.decline: NodeCommand(OfferForm.self) { try await $0.decline($1) },
        NodePath.refer: NodeCommand(ReferralForm.self) { try await $0.refer($1) },
        NodePath.acknowledge: NodeCommand(AcknowledgeForm.self) { try await $0.acknowledge($1) },
        NodePath.requests: NodeCommand(RequestForm.self) { try await $0.make($1) },
        NodePath.answer: NodeCommand(AnswerForm.self) { try await $0.answer($1) },
        NodePath.giveEarlier: NodeCommand(GiveEarlierForm.self) { try await $0.giveEarlier($1) },
        NodePath.stepRequest: NodeCommand(StepForm.self) { try await $0.step($1) },
        NodePath.away: NodeCommand(AwayForm.self) { try await $0.setAway($1) },
        NodePath.told: NodeCommand(ToldForm.self) { try await $0.enterTold($1) },
        NodePath.emergencies: NodeCommand(EmergencyForm.self) { try await $0.tell($1) },
        NodePath.reviewEmergency: NodeCommand(EmergencyReviewForm.self) { try await $0.review($1) },
        NodePath.corrections: NodeCommand(CorrectionForm.self) { try await $0.correct($1) },
        NodePath.recalls: NodeCommand(RecallForm.self) { try await $0.recall($1) },
        NodePath.answerRecall: NodeCommand(RecallAnswerForm.self) { try await $0.answer($1) },
        NodePath.decideRecall: NodeCommand(RecallDecisionForm.self) { try await $0.decideBreach($1) },
        NodePath.withholdReadings: NodeCommand(ReadingWithholdForm.self) { try await $0.withhold($1) },
        NodePath.subjectAccess: NodeCommand(SubjectAccessForm.self) { try await $0.open($1) },
        NodePath.markSubjectAccess: NodeCommand(SubjectAccessMarkForm.self) { try await $0.mark($1) },
        NodePath.consultSubjectAccess: NodeCommand(SubjectAccessConsultForm.self) { try await $0.consult($1) },
        NodePath.adviseSubjectAccess: NodeCommand(SubjectAccessAdviceForm.self) { try await $0.advise($1) },
        NodePath.extendSubjectAccess: NodeCommand(SubjectAccessExtendForm.self) { try await $0.extend($1) },
        NodePath.holds: NodeCommand(HoldForm.self) { try await $0.place($1) },
        NodePath.liftHold: NodeCommand(HoldLiftForm.self) { try await $0.lift($1) },
        NodePath.erasures: NodeCommand(ErasureForm.self) { try await $0.propose($1) },
        NodePath.approveErasure: NodeCommand(ErasureApprovalForm.self) { try await $0.approve($1) },
        NodePath.stopErasure: NodeCommand(ErasureStopForm.self) { try await $0.bringBack($1) },
        NodePath.answerErasure: NodeCommand(ErasureAnswerForm.self) { try await $0.answer($1) },
        NodePath.withdrawals: NodeCommand(WithdrawForm.self) { try await $0.withdraw($1) },
        NodePath.answerWithdrawal: NodeCommand(WithdrawalAnswerForm.self) { try await $0.answer($1) },
        NodePath.imports: NodeCommand(ImportForm.self) { try await $0.importFile($1) },
        NodePath.adopt: NodeCommand(AdoptForm.self) { try await $0.adopt($1) },
        NodePath.respond: NodeCommand(ConsultationForm.self) { try await $0.respond($1) },
        NodePath.endAdoption: NodeCommand(EndAdoptionForm.self) { try await $0.endAdoption($1) },
        NodePath.mandate: NodeCommand(MandateForm.self) { try await $0.giveAccessRecords($1) },
    ]

    /// What the node itself records of a reading. It is no path: nobody can ask for it.
    static let reading = "reading"
    private static let kept = all.merging([reading: NodeCommand(reading: { try await $0.recordKept($1, at: $2) })]) {
        $1
    }

    /// The command that was kept under a name; nil for one that this program does not know.
    static func kept(as name: String) -> NodeCommand? { kept[name] }
}

/// That somebody was shown something while the log could not be written.
struct KeptReading: Codable, Hashable, Sendable {
    let state: AccessState
    let references: [String?]
    let event: String?
    let officer: String
    var role: String?
}

extension NodeCore {
    /// Keeps what cannot be recorded now.
    ///
    /// - Returns: its number.
    nonisolated func keep(_ name: String, _ body: [UInt8]) throws -> Int {
        guard let number = try kept.keep(name, body, at: time.now()) else { throw NodeProblem.keptIsFull }
        return number
    }

    /// Keeps that somebody was shown something. Where no more is kept, they are shown it all the same: what protects people
    /// is not withheld for want of a record, and whoever runs the node is told.
    nonisolated func keepReading(_ body: [UInt8]) throws {
        guard try kept.keep(NodeCommand.reading, body, at: time.now()) == nil else { return }
        logger.error("A reading could not be recorded", metadata: ["error.code": "kept-full"])
    }

    /// Records a reading as of when it was.
    fileprivate func recordKept(_ reading: KeptReading, at keptAt: Timestamp) async throws -> Recorded {
        let ids = try await recordAccess(
            reading.state, of: reading.references.map { $0.flatMap { CaseReference($0) } },
            event: reading.event.flatMap { EventID(hex: $0) }, by: reading.officer, at: keptAt,
            role: reading.role)
        return Recorded(events: ids.suffix(1).map(\.hex))
    }

    /// Records what was kept, in order, and then whatever comes as it comes. What the node refuses is shown with the
    /// reason; whoever gave it decides.
    func recordKept() async throws {
        guard certainty.standing == .settling else { return }
        try await turns.alone(on: "kept") {
            while !certainty.open(unless: { kept.isWaiting }), let command = try kept.next() {
                try await recordKept(command)
            }
        }
    }

    private func recordKept(_ command: KeptCommands.Command) async throws {
        try kept.begin(command)
        let size = await writer.size
        var refusal: String?
        do {
            guard let known = NodeCommand.kept(as: command.path) else { throw NodeProblem.notFound }
            _ = try await known.perform(command.body, self, command.keptAt)
        } catch {
            let hasGrown = await writer.size > size
            if let failure = error as? AppendFailure, failure.mayPass {
                if hasGrown {
                    try settle(command, refusal: KeptCommands.outcomeUnknown)
                } else {
                    try kept.putOff(command)
                }
                throw failure
            }
            let problem = NodeProblem.answer(to: error)
            refusal = "\(problem.title): \(problem.detail)"
            logger.notice("A kept command was not recorded", metadata: ["error.code": "\(problem.code)"])
        }
        try settle(command, refusal: refusal)
    }

    /// A command that was carried out and cannot be marked so must not be taken up again: only a start, which shows it to
    /// people, goes on.
    private func settle(_ command: KeptCommands.Command, refusal: String?) throws {
        do { try kept.settle(command, refusal: refusal) } catch { throw KeptNotSettled() }
    }

    func listLost() throws -> [LostPartRow] {
        try store.lostParts(of: origin, limit: Limits.listRowCount).map { part in
            let statement = try store.readLog(from: part.index, limit: 1).first?.statement
            return LostPartRow(
                log: origin.text, index: Int(clamping: part.index.value), entry: statement?.eventID.hex ?? "",
                kind: statement.map { "\($0.payload.kind)" } ?? "", label: part.label.text,
                loss: part.loss.rawValue)
        }
    }
}

/// What was carried out could not be marked so on the disk.
struct KeptNotSettled: Error {}

extension AppendFailure {
    /// Whether nothing was recorded and the same may be recorded later.
    fileprivate var mayPass: Bool {
        switch self {
        case .stopping, .uncertain, .notSigned: true
        case .store(let error): error != .outcomeUnknown && error != .duplicate
        case .refused: false
        }
    }
}
