import Casework
import EventLogs
import NodeProjections
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("The fold of a node's views")
struct FoldTests {
    private func views(
        _ events: [FoldedEvent], inBatchesOf size: Int
    ) throws -> NodeViews {
        let views = try NodeViews(agency: landlord)
        for start in stride(from: 0, to: events.count, by: size) {
            try views.fold(Array(events[start..<min(events.count, start + size)]))
        }
        return views
    }

    @Test("comes out the same however it is divided")
    func batches() throws {
        try checkProperty(cases: 8) { generator in
            let events = try randomHistory(&generator, count: generator.int(in: 1...80))
            let whole = try views(events, inBatchesOf: events.count)
            for size in [1, 2, 7, 31] {
                try requireEqual(whole, try views(events, inBatchesOf: size))
            }
        }
    }

    @Test("comes out the same when parts are folded twice")
    func twice() throws {
        try checkProperty(cases: 8) { generator in
            let events = try randomHistory(&generator, count: 60)
            let once = try views(events, inBatchesOf: 60)
            let again = try views(events, inBatchesOf: 9)
            for _ in 0..<5 { try again.fold([generator.element(of: events)]) }
            try again.fold(events)
            try requireEqual(once, again)
        }
    }

    @Test("takes in labels that are received later, and gives up those that are destroyed")
    func replacesWhatIsKnown() throws {
        try checkProperty(cases: 8) { generator in
            let events = try randomHistory(&generator, count: 60)
            let rebuilt = try views(events, inBatchesOf: 60)
            let sealed = try NodeViews(agency: landlord)
            let hidden = events.map { event in
                generator.bool() ? event : event.withholding(Set(event.opened.keys))
            }
            try sealed.fold(hidden)
            try sealed.fold(events)
            try requireEqual(rebuilt, sealed)
            try rebuilt.fold(hidden)
            try requireEqual(try views(hidden, inBatchesOf: 60), rebuilt)
        }
    }

    @Test("goes on from a snapshot as if it had never stopped")
    func snapshot() throws {
        try checkProperty(cases: 8) { generator in
            let events = try randomHistory(&generator, count: 60)
            let cut = generator.int(in: 0...events.count)
            let whole = try views(events, inBatchesOf: 60)
            let first = try NodeViews(agency: landlord)
            try first.fold(Array(events[..<cut]))
            let restored = try NodeViews(agency: landlord, snapshot: first.snapshot())
            try requireEqual(first, restored)
            try restored.fold(Array(events[cut...]))
            try requireEqual(whole, restored)
        }
    }

    @Test("is empty from the start and says so")
    func empty() throws {
        let views = try NodeViews(agency: landlord)
        #expect(try views.checkpoint() == nil)
        #expect(try views.counts().admitted == 0)
        #expect(try views.cases(limit: 10).isEmpty)
        #expect(try views.reports(limit: 10).isEmpty)
        let reference = CaseReference(agency: landlord, stream: try stream(1))
        #expect(try views.caseView(reference, at: start) == nil)
    }

    @Test("keeps how far it came, and never goes back")
    func checkpoint() throws {
        var script = LogScript()
        try script.add(landlord, try stream(1))
        let views = try NodeViews(agency: landlord)
        try views.fold(script.events)
        #expect(try views.checkpoint() == 1)
        try views.fold([], upTo: 40)
        #expect(try views.checkpoint() == 40)
        try views.fold(script.events)
        #expect(try views.checkpoint() == 40)
    }

    @Test("refuses what is not admitted as admitted, and the reverse")
    func refusesMixing() throws {
        var script = LogScript()
        try script.add(landlord, try stream(1), isPending: true)
        try script.add(landlord, try stream(1))
        let views = try NodeViews(agency: landlord)
        let events = script.events
        #expect(throws: NodeViewsError.notAdmitted(index: 0)) { try views.fold(events) }
        #expect(throws: NodeViewsError.notPending(index: 1)) { try views.addPending(events) }
        #expect(try views.counts().admitted == 0)
    }

    @Test("stops a snapshot with the error of whoever takes it")
    func snapshotStops() throws {
        struct Full: Error {}
        let views = try NodeViews(agency: landlord)
        #expect(throws: Full.self) { try views.forEachSnapshotPart { _ in throw Full() } }
        #expect(throws: Never.self) { try views.forEachSnapshotPart { _ in } }
    }

    @Test("takes no snapshot that is another's, cut short or changed")
    func snapshotFaults() throws {
        var generator = Generator(seed: 5)
        let views = try views(try randomHistory(&generator, count: 20), inBatchesOf: 20)
        let bytes = try views.snapshot()
        #expect(throws: NodeViewsError.otherAgency) {
            try NodeViews(agency: council, snapshot: bytes)
        }
        #expect(throws: NodeViewsError.snapshot(at: 0)) {
            try NodeViews(agency: landlord, snapshot: [])
        }
        for count in stride(from: 1, to: bytes.count, by: 397) {
            let cut = Array(bytes[..<count])
            let isWhole = count == 4 + bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
            guard !isWhole else { continue }
            #expect(throws: NodeViewsError.self) {
                try NodeViews(agency: landlord, snapshot: cut)
            }
        }
        for _ in 0..<60 {
            var changed = bytes
            changed[generator.int(in: 0...bytes.count - 1)] = UInt8(
                truncatingIfNeeded: generator.next())
            _ = try? NodeViews(agency: landlord, snapshot: changed).counts()
        }
    }
}

extension FoldedEvent {
    /// The same entry before the register had it.
    var pending: FoldedEvent {
        FoldedEvent(
            origin: origin, agency: agency, index: index, registerPosition: nil, stream: stream,
            sequence: sequence, eventID: eventID, kind: kind, issuedAt: issuedAt, opened: opened,
            withheldLabels: withheldLabels, control: control)
    }

    /// The same entry with some of its labels sealed.
    func withholding(_ labels: Set<Label>) -> FoldedEvent {
        FoldedEvent(
            origin: origin, agency: agency, index: index, registerPosition: registerPosition,
            stream: stream, sequence: sequence, eventID: eventID, kind: kind, issuedAt: issuedAt,
            opened: opened.filter { !labels.contains($0.key) },
            withheldLabels: withheldLabels + labels.sorted(), control: control)
    }
}
