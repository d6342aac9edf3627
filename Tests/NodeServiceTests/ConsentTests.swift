import NodeInterface
import NodeProjections
import Testing

@testable import NodeService

/// Who gave consent is what was said, and never who wrote it down.
@Suite("Consent is given by somebody") struct ConsentTests {
    @Test("Without a name it is nobody's, and certainly not the officer's")
    func whoGaveIt() async throws {
        let scene = try await SharedCase()
        #expect(try await consents(of: scene) == [nil])
        var form = ConsentForm(
            officer: "h1", caseReference: scene.reference, state: "withdrawn", how: "In person at home")
        form.by = "her mother"
        _ = try await scene.harbour.core.record(form)
        #expect(try await consents(of: scene) == ["her mother"])
    }

    private func consents(of scene: SharedCase) async throws -> [String?] {
        try await scene.harbour.core.showCase(CaseQuery(officer: "h1", caseReference: scene.reference))
            .consents.map(\.by)
    }
}
