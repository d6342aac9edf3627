import HTTPTransport
import TallystickPrimitives
import Testing

struct ProblemDetailsTests {
    private let problem = ProblemDetails(
        code: "log-behind", title: "Log is behind", status: 409,
        detail: "The log has 7 leaves; \"8\" / more were promised.")

    @Test func isWrittenAsRFC9457() {
        let golden =
            #"{"detail":"The log has 7 leaves; \"8\" / more were promised.","status":409,"#
            + #""title":"Log is behind","type":"tallystick:problem/log-behind"}"#
        #expect(String(decoding: problem.json, as: UTF8.self) == golden)
    }

    @Test func isReadBackFromAResponse() throws {
        let response = TransportResponse.problem(problem)
        #expect(response.status == 409)
        #expect(response.contentType == "application/problem+json")
        #expect(response.problem == problem)
        #expect(throws: TransportFailure.status(409, problem)) { try response.successBody() }
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"type":"about:blank","title":"t","status":404,"detail":"d"}"#,
        #"{"type":"tallystick:problem/A B","title":"t","status":404,"detail":"d"}"#,
        #"{"type":"tallystick:problem/x","title":"t","status":200,"detail":"d"}"#,
        #"{"type":"tallystick:problem/x","title":"t","status":404}"#,
    ])
    func otherTextIsNoProblem(text: String) {
        #expect(ProblemDetails(json: Array(text.utf8)) == nil)
    }

    @Test func successHasItsBodyAndOtherFailuresNoProblem() throws {
        #expect(try TransportResponse.cbor([1], status: 201).successBody() == [1])
        let redirect = TransportResponse(status: 303, contentType: "", body: [])
        #expect(throws: TransportFailure.status(303, nil)) { try redirect.successBody() }
    }
}
