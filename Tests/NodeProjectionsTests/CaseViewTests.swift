import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import NodeProjections
import TallystickPrimitives
import Testing

@Suite("A case's view")
struct CaseViewTests {
    private let reference: CaseReference
    private let ours: StreamID
    private let theirs: StreamID

    init() throws {
        ours = try stream(1)
        theirs = try stream(2)
        reference = CaseReference(agency: landlord, stream: ours)
    }

    private func shared() throws -> LogScript {
        var script = LogScript()
        let report = try script.add(
            landlord, try stream(9), .reportRecorded(Report(summary: "Noise")), about: nil)
        try script.addCircle(landlord, ours, with: [])
        try script.add(
            landlord, ours,
            .caseOpened(
                CaseOpening(
                    summary: "Noise at night", category: "noise", leadAgency: landlord,
                    reports: [report], people: PeopleDetails(victimName: "V. Victim"))),
            about: reference)
        try script.addCircle(landlord, ours, with: [police])
        try script.add(landlord, ours, risk(.high, by: landlord), about: reference)
        try script.addCircle(police, theirs, with: [landlord])
        try script.add(police, theirs, risk(.medium, by: police, score: 9), about: reference)
        return script
    }

    @Test("shows every agency's assessment side by side")
    func sideBySide() throws {
        let views = try NodeViews(agency: landlord)
        var script = try shared()
        try script.add(
            council, try stream(3), risk(.standard, by: council), about: reference,
            without: ["risk"])
        try views.fold(script.events)
        let view = try #require(try views.caseView(reference, at: start))
        #expect(view.assessments.map(\.agency) == ["council", "harbour-homes", "police"])
        #expect(view.assessments.map(\.judgedBand) == [nil, "high", "medium"])
        #expect(view.assessments.map(\.computedBand) == [nil, "medium", "medium"])
        #expect(view.assessments.map(\.score) == [nil, 12, 9])
        #expect(view.assessments.map(\.isSealed) == [true, false, false])
        #expect(view.assessments[1].rationale == "Afraid to go out.")
        #expect(view.sealedLabels == ["risk"])
        let row = try #require(try views.cases(limit: 10).first)
        #expect(row.bands.map(\.judgedBand) == [nil, "high", "medium"])
        #expect(row.reference == reference.text)
    }

    @Test("joins the streams of several logs in the order of the register")
    func joins() throws {
        let views = try NodeViews(agency: landlord)
        try views.fold(try shared().events)
        let view = try #require(try views.caseView(reference, at: start))
        #expect(view.timeline.map(\.position) == [2, 3, 4, 5, 6, 7])
        #expect(
            view.timeline.map(\.type) == [
                nil, "case-opened", nil, "risk-assessed", nil, "risk-assessed",
            ])
        #expect(view.timeline.map(\.kind).first == "circle")
        let both = ["harbour-homes", "police"]
        #expect(view.circles.map(\.members) == [both, both])
        #expect(view.summary == "Noise at night")
        #expect(view.victimName == "V. Victim")
        #expect(view.stage == "opened")
        #expect(view.entryCount == 6)
        #expect(try views.reports(limit: 5).first?.cases == [reference.text])
    }

    @Test("shows what is pending as pending, and takes it away when it is refused")
    func pending() throws {
        let views = try NodeViews(agency: landlord)
        var script = try shared()
        let admitted = script.events
        try views.fold(admitted)
        let id = try script.add(
            landlord, ours, .stageChanged(StageChange(to: .monitoring, summary: "Watching.")),
            about: reference, isPending: true)
        try views.addPending(Array(script.events.suffix(1)))
        let view = try #require(try views.caseView(reference, at: start))
        #expect(view.stage == "monitoring")
        #expect(view.timeline.last?.isPending == true)
        #expect(view.timeline.last?.position == nil)
        #expect(try views.cases(stage: .monitoring, limit: 5).map(\.hasPending) == [true])
        #expect(try views.cases(stage: .opened, limit: 5).isEmpty)
        #expect(try views.counts().casesByStage == ["monitoring": 1])
        try views.void(id)
        #expect(try views.cases(stage: .opened, limit: 5).map(\.hasPending) == [false])
    }

    @Test("shows a case that is only pending")
    func onlyPending() throws {
        let views = try NodeViews(agency: landlord)
        var script = LogScript()
        let id = try script.add(
            landlord, ours, .caseOpened(CaseOpening(summary: "New", leadAgency: landlord)),
            about: reference, isPending: true)
        try views.addPending(script.events)
        #expect(try views.cases(limit: 5).map(\.summary) == ["New"])
        #expect(try views.caseState(reference).stage == .opened)
        try views.void(id)
        #expect(try views.cases(limit: 5).isEmpty)
    }

    @Test("counts nothing that the register refused, and still shows it")
    func refused() throws {
        let views = try NodeViews(agency: landlord)
        var script = try shared()
        let bad = try script.add(
            police, theirs, risk(.high, by: police), about: reference)
        try views.fold(script.events)
        try views.void(bad)
        let view = try #require(try views.caseView(reference, at: start))
        #expect(view.assessments.map(\.judgedBand) == ["high", "medium"])
        #expect(view.timeline.last?.isRefused == true)
        #expect(try views.cases(limit: 5).first?.bands.map(\.judgedBand) == ["high", "medium"])
        #expect(try views.search("afraid").count == 2)
        let early = try NodeViews(agency: landlord)
        try early.void(bad)
        try early.fold(script.events)
        try requireEqual(views, early)
    }

    @Test("names entries that cannot be read, and goes on")
    func unreadable() throws {
        let views = try NodeViews(agency: landlord)
        var script = try shared()
        try script.add(
            police, theirs,
            opened: [
                "record": [
                    "event-type": .text("stage-changed"), "stage": .text("flown"),
                    "summary": .text("x"),
                ]
            ])
        try script.add(
            police, theirs, opened: ["record": ["event-type": .text("something-newer")]])
        try views.fold(script.events)
        let view = try #require(try views.caseView(reference, at: start))
        #expect(view.timeline.suffix(2).map { $0.fault == nil } == [false, false])
        #expect(view.assessments.count == 2)
    }

    @Test("lets nobody but the opener say what the case is")
    func onlyTheOpener() throws {
        let views = try NodeViews(agency: landlord)
        var script = try shared()
        try script.add(
            police, theirs,
            .caseOpened(CaseOpening(summary: "Ours now", leadAgency: police)), about: reference)
        try views.fold(script.events)
        let view = try #require(try views.caseView(reference, at: start))
        #expect(view.summary == "Noise at night")
        #expect(view.leadAgency == "harbour-homes")
        #expect(try views.cases(limit: 5).map(\.leadAgency) == ["harbour-homes"])
    }

    @Test("judges terms and due days by the instant it is asked at")
    func terms() throws {
        let views = try NodeViews(agency: landlord)
        var script = try shared()
        let end = start.adding(seconds: 28 * 86_400)
        try script.add(
            landlord, ours,
            .safeContactRecorded(
                SafeContactRecord(
                    details: SafeContactDetails(
                        contact: .instruction("Text."), confirmedAt: start, expires: end))),
            about: reference)
        try script.add(
            landlord, ours,
            .actionRecorded(
                ActionRecord(
                    action: "Visit", owner: landlord,
                    due: CivilDate(daysSinceEpoch: Int64(start.wholeSeconds / 86_400)),
                    status: .open)), about: reference)
        try views.fold(script.events)
        let before = try #require(try views.caseView(reference, at: start))
        let after = try #require(try views.caseView(reference, at: end))
        #expect(before.safeContacts.map(\.isLive) == [true])
        #expect(after.safeContacts.map(\.isLive) == [false])
        #expect(before.actions.map(\.isOverdue) == [false])
        #expect(after.actions.map(\.isOverdue) == [true])
    }

    @Test("shows one entry by its event, sealed labels and all")
    func oneEntry() throws {
        let views = try NodeViews(agency: landlord)
        var script = try shared()
        let id = try script.add(
            police, theirs, risk(.high, by: police), about: reference, without: ["risk"])
        try views.fold(script.events)
        let entry = try #require(try views.entry(id))
        #expect(entry.type == "risk-assessed")
        #expect(entry.sealedLabels == ["risk"])
        #expect(
            entry.fields.contains {
                $0.label == "record" && $0.field == "assessed-by-agency" && $0.value == "police"
            })
        #expect(try views.openedFields(id)?.keys.sorted() == ["record"])
        #expect(try views.entry(try eventID(9_999)) == nil)
    }
}
