import Auditing
import Partnership
import Replication
import TallystickPrimitives
import Testing
import TransparencyLog

struct CleanBundleTests {
    @Test func anUntouchedBundleHasNoFindings() async throws {
        let scenario = try Scenario.told.get()
        let partnership = scenario.partnership
        let report = try await AuditReplay.run(
            try partnership.fetched(), roster: try partnership.roster())
        #expect(report.findings == [])
        #expect(report.exitCode == 0)
        #expect(report.isComplete)
        #expect(report.statementCount == UInt64(partnership.register.truths.count))
        #expect(report.refusedCount == 1)
        #expect(report.leafCount == partnership.register.tree.size.value)
        #expect(report.erasedCompartmentCount == 1)
        #expect(report.unjudgedCount == 0)
        #expect(report.logs.count == 4)
        #expect(report.logs.allSatisfy { $0.isHeadVerified })
        #expect(report.text.contains("not cosigned: no witness list is in force"))
        #expect(report.text.contains("findings: none"))
        #expect(report.json.hasSuffix("\"exitCode\":0}\n"))
    }
}
