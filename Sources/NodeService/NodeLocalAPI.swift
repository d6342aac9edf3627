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
        case NodePath.status: try json(await core.status(isConnected: link.isConnected))
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
        case NodePath.reports: return try json(await core.record(form(ReportForm.self, body)))
        case NodePath.cases: return try json(await core.openCase(form(CaseForm.self, body)))
        case NodePath.showCase: return try json(await core.showCase(form(CaseQuery.self, body)))
        case NodePath.assess: return try json(await core.assess(form(AssessmentForm.self, body)))
        case NodePath.share: return try json(await core.share(form(ShareForm.self, body)))
        case NodePath.preview: return try json(await core.preview(form(ShareForm.self, body)))
        case NodePath.stage: return try json(await core.move(form(StageForm.self, body)))
        case NodePath.action: return try json(await core.record(form(ActionForm.self, body)))
        case NodePath.consent: return try json(await core.record(form(ConsentForm.self, body)))
        case NodePath.safeContact: return try json(await core.record(form(SafeContactForm.self, body)))
        case NodePath.offer: return try json(await core.offer(form(OfferForm.self, body)))
        case NodePath.decline: return try json(await core.decline(form(OfferForm.self, body)))
        case NodePath.refer: return try json(await core.refer(form(ReferralForm.self, body)))
        case NodePath.acknowledge: return try json(await core.acknowledge(form(AcknowledgeForm.self, body)))
        default: return try await writeMore(request.path, body)
        }
    }

    private func writeMore(_ path: String, _ body: [UInt8]) async throws -> TransportResponse {
        switch path {
        case NodePath.requests: return try json(await core.make(form(RequestForm.self, body)))
        case NodePath.answer: return try json(await core.answer(form(AnswerForm.self, body)))
        case NodePath.imports: return try json(await core.importFile(form(ImportForm.self, body)))
        case NodePath.adopt: return try json(await core.adopt(form(AdoptForm.self, body)))
        case NodePath.endAdoption: return try json(await core.endAdoption(form(EndAdoptionForm.self, body)))
        case NodePath.mandate: return try json(await core.giveAccessRecords(form(MandateForm.self, body)))
        case NodePath.showReport: return try json(await core.showReport(form(ReportQuery.self, body)))
        case NodePath.search: return try json(await core.search(form(SearchForm.self, body)))
        case NodePath.visibility: return try json(await link.visibility(form(VisibilityForm.self, body)))
        default: throw NodeProblem.notFound
        }
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
