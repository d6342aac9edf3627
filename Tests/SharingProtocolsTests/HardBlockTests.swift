import SharingProtocols
import TallystickPrimitives
import Testing

/// One test a row of the table `hard-blocks`, of those that the Joint Action Group's powers do not reach.
@Suite struct HardBlockTests {
    /// A protocol whose clauses permit everything, so that only the law stands against it.
    private func decide(
        _ gateway: GatewayCode, _ label: Label, _ type: EventTypeCode, _ fields: Set<FieldCode>
    ) throws -> ShareDecision {
        let text = try ProtocolFiles.edited(
            "jag",
            [
                (
                    "- gateway: pcsc-2022-s16\n    purposes: [prevent-serious-violence]",
                    "- gateway: \(gateway)\n    purposes: [prevent-asb]"
                ),
                (
                    "    gateways: [cda-1998-s115, care-act-2014-s42, victims-code-right-4]",
                    "    gateways: [\(gateway)]"
                ),
                (
                    "    gateways: [cda-1998-s115, care-act-2014-s42, victims-code-right-4]",
                    "    gateways: [\(gateway)]"
                ),
            ])
        let terms = try SharingProtocol(parsing: Array(text.utf8), file: "jag.yaml")
        let question = Questions.feed(label, to: "marlow-vale-council", from: "northshire-police").changed {
            $0.gateway = gateway
            $0.sealed = SealedFacts(eventType: type, fields: fields)
        }
        return ShareDecisions.decideShare(question, under: terms)
    }

    @Test func licensingIsAboutPremises() throws {
        let place = try decide("la-2003-s185", .record, "report-recorded", ["category", "place", "occurred"])
        #expect(place.isPermitted, "\(place)")
        let person = try decide("la-2003-s185", .identity, "report-recorded", ["subject-name"])
        let block = try #require(person.refusals.first { $0.code == .hardBlock })
        #expect(block.clause == "licensing-premises-only")
        #expect(block.gatewaysThatWork == ["cda-1998-s115"])
        let wish = try decide("la-2003-s185", .record, "referral-offered", ["service"])
        #expect(wish.refusals.contains { $0.clause == "licensing-premises-only" }, "by the class of the field")
    }

    @Test(
        arguments: [("cja-2003-s325", "mappa-flag-only"), ("ctsa-2015-s38", "channel-flag-only")]
            as [(GatewayCode, ClauseCode)])
    func ofMappaAndChannelTheFlagOnly(gateway: GatewayCode, row: ClauseCode) throws {
        let contact = try decide(gateway, .record, "case-opened", ["case-kind", "lead-agency"])
        #expect(contact.isPermitted, "\(contact)")
        for (label, field) in [(.record, "summary"), (.identity, "subject-name")] as [(Label, FieldCode)] {
            let told = try decide(gateway, label, "case-opened", [field])
            let block = try #require(told.refusals.first { $0.code == .hardBlock }, "\(field)")
            #expect(block.clause == row)
            #expect(block.gatewaysThatWork.contains("cda-1998-s115"))
        }
    }

    @Test func everyRowSaysWhatWouldWorkAndIsTested() {
        let tested: Set<ClauseCode> = [
            "svd-patient", "svd-care-discloser", "s17a-person", "victim-contact-to-subject", "licensing-premises-only",
            "mappa-flag-only", "channel-flag-only",
        ]
        #expect(Set(HardBlock.all.map(\.code)) == tested)
        for block in HardBlock.all {
            #expect(!block.gatewaysThatWork.isEmpty && !block.sentence.isEmpty, "\(block.code)")
            #expect(block.gatewaysThatWork.allSatisfy { block.gateways?.contains($0) != true }, "\(block.code)")
        }
    }
}
