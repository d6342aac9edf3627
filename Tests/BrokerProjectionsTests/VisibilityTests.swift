import BrokerProjections
import DeterministicCBOR
import EventLogs
import Replication
import SharingProtocols
import TallystickPrimitives
import Testing

private let police: AgencyCode = "northshire-police"
private let council: AgencyCode = "marlow-vale-council"
private let support: AgencyCode = "victim-first"

@Suite struct VisibilityTests {
    @Test func aSignatorySeesAreaCategoryWeekAndLeadOnly() throws {
        var world = try World(signedBy: [police, council])
        try world.admit(
            council, stream: world.stream(), pointers: [world.pointer(lead: council.text)])
        let entry = VisibilityEntry(
            agency: council, area: "E05000001", category: "noise", week: "2026-W09")
        #expect(try world.seen() == [entry])
        let page = try VisibilityPage(decoding: CBOR.array([entry.item]).encoded)
        #expect(page.entries.map(\.agency) == [council.text])
        #expect(page.entries.map(\.week) == ["2026-W09"])
    }

    @Test func theQueryNarrowsByAreaAndCategory() throws {
        var world = try World(signedBy: [police, council])
        for (area, category) in [
            ("E05000001", "noise"), ("E05000002", "noise"), ("E05000002", "arson"),
        ] {
            try world.admit(
                council, stream: world.stream(),
                pointers: [world.pointer(area: area, category: category)])
        }
        #expect(try world.seen(area: "E05000002").count == 2)
        #expect(try world.seen(category: "noise").count == 2)
        #expect(try world.seen(area: "E05000002", category: "noise").count == 1)
        #expect(try world.seen(area: "E05000003").isEmpty)
        #expect(try world.seen().map(\.area) == ["E05000001", "E05000002", "E05000002"])
    }

    @Test func whoeverHasNotSignedSeesNothing() throws {
        var world = try World(signedBy: [police, council])
        try world.admit(council, stream: world.stream(), pointers: [world.pointer()])
        #expect(try world.seen(by: police).count == 1)
        #expect(try world.seen(by: police, signed: []).isEmpty)
        #expect(try world.seen(by: police, signed: [Hash256(hashing: [1])]).isEmpty)
        // What the caller says of an agency does not replace its adoption in the register.
        #expect(try world.seen(by: "meadow-housing").isEmpty)
    }

    @Test func thePointersOfAnAgencyThatHasNotSignedAreNotShown() throws {
        var world = try World(signedBy: [police])
        try world.admit(council, stream: world.stream(), pointers: [world.pointer()])
        #expect(try world.seen().isEmpty)
    }

    @Test func aRefusedAdoptionSignsNothing() throws {
        var world = try World(signedBy: [council])
        try world.admit(
            police, .adopt(bundle: World.bundle, offices: []), stream: .control,
            verdict: .refused("bad-signature"))
        try world.admit(council, stream: world.stream(), pointers: [world.pointer()])
        #expect(try world.seen(by: police).isEmpty)
    }

    /// Whichever side ends it: neither sees the other's pointers until both have signed again.
    @Test(arguments: [police, council]) func whoEndedTheProtocolIsNotShownAndSeesNothing(ender: AgencyCode) throws {
        var world = try World(signedBy: [police, council])
        try world.admit(council, stream: world.stream(), pointers: [world.pointer()])
        #expect(try world.seen(by: police).count == 1)
        try world.admit(
            ender, .endAdoption(bundle: World.bundle, offices: [], reason: "ended"), stream: .control,
            verdict: .refused("signature"))
        #expect(try world.seen(by: police).count == 1)
        try world.admit(ender, .endAdoption(bundle: World.bundle, offices: [], reason: "ended"), stream: .control)
        #expect(try world.seen(by: police).isEmpty)
        try world.admit(ender, .adopt(bundle: World.bundle, offices: []), stream: .control)
        #expect(try world.seen(by: police).count == 1)
    }

    @Test func theNewestPointerOfAStreamReplacesTheOlder() throws {
        var world = try World(signedBy: [police, council, support])
        let stream = world.stream()
        try world.admit(council, stream: stream, pointers: [world.pointer(week: "2026-W08")])
        try world.admit(council, stream: stream)
        #expect(try world.seen().map(\.week) == ["2026-W08"])
        try world.admit(council, stream: stream, pointers: [world.pointer(week: "2026-W10")])
        #expect(try world.seen().map(\.week) == ["2026-W10"])
        // The same identifier in another log is another stream.
        try world.admit(support, stream: stream, pointers: [world.pointer(week: "2026-W11")])
        #expect(try world.seen().map(\.week) == ["2026-W10", "2026-W11"])
    }

    @Test func aCaseThatMayNoLongerBeShownLosesItsPointer() throws {
        var world = try World(signedBy: [police, council])
        let stream = world.stream()
        try world.admit(council, stream: stream, pointers: [world.pointer()])
        try world.admit(
            council, stream: stream, pointers: [world.pointer(category: "domestic-abuse")])
        #expect(try world.seen().isEmpty)
    }

    @Test func refusedStatementsDoNotShowAndDoNotReplace() throws {
        var world = try World(signedBy: [police, council])
        let stream = world.stream()
        try world.admit(
            council, stream: world.stream(), pointers: [world.pointer()], verdict: .refused("epoch")
        )
        #expect(try world.seen().isEmpty)
        try world.admit(council, stream: stream, pointers: [world.pointer(week: "2026-W08")])
        try world.admit(
            council, stream: stream, pointers: [world.pointer(week: "2026-W09")],
            verdict: .refused("epoch"))
        #expect(try world.seen().map(\.week) == ["2026-W08"])
    }

    @Test func aPurgedPointerIsGoneAndARebuildWithoutItsBytesAgrees() throws {
        var world = try World(signedBy: [police, council])
        let stream = world.stream()
        try world.admit(council, stream: stream, pointers: [world.pointer(week: "2026-W08")])
        let body = world.pointer()
        let newest = try world.admit(council, stream: stream, pointers: [body])
        let purged = try #require(newest.payload.compartments.first?.id)
        let control = ControlBody.purged(
            compartments: [purged], reason: "retention", backupsBy: nil)
        // Another agency cannot purge it.
        try world.admit(police, control, stream: world.stream())
        #expect(try world.seen().count == 1)
        try world.admit(council, control, stream: world.stream())
        #expect(try world.seen().isEmpty)
        let before = try world.folded { try $0.orderedLogicalDump() }
        let kept = world.admissions[3]
        world.admissions[3] = FoldedAdmission(
            position: kept.position, record: kept.record, statement: kept.statement,
            agency: kept.agency, pointers: [], bundle: kept.bundle, pointerRules: kept.pointerRules)
        #expect(try world.folded { try $0.orderedLogicalDump() } == before)
    }

    @Test func anExpiredPointerIsNotShown() throws {
        var world = try World(signedBy: [police, council])
        let end = world.now.adding(seconds: 60)
        try world.admit(
            council, stream: world.stream(), pointers: [world.pointer()], expires: end)
        #expect(try world.seen().count == 1)
        world.now = end
        try world.admit(police, stream: world.stream())
        #expect(try world.seen().isEmpty)
    }

    @Test func theHashOfAQueryIsThatOfItsOnlyEncoding() {
        let query = VisibilityQuery(area: "a", category: nil)
        #expect(query.hash == Hash256(hashing: [0x82, 0x61, 0x61, 0xf6]))
        #expect(query.hash != VisibilityQuery(area: nil, category: "a").hash)
    }

    @Test func anAnswerHasALimit() throws {
        var world = try World(signedBy: [police, council])
        for number in 0...BrokerViews.visibilityLimit {
            let pointer = world.pointer(area: "E0\(5_000_001 + number)")
            try world.admit(council, stream: world.stream(), pointers: [pointer])
        }
        #expect(try world.seen().count == BrokerViews.visibilityLimit)
    }
}

@Suite struct LeadTests {
    private func lead(
        _ stated: String?, by author: AgencyCode = council, signedBy: [AgencyCode] = []
    ) throws -> String? {
        var world = try World(signedBy: [police, council, support] + signedBy)
        try world.admit(author, stream: world.stream(), pointers: [world.pointer(lead: stated)])
        return try #require(try world.seen().first).shownAgency
    }

    @Test func aSensitiveLeadIsShownAsAskTheContact() throws {
        #expect(try lead(support.text) == "ask the contact")
        #expect(try lead(council.text) == council.text)
    }

    @Test func aSensitiveAuthorIsNotGivenAwayByNamingAnotherLead() throws {
        #expect(try lead(council.text, by: support) == "ask the contact")
        #expect(try lead(nil, by: support) == "ask the contact")
    }

    @Test func onlyASignatoryIsShownAsLead() throws {
        #expect(try lead("john-smith") == "ask the contact")
        #expect(try lead("John Smith") == "ask the contact")
        #expect(try lead("meadow-housing") == "ask the contact")
        #expect(try lead("meadow-housing", signedBy: ["meadow-housing"]) == "meadow-housing")
    }

    @Test func theSensitiveLeadIsNotEvenStored() throws {
        var world = try World(signedBy: [police, council])
        try world.admit(
            council, stream: world.stream(), pointers: [world.pointer(lead: support.text)])
        let dump = try world.folded { try $0.orderedLogicalDump() }
        #expect(!dump.contains(Array(support.text.utf8)))
    }
}
