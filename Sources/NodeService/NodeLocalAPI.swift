import Foundation
import HTTPTransport
import Logging
import NodeInterface
import TallystickPrimitives

/// The node's local interface: JSON over a Unix socket that only the daemon's account may open.
struct NodeLocalAPI: RequestHandler {
    let core: NodeCore
    let link: BrokerLink
    let logger: Logger

    func handle(_ request: TransportRequest) async -> TransportResponse {
        do { return try await answer(request) } catch {
            let problem = NodeProblem.answer(to: error)
            logger.log(level: problem.status < 500 ? .info : .error, "Refused a command", fault: NodeFault(error))
            return .problem(problem)
        }
    }

    private func answer(_ request: TransportRequest) async throws -> TransportResponse {
        switch request.method {
        case .get: try await read(request)
        case .post: try await write(request)
        default: throw NodeProblem.notFound
        }
    }

    private func read(_ request: TransportRequest) async throws -> TransportResponse {
        switch request.path {
        case NodePath.status:
            try json(
                await core.status(
                    isConnected: link.isConnected, brokerFault: link.fault, answeredAt: link.answeredAt))
        case NodePath.reports: try json(await core.listReports())
        case NodePath.cases: try json(await core.listCases(by: request.query["officer"] ?? ""))
        case NodePath.requests: try json(await core.listRequests(by: request.query["officer"] ?? ""))
        case NodePath.emergencies:
            try json(await core.listEmergencies(by: request.query["officer"] ?? ""))
        case NodePath.recalls:
            try json(await core.listRecalls(by: request.query["officer"] ?? "", only: request.query["recall"]))
        case NodePath.readings: try json(await core.listReadings())
        case NodePath.subjectAccess: try json(await core.listSubjectAccess(by: request.query["officer"] ?? ""))
        case NodePath.holds:
            try json(await core.showHolds(by: request.query["officer"] ?? "", only: request.query["hold"]))
        case NodePath.erasures:
            if let erasure = request.query["erasure"] {
                try json(await core.showErasures(by: request.query["officer"] ?? "", only: erasure))
            } else {
                try json(await core.showErasures(by: request.query["officer"] ?? ""))
            }
        case NodePath.erasureQuestions: try json(await core.showQuestions(by: request.query["officer"] ?? ""))
        case NodePath.retention:
            try json(
                await core.showRetention(
                    by: request.query["officer"] ?? "", months: request.query["months"].flatMap { Int($0) },
                    isOverOnly: request.query["over"] != nil))
        case NodePath.handovers: try json(await core.listHandovers(by: request.query["officer"] ?? ""))
        case NodePath.successions: try json(await core.listSuccessions())
        case NodePath.withdrawals:
            try json(await core.listWithdrawals(by: request.query["officer"] ?? "", only: request.query["withdrawal"]))
        case NodePath.protocols: try json(await core.listProtocols())
        case NodePath.kept: try json(await core.listKept())
        case NodePath.lost: try json(await core.listLost())
        default: throw NodeProblem.notFound
        }
    }

    private func write(_ request: TransportRequest) async throws -> TransportResponse {
        let body = request.body
        if let command = NodeCommand.all[request.path] { return try await record(command, of: request) }
        switch request.path {
        case NodePath.showCase: return try json(await core.showCase(form(CaseQuery.self, body)))
        case NodePath.showHandover: return try json(await core.showHandover(form(CaseQuery.self, body)))
        case NodePath.planSuccession: return try json(await core.planSuccession(form(SuccessorPlanForm.self, body)))
        case NodePath.preview: return try json(await core.preview(form(ShareForm.self, body)))
        case NodePath.previewAnswer: return try json(await core.preview(form(AnswerForm.self, body)))
        case NodePath.previewGivingEarlier: return try json(await core.preview(form(GiveEarlierForm.self, body)))
        case NodePath.previewReferral: return try json(await core.preview(form(ReferralForm.self, body)))
        case NodePath.previewEmergency: return try json(await core.preview(form(EmergencyForm.self, body)))
        case NodePath.previewWithdrawal: return try json(await core.preview(form(WithdrawForm.self, body)))
        case NodePath.showReport: return try json(await core.showReport(form(ReportQuery.self, body)))
        case NodePath.exportCarry: return .cbor(try await core.exportCarry(form(CarryForm.self, body)))
        case NodePath.importCarry: return try json(await core.importCarry(body))
        case NodePath.search: return try json(await core.search(form(SearchForm.self, body)))
        case NodePath.ledger: return try json(await core.ledger(form(LedgerForm.self, body)))
        case NodePath.whoRead: return try json(await core.whoRead(form(WhoReadForm.self, body)))
        case NodePath.showSubjectAccess:
            return try json(await core.showSubjectAccess(form(SubjectAccessQuery.self, body)))
        case NodePath.packSubjectAccess: return try json(await core.pack(form(SubjectAccessQuery.self, body)))
        case NodePath.proveField: return .cbor(try await core.proveField(form(ProveFieldForm.self, body)))
        case NodePath.entry:
            return try json(await core.showEntry(form(EntryQuery.self, body), isConnected: link.isConnected))
        case NodePath.protocolStatus:
            return try json(await core.protocolStatus(form(ProtocolStatusForm.self, body)))
        case NodePath.simulate: return try json(await core.simulate(form(SimulationForm.self, body)))
        case NodePath.readProtocol: return try json(await core.read(form(AdoptionQuery.self, body)))
        case NodePath.explain: return try json(await core.explain(form(ExplainForm.self, body)))
        case NodePath.showKept: return try json(await core.showKept(form(KeptCommandQuery.self, body)))
        case NodePath.forgetKept: return try json(await core.forgetKept(form(KeptCommandQuery.self, body)))
        case NodePath.visibility:
            let form = try form(VisibilityForm.self, body)
            try await core.check(form)
            return try json(await link.visibility(form))
        default: throw NodeProblem.notFound
        }
    }

    /// Records what a command asks for, or keeps the command while the log may not be written.
    private func record(_ command: NodeCommand, of request: TransportRequest) async throws -> TransportResponse {
        if await core.hasOwnLogEnded { throw NodeProblem.logEnded }
        if !core.certainty.isOpen {
            try command.check(request.body)
            let number = try core.certainty.keeping(unless: { $0 == .certain }) {
                try core.keep(request.path, request.body)
            }
            if let number { throw NodeProblem.kept(number) }
        }
        return try recorded(await command.perform(request.body, core, core.time.now()))
    }

    /// What was recorded is not with the broker yet; whether that may take long is for the link to say.
    private func recorded(_ answer: any RecordingAnswer) throws -> TransportResponse {
        var answer = answer
        answer.standing?.brokerAnswers = link.isConnected
        return try json(answer)
    }

    private func form<Form: Decodable>(_ type: Form.Type, _ body: [UInt8]) throws -> Form {
        try NodeCommand.form(type, body)
    }

    private func json(_ value: some Encodable) throws -> TransportResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return .json(Array(try encoder.encode(value)))
    }
}
