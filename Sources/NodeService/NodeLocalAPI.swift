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
        case NodePath.status: try json(await core.status(isConnected: link.isConnected, brokerFault: link.fault))
        case NodePath.reports: try json(await core.listReports())
        case NodePath.cases: try json(await core.listCases(by: request.query["officer"] ?? ""))
        case NodePath.requests: try json(await core.listRequests(by: request.query["officer"] ?? ""))
        case NodePath.protocols: try json(await core.listProtocols())
        default: throw NodeProblem.notFound
        }
    }

    private func write(_ request: TransportRequest) async throws -> TransportResponse {
        let body = request.body
        switch request.path {
        case NodePath.reports: return try recorded(await core.record(form(ReportForm.self, body)))
        case NodePath.cases: return try recorded(await core.openCase(form(CaseForm.self, body)))
        case NodePath.showCase: return try json(await core.showCase(form(CaseQuery.self, body)))
        case NodePath.assess: return try recorded(await core.assess(form(AssessmentForm.self, body)))
        case NodePath.share: return try recorded(await core.share(form(ShareForm.self, body)))
        case NodePath.preview: return try json(await core.preview(form(ShareForm.self, body)))
        case NodePath.stage: return try recorded(await core.move(form(StageForm.self, body)))
        case NodePath.action: return try recorded(await core.record(form(ActionForm.self, body)))
        case NodePath.consent: return try recorded(await core.record(form(ConsentForm.self, body)))
        case NodePath.safeContact: return try recorded(await core.record(form(SafeContactForm.self, body)))
        case NodePath.offer: return try recorded(await core.offer(form(OfferForm.self, body)))
        case NodePath.decline: return try recorded(await core.decline(form(OfferForm.self, body)))
        case NodePath.refer: return try recorded(await core.refer(form(ReferralForm.self, body)))
        case NodePath.acknowledge: return try recorded(await core.acknowledge(form(AcknowledgeForm.self, body)))
        default: return try await writeMore(request.path, body)
        }
    }

    private func writeMore(_ path: String, _ body: [UInt8]) async throws -> TransportResponse {
        switch path {
        case NodePath.requests: return try recorded(await core.make(form(RequestForm.self, body)))
        case NodePath.answer: return try recorded(await core.answer(form(AnswerForm.self, body)))
        case NodePath.previewAnswer: return try json(await core.preview(form(AnswerForm.self, body)))
        case NodePath.imports: return try recorded(await core.importFile(form(ImportForm.self, body)))
        case NodePath.adopt: return try recorded(await core.adopt(form(AdoptForm.self, body)))
        case NodePath.endAdoption:
            return try recorded(await core.endAdoption(form(EndAdoptionForm.self, body)))
        case NodePath.mandate: return try recorded(await core.giveAccessRecords(form(MandateForm.self, body)))
        case NodePath.showReport: return try json(await core.showReport(form(ReportQuery.self, body)))
        case NodePath.exportCarry: return .cbor(try await core.exportCarry(form(CarryForm.self, body)))
        case NodePath.importCarry: return try json(await core.importCarry(body))
        case NodePath.search: return try json(await core.search(form(SearchForm.self, body)))
        case NodePath.entry:
            return try json(await core.showEntry(form(EntryQuery.self, body), isConnected: link.isConnected))
        case NodePath.explain: return try json(await core.explain(form(ExplainForm.self, body)))
        case NodePath.visibility:
            let form = try form(VisibilityForm.self, body)
            try await core.check(form)
            return try json(await link.visibility(form))
        default: throw NodeProblem.notFound
        }
    }

    /// What was recorded is not with the broker yet; whether that may take long is for the link to say.
    private func recorded(_ answer: some RecordingAnswer) throws -> TransportResponse {
        var answer = answer
        answer.standing?.brokerAnswers = link.isConnected
        return try json(answer)
    }

    private func form<Form: Decodable>(_ type: Form.Type, _ body: [UInt8]) throws -> Form {
        do { return try JSONDecoder().decode(type, from: Data(body)) } catch { throw NodeProblem.malformed }
    }

    private func json(_ value: some Encodable) throws -> TransportResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return .json(Array(try encoder.encode(value)))
    }
}
