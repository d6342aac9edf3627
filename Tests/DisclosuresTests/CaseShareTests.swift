import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// Whoever shares a case a second time says only what is new (and nothing where nothing is).
@Suite("Sharing a case again") struct CaseShareTests {
    private static let labels: [Label] = ["record", "risk", "consent", "safe-contact", "identity"]
    private static let codes = DecisionCodes(
        bundle: nil, purpose: "prevent-asb", gateway: "cda-1998-s115", basis: "public-task", condition: nil)

    private static func circle(_ others: Set<AgencyCode>, due labels: [Label] = labels) -> CaseCircle {
        CaseCircle(
            members: others.union([landlord]),
            recipients: Dictionary(uniqueKeysWithValues: labels.map { ($0, others) }), codes: codes)
    }

    private static func told(_ events: [CaseworkEvent], to circle: CaseCircle) -> ToldCase {
        var told = ToldCase(to: circle)
        for (number, event) in events.enumerated() { tell(event, by: "officer-\(number)", to: circle, in: &told) }
        return told
    }

    /// As a node does: what the circle has no recipient for was not sealed for it.
    private static func tell(
        _ event: CaseworkEvent, by officer: String, to circle: CaseCircle, in told: inout ToldCase
    ) {
        let fields = event.fields(actor: officer, happenedAt: "2026-03-01", case: nil)
        told.tell(fields.filter { circle.recipients[$0.key] != nil })
    }

    private static func events(_ generator: inout Generator) -> [CaseworkEvent] {
        func words() -> String { "w\(generator.unsigned() % 3)" }
        // A case stated again repeats the newest instruction, as the node states it.
        let contact = words()
        var events: [CaseworkEvent] = [
            .caseOpened(
                CaseOpening(
                    summary: words(), category: "noise", leadAgency: landlord,
                    people: PeopleDetails(victimName: words()), safeContact: contact))
        ]
        if generator.bool() {
            events.append(.consentRecorded(ConsentRecord(details: ConsentDetails(state: .given, how: words()))))
        }
        if generator.bool() {
            events.append(
                .safeContactRecorded(
                    SafeContactRecord(
                        details: SafeContactDetails(
                            contact: .instruction(contact), confirmedAt: now, expires: now.adding(seconds: 60)))))
        }
        for number in 0..<Int(generator.unsigned() % 3) {
            events.append(
                .actionRecorded(ActionRecord(action: "\(words())-\(number)", owner: landlord, due: nil, status: .open)))
        }
        return events
    }

    @Test("Said twice it is recorded once, whoever says it and whoever is due what")
    func twice() throws {
        try checkProperty(cases: 200) { (generator: inout Generator) in
            let events = Self.events(&generator)
            let due = Self.labels.filter { $0 == "record" || generator.bool() }
            let circle = Self.circle([council, police], due: due)
            try #require(decideShare(of: events, among: circle, given: ToldCase(to: nil)) == .newCircle(events))
            try #require(decideShare(of: events, among: circle, given: Self.told(events, to: circle)) == .nothing)
        }
    }

    @Test("Of several entries only those go that say something new, and then there is nothing left to say")
    func onlyNew() throws {
        try checkProperty(cases: 200) { (generator: inout Generator) in
            let (before, after) = (Self.events(&generator), Self.events(&generator))
            let circle = Self.circle([council])
            var told = Self.told(before, to: circle)
            switch decideShare(of: after, among: circle, given: told) {
            case .newCircle: Issue.record("the circle is the same")
            case .nothing: break
            case .entries(let new):
                #expect(new.allSatisfy { event in after.contains(event) && !before.contains(event) })
                for event in new { Self.tell(event, by: "h2", to: circle, in: &told) }
            }
            try #require(decideShare(of: after, among: circle, given: told) == .nothing)
        }
    }

    @Test("Another agency, kind of information or power is another circle, and everything is said to it")
    func otherCircle() {
        let events: [CaseworkEvent] = [.caseOpened(CaseOpening(summary: "Noise", leadAgency: landlord))]
        let told = Self.told(events, to: Self.circle([council]))
        let other = DecisionCodes(
            bundle: nil, purpose: "protect-victim", gateway: "cda-1998-s115", basis: "public-task", condition: nil)
        for wanted in [
            Self.circle([council, police]), Self.circle([police]), Self.circle([council], due: ["record"]),
            CaseCircle(members: told.circle?.members ?? [], recipients: told.circle?.recipients ?? [:], codes: other),
        ] {
            #expect(decideShare(of: events, among: wanted, given: told) == .newCircle(events))
        }
    }

    @Test("What stayed at home is new once it may go")
    func keptHome() {
        let consent = CaseworkEvent.consentRecorded(
            ConsentRecord(details: ConsentDetails(state: .given, how: "In person")))
        let circle = Self.circle([council])
        var told = ToldCase(to: circle)
        let fields = consent.fields(actor: "h1", happenedAt: nil, case: nil)
        told.tell(fields.filter { $0.key != "consent" })
        #expect(decideShare(of: [consent], among: circle, given: told) == .entries([consent]))
    }

    @Test("A safe contact that was told by itself is not told again with the case; another one is")
    func safeContact() {
        func opening(_ contact: String) -> CaseworkEvent {
            .caseOpened(CaseOpening(summary: "Noise", leadAgency: landlord, safeContact: contact))
        }
        let newer = CaseworkEvent.safeContactRecorded(
            SafeContactRecord(
                details: SafeContactDetails(
                    contact: .instruction("Mobile"), confirmedAt: now, expires: now.adding(seconds: 60))))
        let circle = Self.circle([council])
        let told = Self.told([opening("Landline"), newer], to: circle)
        #expect(decideShare(of: [opening("Mobile")], among: circle, given: told) == .nothing)
        #expect(decideShare(of: [opening("Neighbour")], among: circle, given: told) == .entries([opening("Neighbour")]))
    }
}
