import Foundation
import NodeInterface
import TallystickPrimitives

/// What is kept, as people look at it: whose it is, what it asks for, about which case.
extension NodeCore {
    /// What waits or could not be recorded; that somebody was shown something is for the node alone.
    func listKept() throws -> [KeptCommandRow] {
        try kept.rows(limit: Limits.keptCommandCount) { command in
            command.path == NodeCommand.reading ? nil : KeptCommandRow(command, isWhole: false)
        }.compactMap(\.self).prefix(Limits.listRowCount).map(\.self)
    }

    /// One of them with every word that was typed.
    func showKept(_ query: KeptCommandQuery) throws -> [KeptCommandRow] {
        guard let command = try kept.command(query.number), command.path != NodeCommand.reading else {
            throw NodeProblem.unknownKept(query.number)
        }
        return [KeptCommandRow(command, isWhole: true)]
    }

    /// Forgets one that could not be recorded.
    func forgetKept(_ query: KeptCommandQuery) throws -> [KeptCommandRow] {
        guard try kept.forget(query.number) else { throw NodeProblem.unknownKept(query.number) }
        return try listKept()
    }
}

extension KeptCommandRow {
    /// What each command does, in words.
    static let commandWords: [String: String] = [
        NodePath.reports: "record a report", NodePath.cases: "open a case", NodePath.assess: "assess the risk",
        NodePath.share: "share a case", NodePath.stage: "move a case on", NodePath.action: "record an action",
        NodePath.consent: "record consent", NodePath.safeContact: "record a safe contact",
        NodePath.offer: "offer a service", NodePath.decline: "record that a service was declined",
        NodePath.refer: "send a referral", NodePath.acknowledge: "acknowledge a case",
        NodePath.requests: "make a request", NodePath.answer: "answer a request", NodePath.imports: "import a file",
        NodePath.emergencies: "tell of an emergency", NodePath.reviewEmergency: "review an emergency",
        NodePath.told: "enter what was told", NodePath.giveEarlier: "give earlier entries",
        NodePath.stepRequest: "take a step about a request",
        NodePath.corrections: "correct or dispute an entry",
        NodePath.startSuccession: "begin a succession", NodePath.moveSuccession: "move cases to a successor",
        NodePath.finishSuccession: "end a succession",
        NodePath.handovers: "hand a case over",
        NodePath.recalls: "recall what was given in error", NodePath.answerRecall: "answer a recall",
        NodePath.decideRecall: "decide whether the regulator is told",
        NodePath.withholdReadings: "withhold reports of readings",
        NodePath.subjectAccess: "enter a request for one's own data",
        NodePath.markSubjectAccess: "choose for an entry of a request for one's own data",
        NodePath.consultSubjectAccess: "ask agencies about a request for one's own data",
        NodePath.adviseSubjectAccess: "answer a question about a request for one's own data",
        NodePath.extendSubjectAccess: "extend a request for one's own data",
        NodePath.away: "say that the contact is away",
        NodePath.holds: "place a hold", NodePath.liftHold: "lift a hold",
        NodePath.erasures: "propose an erasure", NodePath.approveErasure: "approve an erasure",
        NodePath.stopErasure: "bring back what was to be erased",
        NodePath.answerErasure: "answer a question about an erasure",
        NodePath.withdrawals: "withdraw what was given", NodePath.answerWithdrawal: "answer a withdrawal",
        NodePath.adopt: "sign a protocol", NodePath.respond: "respond to a consultation",
        NodePath.endAdoption: "end a protocol",
        NodePath.mandate: "give an auditor access records",
    ]

    fileprivate init(_ command: KeptCommands.Command, isWhole: Bool) {
        let typed = (try? JSONSerialization.jsonObject(with: Data(command.body))) as? [String: Any] ?? [:]
        self.init(
            number: command.number, keptAt: command.keptAt.description,
            command: KeptCommandRow.commandWords[command.path] ?? command.path,
            standing: command.refusal == nil ? .waiting : .refused, reason: command.refusal)
        officer = typed["officer"] as? String
        caseReference = typed["caseReference"] as? String
        guard isWhole else { return }
        // A file that was to be imported is with whoever gave it, and would fill the screen.
        words = typed.filter { $0.key != "data" && $0.key != "mapping" }.mapValues { value in
            (value as? [Any]).map { $0.map { "\($0)" }.joined(separator: ", ") } ?? "\(value)"
        }
    }
}
