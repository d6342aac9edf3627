import BrokerProjections
import EventLogs
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

private let agencies: [AgencyCode] = ["northshire-police", "marlow-vale-council", "victim-first"]
/// Has signed, and holds nothing itself: nobody is shown their own.
private let onlooker: AgencyCode = "northshire-fire"

@Suite struct FoldTests {
    @Test func anyBatchesGiveTheDumpAndTheEntriesOfARebuild() throws {
        try checkProperty(cases: 25) { generator in
            let (world, expected) = try randomWorld(&generator)
            let whole = try world.folded { views in
                let query = VisibilityQuery(area: nil, category: nil)
                let seen = try views.visibility(query, for: onlooker, signed: [World.bundle], smallestGroup: 1)
                try #require(Set(seen.map(\.week).map { $0 ?? "" }) == Set(expected))
                return try views.orderedLogicalDump()
            }
            try World.withDirectory { directory in
                var views = try BrokerViews.open(in: directory)
                var next: UInt64 = 0
                while next < world.position {
                    let end = min(world.position, next + UInt64(generator.int(in: 1...7)))
                    // Batches overlap with what has been folded: that must not count twice.
                    let start = next - min(next, UInt64(generator.int(in: 0...3)))
                    try views.fold(Array(world.admissions[Int(start)..<Int(end)]), next: end)
                    if generator.bool() { views = try BrokerViews.open(in: directory) }
                    try #require(try views.checkpoint() == end)
                    next = end
                }
                try #require(try views.orderedLogicalDump() == whole)
                try views.reset()
                try #require(try views.checkpoint() == 0)
                try views.fold(world.admissions, next: world.position)
                try #require(try views.orderedLogicalDump() == whole)
            }
        }
    }

    /// Random admissions, and the weeks of the pointers that a naive reading leaves standing.
    private func randomWorld(_ generator: inout Generator) throws -> (World, [String]) {
        var world = try World(seed: generator.next(), signedBy: agencies + [onlooker])
        let streams = (0..<4).map { _ in world.stream() }
        var standing: [String: String] = [:]
        for number in 0..<generator.int(in: 1...30) {
            world.now = world.now.adding(seconds: Int64(generator.int(in: 0...5)))
            let agency = generator.element(of: agencies)
            let stream = generator.element(of: streams)
            let isAccepted = generator.int(in: 0...3) > 0
            let verdict: Verdict = isAccepted ? .accepted : .refused("epoch")
            guard generator.bool() else {
                let request = ControlBody.request(asked: agencies[0], due: world.now)
                try world.admit(agency, request, stream: stream, verdict: verdict)
                continue
            }
            let category = generator.element(of: ["noise", "arson", "hate"])
            let week = "2026-W\(number + 10)"
            let body = world.pointer(category: category, week: week)
            try world.admit(agency, stream: stream, pointers: [body], verdict: verdict)
            guard isAccepted else { continue }
            standing["\(agency) \(stream)"] = category == "hate" ? nil : week
        }
        return (world, standing.values.sorted())
    }

    @Test func aBatchThatDoesNotFitLeavesNothingBehind() throws {
        var world = try World(signedBy: agencies)
        try world.admit(agencies[0], stream: world.stream(), pointers: [world.pointer()])
        try World.withDirectory { directory in
            let views = try BrokerViews.open(in: directory)
            let empty = try views.orderedLogicalDump()
            #expect(throws: BrokerViewsError.outOfOrder(position: 3)) {
                try views.fold(world.admissions, next: 3)
            }
            #expect(throws: BrokerViewsError.outOfOrder(position: 0)) {
                try views.fold([world.admissions[1], world.admissions[0]], next: 4)
            }
            #expect(try views.orderedLogicalDump() == empty)
        }
    }

    @Test func aVerdictOnAnotherStatementIsRefused() throws {
        let world = try World(signedBy: agencies)
        let (one, other) = (world.admissions[0], world.admissions[1])
        let crossed = FoldedAdmission(
            position: 0, record: other.record, statement: one.statement, agency: one.agency,
            pointers: [], bundle: nil, pointerRules: nil)
        try World.withDirectory { directory in
            let views = try BrokerViews.open(in: directory)
            #expect(throws: BrokerViewsError.otherStatement(position: 0)) {
                try views.fold([crossed], next: 1)
            }
        }
    }

    @Test func positionsOfOtherLeavesArePassedOver() throws {
        try World.withDirectory { directory in
            let views = try BrokerViews.open(in: directory)
            try views.fold([], next: 9)
            #expect(try views.checkpoint() == 9)
            try views.fold([], next: 5)
            #expect(try views.checkpoint() == 9)
        }
    }
}

@Suite struct RegisterViewTests {
    @Test func theRegisterIsReadInPages() throws {
        var world = try World(signedBy: agencies)
        world.now = Timestamp(milliseconds: World.start.milliseconds + 999)
        try world.admit(agencies[1], stream: world.stream(), verdict: .refused("epoch"))
        try world.folded { views in
            #expect(try views.register(from: 0, limit: 2).map(\.position) == [0, 1])
            let rest = try views.register(from: 2, limit: 9)
            #expect(rest.map(\.position) == [2, 3])
            let last = try #require(rest.last)
            #expect(last.record.verdict == .refused("epoch"))
            #expect(last.record.admittedAt == World.start)
            #expect(last.record.leafHash == world.admissions[3].record.leafHash)
            #expect(last.kind == .record)
            #expect(last.agency == agencies[1])
            #expect(try views.register(from: 4, limit: 9).isEmpty)
            #expect(try views.register(from: 0, limit: -1).isEmpty)
        }
    }
}
