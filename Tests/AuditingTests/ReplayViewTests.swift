import Auditing
import EventLogs
import Replication
import TallystickPrimitives
import Testing
import TransparencyLog

struct ReplayViewTests {
    private func view(_ agency: AgencyCode, _ moment: AuditMoment) async throws -> ReplayView {
        let partnership = try Scenario.told.get().partnership
        var view = ReplayView(as: agency, at: moment)
        _ = try await AuditReplay.run(
            try partnership.fetched(), roster: try partnership.roster(), observer: &view)
        return view
    }

    private func expected(
        _ agency: AgencyCode, where covers: (Truth) -> Bool
    ) throws -> [[String]] {
        try Scenario.told.get().partnership.register.truths.filter(covers).compactMap { truth in
            truth.came[agency].map {
                ["\(truth.position)", "\(truth.log)", "\(truth.index)"] + $0.map(\.text)
            }
        }
    }

    private func lines(_ view: ReplayView) -> [[String]] {
        view.received.map {
            ["\($0.position)", "\($0.stream.origin)", "\($0.index)"] + $0.labels.map(\.text)
        }
    }

    @Test(arguments: [
        SyntheticPartnership.police, SyntheticPartnership.council, SyntheticPartnership.homes,
        SyntheticPartnership.auditor,
    ])
    func whatAnAgencyHadReceivedIsTheGroundTruth(agency: AgencyCode) async throws {
        let register = try Scenario.told.get().partnership.register
        let sizes = [register.pages[1].next, register.pages[2].next, register.tree.size]
        for size in sizes + [TreeSize(register.pages[2].from.value + 2)] {
            let view = try await view(agency, .size(size))
            #expect(lines(view) == (try expected(agency) { $0.position < size.value }))
            #expect(view.streamCounts.values.reduce(0, +) == view.received.count)
        }
        let instant = register.truths[register.truths.count / 2].admittedAt
        #expect(
            lines(try await view(agency, .time(instant)))
                == (try expected(agency) { $0.admittedAt <= instant }))
    }

    @Test func whatExistsAndDidNotComeIsNamedWithItsReason() async throws {
        let scenario = try Scenario.told.get()
        let size = scenario.partnership.register.tree.size
        let homes = try await view(SyntheticPartnership.homes, .size(size))
        let stream = StreamAddress(
            origin: scenario.partnership.police.origin, stream: scenario.caseStream)
        let record = try #require(
            homes.received.first { $0.stream == stream && $0.index == scenario.record })
        #expect(record.labels == ["record"])
        #expect(record.withheld.map(\.label) == ["identity", "account"])
        #expect(record.withheld.map(\.reason) == [.notForAgency, .staysHome])
        #expect(homes.streamCounts[stream] == 4)
        #expect(homes.text.contains("exists and did not come: identity (not for this agency)"))
        for word in ["statement", "compartment", "stream", "leaf", "leaves", "circle", "epoch", "grant", "void"] {
            #expect(!homes.text.contains(word), "\(word) is a word of the machinery")
        }
    }

    @Test func aShareIsListedWithItsEnd() async throws {
        let scenario = try Scenario.told.get()
        let during = try await view(SyntheticPartnership.council, .time(scenario.partnership.now))
        let share = try #require(during.shares.first)
        #expect(during.shares.count == 1)
        #expect(share.index == scenario.share && share.compartment.index == scenario.record)
        #expect(share.label == "account")
        #expect(share.expires == scenario.shareExpires)
        #expect(!during.hasEnded(share))
        let after = try await view(SyntheticPartnership.council, .time(scenario.shareExpires))
        #expect(after.hasEnded(try #require(after.shares.first)))
        #expect(after.json.contains("\"hasEnded\":true"))
        let before = try await view(SyntheticPartnership.council, .size(TreeSize(share.position)))
        #expect(before.shares.isEmpty)
        #expect(try await view(SyntheticPartnership.homes, .size(TreeSize(999))).shares.isEmpty)
    }

    /// A broker's clock that was put back: what was registered after a moment did not happen before it.
    @Test func aTimeEndsWhereTheRegisterFirstSaysLater() async throws {
        var partnership = try Scenario.told.get().partnership
        let moment = partnership.now
        let size = partnership.register.tree.size
        for seconds in [0, -200] as [Int64] {
            partnership.now = moment.adding(seconds: seconds)
            try partnership.push(
                \.council, [partnership.adoption(by: SyntheticPartnership.council)],
                came: [SyntheticPartnership.control(by: SyntheticPartnership.council)])
        }
        try partnership.register.closePage()
        var view = ReplayView(as: SyntheticPartnership.police, at: .time(moment))
        var whole = ReplayView(as: SyntheticPartnership.police, at: .size(size))
        let (bundle, roster) = (try partnership.fetched(), try partnership.roster())
        _ = try await AuditReplay.run(bundle, roster: roster, observer: &view)
        _ = try await AuditReplay.run(bundle, roster: roster, observer: &whole)
        #expect(!whole.received.isEmpty && view.received == whole.received)
        #expect(view.received.allSatisfy { $0.position < size.value })
    }
}
