import Auditing
import DeterministicCBOR
import EventLogs
import Partnership
import Replication
import SharingProtocols
import TallystickPrimitives
import Testing
import TransparencyLog

struct ConformanceTests {
    private func told(_ partnership: SyntheticPartnership) async throws -> Conformance {
        var conformance = Conformance()
        _ = try await AuditReplay.run(
            try partnership.fetched(), roster: try partnership.roster(), observer: &conformance)
        return conformance
    }

    @Test func everythingGivenIsNamedWithItsClause() async throws {
        let scenario = try Scenario.told.get()
        let conformance = try await told(scenario.partnership)
        #expect(conformance.findings == [])
        #expect(conformance.text.contains("findings: none"))
        #expect(!conformance.text(damage: 2).contains("none"))
        #expect(conformance.text(damage: 2).contains("this copy is damaged (2 more"))
        #expect(
            conformance.gifts.map { "\($0.recipient) \($0.label)" } == [
                "harbour-homes record", "marlow-vale-council identity",
                "marlow-vale-council record",
                "marlow-vale-council account", "marlow-vale-council identity",
            ])
        let terms = try scenario.partnership.bundle.sharingProtocol()
        for gift in conformance.gifts {
            let fitting = terms.rules.filter {
                $0.labels.contains(gift.label) && $0.channel == (gift.isDirect ? .direct : .feed)
            }
            guard case .clauses(let clauses) = gift.permission else { throw NoSuchPlace() }
            #expect(!clauses.isEmpty)
            #expect(clauses.allSatisfy { clause in fitting.contains { $0.code == clause.clause } })
            #expect(
                clauses.allSatisfy { $0.protocolCode == terms.code && $0.version == terms.version })
        }
        #expect(conformance.gifts.map(\.isDirect) == [false, false, false, true, false])
        #expect(conformance.gifts.dropFirst(3).first?.index == scenario.share)
        #expect(conformance.countsByProtocol.map(\.value) == [5])
        #expect(conformance.countsByRecipient == ["harbour-homes": 1, "marlow-vale-council": 4])
    }

    @Test func refusedStatementsAreListedWithTheirReasons() async throws {
        let scenario = try Scenario.told.get()
        let conformance = try await told(scenario.partnership)
        #expect(conformance.refused.map(\.index) == [scenario.refused])
        #expect(conformance.refused.map(\.log) == [scenario.partnership.homes.origin])
        #expect(conformance.refused.map(\.reason) == ["not-permitted"])
        #expect(conformance.text.contains("refused (not-permitted)"))
        #expect(conformance.json.contains("\"reason\":\"not-permitted\""))
    }

    @Test func theEmergencyRouteIsNamedAsSuch() async throws {
        var partnership = try Scenario.told.get().partnership
        let stream = StreamID(from: partnership.entropy)
        let account = partnership.part("account", in: nil)
        let pair = [SyntheticPartnership.council, SyntheticPartnership.homes]
        let council: [AgencyCode: [Label]] = [SyntheticPartnership.council: []]
        let opened = try partnership.push(
            \.homes,
            [
                partnership.draft(
                    partnership.circle(
                        pair, labels: [:], epoch: EpochID(from: partnership.entropy)), in: stream),
                partnership.draft(.record, in: stream, parts: [account]),
            ], came: [council, council])
        let share = ShareControl(
            recipient: SyntheticPartnership.council,
            compartments: [
                CompartmentAddress(
                    origin: partnership.homes.origin, index: opened[1].index,
                    compartment: account.descriptor.id)
            ], expires: partnership.now.adding(seconds: 86_400))
        let decision = DecisionCodes(
            bundle: nil, purpose: "protect-life", gateway: "emergency", basis: "vital-interests",
            condition: nil)
        try partnership.push(
            \.homes, [partnership.draft(.share(share), in: stream, decision: decision)],
            came: [council])
        try partnership.register.closePage()
        let conformance = try await told(partnership)
        #expect(conformance.gifts.last?.permission.words == "emergency")
        #expect(conformance.findings == [])
        #expect(try Damage(partnership).findings() == [])
    }

    @Test func aShareToAnAuditorRestsOnTheMandate() async throws {
        var partnership = try Scenario.told.get().partnership
        let stream = StreamID(from: partnership.entropy)
        let access = partnership.part("record", in: nil)
        let own = partnership.circle(
            [SyntheticPartnership.homes], labels: [:], epoch: EpochID(from: partnership.entropy),
            isOwn: true)
        let opened = try partnership.push(
            \.homes,
            [
                partnership.draft(own, in: stream),
                partnership.draft(.access, in: stream, parts: [access]),
            ],
            came: [[:], [:]])
        let share = ShareControl(
            recipient: SyntheticPartnership.auditor,
            compartments: [
                CompartmentAddress(
                    origin: partnership.homes.origin, index: opened[1].index,
                    compartment: access.descriptor.id)
            ], expires: nil)
        try partnership.push(
            \.homes, [partnership.draft(.share(share), in: stream)],
            came: [[SyntheticPartnership.auditor: []]])
        try partnership.register.closePage()
        #expect(try await told(partnership).gifts.last?.permission == .mandate)
    }

    @Test func aSignatureThatLacksAnOfficeIsAFindingUntilTheOfficeSigns() async throws {
        var partnership = try Scenario.told.get().partnership
        func push(_ control: ControlBody) throws {
            try partnership.push(
                \.homes, [partnership.draft(control, in: .control)],
                came: [SyntheticPartnership.control(by: SyntheticPartnership.homes)])
        }
        let bundle = partnership.bundle.hash
        try push(.endAdoption(bundle: bundle, offices: ["data-protection-officer"], reason: "suspended"))
        try push(.adopt(bundle: bundle, offices: ["data-protection-officer"]))
        var half = partnership
        try half.register.closePage()
        let lacking = try await told(half)
        #expect(lacking.incomplete.map(\.missing) == [["head-of-housing"]])
        #expect(lacking.findings.map(\.kind) == [.officeMissing("head-of-housing")])
        #expect(lacking.findings.map(\.severity) == [.protocol])
        #expect(lacking.text.contains("without the head-of-housing, who must sign"))
        try push(.adopt(bundle: bundle, offices: ["head-of-housing"]))
        try partnership.register.closePage()
        #expect(try await told(partnership).findings.isEmpty)
    }

    @Test func theAuditStopsWhereItsProgramLacksTheRulesAndSaysWhichOnce() async throws {
        var partnership = try Scenario.told.get().partnership
        let current = partnership.bundle
        let future = try RulesBundle(
            decoding: .array([
                .unsigned(1), .unsigned(UInt64(ShareDecisions.functionVersion + 1)), .bytes(current.yaml),
                .map(of: current.tables.map { (.text($0.key), .bytes($0.value)) }),
            ]))
        try partnership.publish(future, version: 2)
        let from = partnership.register.tree.size
        for _ in 0..<2 {
            try partnership.push(
                \.homes, [try partnership.adoption(by: SyntheticPartnership.homes)],
                came: [SyntheticPartnership.control(by: SyntheticPartnership.homes)])
        }
        try partnership.register.closePage()
        let report = try await AuditReplay.run(try partnership.fetched(), roster: try partnership.roster())
        #expect(report.findings.map(\.kind.code) == ["rules-lacked"])
        #expect(report.findings.map(\.index) == [LeafIndex(from.value)])
        #expect(report.findings.first.map { "\($0)" }?.contains("version 3 of the decision function") == true)
    }
}
