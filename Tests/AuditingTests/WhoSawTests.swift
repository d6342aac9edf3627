import Auditing
import EventLogs
import Replication
import TallystickPrimitives
import Testing

struct WhoSawTests {
    private func told(opened: [OpenedAccess] = []) async throws -> WhoSaw {
        let scenario = try Scenario.told.get()
        let stream = StreamAddress(
            origin: scenario.partnership.police.origin, stream: scenario.caseStream)
        var view = WhoSaw(streams: [stream], opened: opened)
        _ = try await AuditReplay.run(
            try scenario.partnership.fetched(), roster: try scenario.partnership.roster(),
            observer: &view)
        return view
    }

    @Test func availableAndDeliveredAreKeptApart() async throws {
        let scenario = try Scenario.told.get()
        let view = try await told()
        // Circle, record, second record, purge, for two recipients; and the share of the first
        // record.
        #expect(view.rows.count == 9)
        let truths = scenario.partnership.register.truths
        let receipt = try #require(
            truths.first {
                $0.log == scenario.partnership.council.origin && $0.index == scenario.received
            })
        for row in view.rows {
            let place = row.sharedBy ?? row.index
            let truth = try #require(
                truths.first { $0.log == row.stream.origin && $0.index == place })
            #expect(
                row.available.position == truth.position && row.available.at == truth.admittedAt)
            let isCovered =
                row.recipient == SyntheticPartnership.council && truth.position < receipt.position
            #expect(row.delivered?.position == (isCovered ? receipt.position : nil))
        }
        #expect(view.rows.filter { $0.delivered != nil }.count == 2)
        #expect(
            view.rows.filter { $0.sharedBy == scenario.share }.map(\.index) == [scenario.record])
        #expect(view.silentParties == [SyntheticPartnership.homes])
    }

    /// A receipt that names an older head does not speak for what came after that head.
    @Test func aReceiptCoversWhatStoodBeforeTheHeadThatItNames() async throws {
        let scenario = try Scenario.told.get()
        var partnership = scenario.partnership
        let old = try #require(partnership.register.seen)
        let both: [AgencyCode: [Label]] = [
            SyntheticPartnership.council: [], SyntheticPartnership.homes: [],
        ]
        let later = try partnership.push(
            \.police, [partnership.draft(.record, in: scenario.caseStream)], came: [both])
        let pair = [SyntheticPartnership.council, SyntheticPartnership.police]
        let circle = partnership.circle(
            pair, labels: [:], epoch: EpochID(from: partnership.entropy))
        let stream = StreamID(from: partnership.entropy)
        let body = ReceivedControl(registerSize: old.size, registerRoot: old.root, findings: [])
        let police: [AgencyCode: [Label]] = [SyntheticPartnership.police: []]
        try partnership.push(
            \.council,
            [
                partnership.draft(circle, in: stream),
                partnership.draft(.received(body), in: stream),
            ], came: [police, police])
        try partnership.register.closePage()
        let address = StreamAddress(
            origin: partnership.police.origin, stream: scenario.caseStream)
        var view = WhoSaw(streams: [address])
        _ = try await AuditReplay.run(
            try partnership.fetched(), roster: try partnership.roster(), observer: &view)
        let council = view.rows.filter { $0.recipient == SyntheticPartnership.council }
        #expect(council.last?.index == later[0].index)
        #expect(council.last?.delivered == nil)
        #expect(council.dropLast().allSatisfy { $0.delivered != nil })
    }

    @Test func whatPeopleDidIsSealedUntilAnAgencyOpensItsRecords() async throws {
        let scenario = try Scenario.told.get()
        let sealed = try await told()
        for row in sealed.rows {
            for state in AccessState.allCases {
                #expect(sealed.contact(state, in: row) == .sealed(by: row.recipient))
            }
        }
        #expect(sealed.text.contains("displayed:    sealed by marlow-vale-council"))
        let day = try #require(CivilDate("2026-02-26"))
        let access = OpenedAccess(
            log: scenario.partnership.police.origin, event: scenario.recordEvent,
            agency: SyntheticPartnership.council, state: .displayed, role: "caseworker", day: day)
        let opened = try await told(opened: [access])
        let row = try #require(
            opened.rows.first {
                $0.index == scenario.record && $0.recipient == SyntheticPartnership.council
                    && $0.sharedBy == nil
            })
        #expect(opened.contact(.displayed, in: row) == .recorded([access]))
        #expect(opened.contact(.acted, in: row) == .noRecord)
        let other = try #require(opened.rows.first { $0.recipient == SyntheticPartnership.homes })
        #expect(opened.contact(.displayed, in: other) == .sealed(by: SyntheticPartnership.homes))
        #expect(opened.text.contains("displayed:    caseworker on 2026-02-26"))
    }

    @Test func itEndsWithWhatItCannotShow() async throws {
        let view = try await told()
        let names = ["erased", "refused", "pending", "silent parties", "verbal", "off-system"]
        #expect(view.cannotShow.map { $0.split(separator: ":").first.map(String.init) } == names)
        #expect(view.cannotShow[0].contains("1 compartments"))
        #expect(view.cannotShow[3].contains("harbour-homes"))
        #expect(view.text.hasSuffix(view.cannotShow.map { "  \($0)\n" }.joined()))
        #expect(view.json.hasSuffix("another system is not here\"]}\n"))
    }
}
