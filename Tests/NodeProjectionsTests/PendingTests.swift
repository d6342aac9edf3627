import Casework
import EventLogs
import NodeProjections
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("Our own entries before the register has them")
struct PendingTests {
    @Test("come out the same as in one rebuild, however they are added, admitted and refused")
    func interleavings() throws {
        try checkProperty(cases: 5) { generator in
            let events = try randomHistory(&generator, count: generator.int(in: 1...60))
            try checkInterleaving(of: events, &generator)
        }
    }

    @Test("follow the case that their stream names, whoever names it and in whichever order it is settled")
    func tangledStreams() throws {
        try checkProperty(cases: 6) { generator in
            let events = try tangledHistory(&generator, count: generator.int(in: 1...24))
            try checkInterleaving(of: events, &generator)
        }
    }

    /// Goes through a history as a node does: ours are added in the order of our log, the register settles all.
    private func checkInterleaving(of events: [FoldedEvent], _ generator: inout Generator) throws {
        let live = try NodeViews(agency: landlord)
        var course = Course(events, refused: { generator.int(in: 0...4) == 0 })
        while !course.isOver {
            if generator.bool() {
                try live.addPending(course.add(generator.int(in: 0...4)))
            } else {
                let settled = course.settle(generator.int(in: 0...3))
                if generator.bool() {
                    try live.fold(settled.admitted, voiding: settled.refused)
                } else {
                    for event in settled.admitted { try live.fold([event]) }
                    for event in settled.refused { try live.void(event) }
                }
            }
            if generator.int(in: 0...3) == 0 { try live.addPending(course.allAdded) }
            guard generator.int(in: 0...3) == 0 || course.isOver else { continue }
            try requireEqual(live, try course.rebuilt())
            let restored = try NodeViews(agency: landlord, snapshot: live.snapshot())
            try restored.addPending(course.allAdded)
            try requireEqual(live, restored)
        }
    }

    @Test("change nothing that was admitted, and are counted")
    func overlay() throws {
        try checkProperty(cases: 4) { generator in
            let events = try randomHistory(&generator, count: 60)
            let cut = generator.int(in: 0...events.count)
            let live = try NodeViews(agency: landlord)
            try live.fold(Array(events[..<cut]))
            let before = try live.orderedLogicalDump()
            let own = events[cut...].filter { $0.agency == landlord }
            try live.addPending(own.map(\.pending))
            try #require(try live.counts().pending == own.count)
            try #require(try live.orderedLogicalDump() == before)
        }
    }

    @Test("that name their case give it to those of their stream before and after them")
    func namedLater() throws {
        let views = try NodeViews(agency: landlord)
        let reference = CaseReference(agency: landlord, stream: try stream(1))
        var script = LogScript()
        try script.addCircle(landlord, try stream(1), with: [council])
        try script.add(
            landlord, stream(1), .caseOpened(CaseOpening(summary: "New", leadAgency: landlord)), about: nil)
        try script.addCircle(landlord, try stream(1), with: [police])
        for event in script.events { try views.addPending([event.pending]) }
        let view = try #require(try views.caseView(reference, at: start))
        #expect(view.timeline.map(\.kind) == ["circle", "record", "circle"])
        #expect(view.timeline.map(\.isPending) == [true, true, true])
        // The one that names is refused: nothing says any more to which case the circles belong.
        try views.void(script.events[1].eventID)
        #expect(try views.caseView(reference, at: start) == nil)
        #expect(try views.counts().pending == 2)
    }

    @Test("follow the case that an admitted entry of their stream names, whenever it comes")
    func namedByAdmitted() throws {
        let reference = CaseReference(agency: landlord, stream: try stream(1))
        var script = LogScript()
        try script.add(
            landlord, stream(1), .caseOpened(CaseOpening(summary: "New", leadAgency: landlord)), about: nil)
        try script.addCircle(landlord, try stream(1), with: [police])
        let before = try NodeViews(agency: landlord)
        try before.addPending([script.events[1].pending])
        try before.fold([script.events[0]])
        let after = try NodeViews(agency: landlord)
        try after.fold([script.events[0]])
        try after.addPending([script.events[1].pending])
        for views in [before, after] {
            #expect(try views.caseView(reference, at: start)?.timeline.map(\.isPending) == [false, true])
        }
        try requireEqual(before, after)
    }

    @Test("are not added after the register has settled them")
    func settledBefore() throws {
        let views = try NodeViews(agency: landlord)
        var script = LogScript()
        let admitted = try script.add(landlord, try stream(1))
        let refused = try script.add(landlord, try stream(1))
        try views.fold(Array(script.events.prefix(1)))
        try views.void(refused)
        try views.addPending(script.events.map(\.pending))
        #expect(try views.counts().pending == 0)
        #expect(try views.entry(admitted)?.isPending == false)
        #expect(try views.entry(refused) == nil)
    }
}

/// Entries of ours that name a case or none, in few streams and few cases: what names comes before, after and between
/// what does not.
private func tangledHistory(_ generator: inout Generator, count: Int) throws -> [FoldedEvent] {
    var script = LogScript()
    for _ in 0..<count {
        let place = try stream(generator.int(in: 1...2))
        guard generator.bool() else {
            try script.addCircle(landlord, place, with: [council])
            continue
        }
        try script.add(
            landlord, place, .actionRecorded(ActionRecord(action: "Visit", owner: council, due: nil, status: .open)),
            about: CaseReference(agency: council, stream: try stream(generator.int(in: 101...103))))
    }
    return script.events
}

/// How far a history has come: what was added as pending, and what the register has settled.
private struct Course {
    private let events: [FoldedEvent]
    private let own: [FoldedEvent]
    private let refused: Set<EventID>
    private var added = 0
    private var settled = 0

    init(_ events: [FoldedEvent], refused: () -> Bool) {
        self.events = events
        own = events.filter { $0.agency == landlord }
        self.refused = Set(own.filter { _ in refused() }.map(\.eventID))
    }

    var isOver: Bool { added == own.count && settled == events.count }
    /// Everything that was ever added, as a node that starts anew may give it again.
    var allAdded: [FoldedEvent] { own.prefix(added).map(\.pending) }

    mutating func add(_ count: Int) -> [FoldedEvent] {
        defer { added = min(own.count, added + count) }
        return own[added..<min(own.count, added + count)].map(\.pending)
    }

    mutating func settle(_ count: Int) -> (admitted: [FoldedEvent], refused: [EventID]) {
        let page = events[settled..<min(events.count, settled + count)]
        settled += page.count
        return (
            page.filter { !refused.contains($0.eventID) }, page.map(\.eventID).filter(refused.contains)
        )
    }

    /// The same state in one go.
    func rebuilt() throws -> NodeViews {
        let views = try NodeViews(agency: landlord)
        let past = events.prefix(settled)
        try views.fold(
            past.filter { !refused.contains($0.eventID) }, voiding: past.map(\.eventID).filter(refused.contains))
        let places = Set(past.map(\.eventID))
        try views.addPending(own.prefix(added).filter { !places.contains($0.eventID) }.map(\.pending))
        return views
    }
}
