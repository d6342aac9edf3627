import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

/// When a node pushes, pulls and waits.
@Suite struct NodeReplicatorTests {
    private let start = Timestamp(wholeSeconds: 1_772_000_000)

    private func replicator(log: UInt64 = 0, pushed: UInt64 = 0)
        -> NodeReplicator
    {
        NodeReplicator(
            logSize: TreeSize(log), pushedSize: TreeSize(pushed))
    }

    private struct Row {
        let name: String
        let log: UInt64, pushed: UInt64
        let inputs: [NodeReplicator.Input]
        let last: [NodeReplicator.Effect]
    }

    /// What was to be tried again a minute on by a clock that then went back an hour is tried again at once.
    @Test func aClockThatGoesBackHoldsNothingUp() {
        var machine = replicator(log: 5, pushed: 3)
        for input in [NodeReplicator.Input.tick, .pushFailed, .pullFailed] { _ = machine.handle(input, at: start) }
        let back = start.adding(seconds: -3_600)
        #expect(machine.handle(.tick, at: back) == [.push(from: LeafIndex(3)), .pull(waitSeconds: 0)])
    }

    @Test func whatFollowsFromWhat() {
        let wait = Limits.feedWaitSeconds
        let later = { (seconds: Int64) in Timestamp(wholeSeconds: 1_772_000_000).adding(seconds: seconds) }
        let rows = [
            Row(
                name: "everything is pushed: only a pull", log: 3, pushed: 3,
                inputs: [.tick], last: [.pull(waitSeconds: 0)]),
            Row(
                name: "something is left to push", log: 5, pushed: 3, inputs: [.tick],
                last: [.push(from: LeafIndex(3)), .pull(waitSeconds: 0)]),
            Row(
                name: "both are under way", log: 5, pushed: 3, inputs: [.tick, .tick],
                last: []),
            Row(
                name: "growth while a push is under way waits", log: 5, pushed: 3,
                inputs: [.tick, .appended(TreeSize(9))], last: []),
            Row(
                name: "the rest is pushed after the answer", log: 5, pushed: 3,
                inputs: [.tick, .appended(TreeSize(9)), .pushed(TreeSize(5))],
                last: [.push(from: LeafIndex(5))]),
            Row(
                name: "a page is followed by a pull that waits", log: 0, pushed: 0,
                inputs: [.tick, .pulled],
                last: [.pull(waitSeconds: wait)]),
            Row(
                name: "a failed push is tried again in a second", log: 5, pushed: 3,
                inputs: [.tick, .pushFailed], last: [.wake(at: later(1))]),
            Row(
                name: "a failed pull is tried again in a second, without waiting", log: 0,
                pushed: 0, inputs: [.tick, .pullFailed], last: [.wake(at: later(1))]),
            Row(
                name: "a smaller log is not believed", log: 5, pushed: 5,
                inputs: [.tick, .appended(TreeSize(2))], last: []),
        ]
        for row in rows {
            var machine = replicator(log: row.log, pushed: row.pushed)
            var effects: [NodeReplicator.Effect] = []
            for input in row.inputs { effects = machine.handle(input, at: start) }
            #expect(effects == row.last, "\(row.name)")
        }
    }

    /// One second, doubled after each failure, never more than a minute; success begins afresh.
    @Test func failuresBackOffToAMinuteAndSuccessBeginsAfresh() {
        for isPush in [true, false] {
            var machine = replicator(log: 1)
            var now = start
            _ = machine.handle(.tick, at: now)
            for round in 0..<2 {
                for expected in [1, 2, 4, 8, 16, 32, 60, 60, 60] as [Int64] {
                    let effects = machine.handle(isPush ? .pushFailed : .pullFailed, at: now)
                    let due = now.adding(seconds: expected)
                    #expect(effects.contains(.wake(at: due)), "\(expected) in round \(round)")
                    let early = machine.handle(.tick, at: due.adding(seconds: -1))
                    #expect(early == [.wake(at: due)])
                    now = due
                    #expect(machine.handle(.tick, at: now).count == 1)
                }
                let size = UInt64(1 + round)
                let done = machine.handle(
                    isPush ? .pushed(TreeSize(size)) : .pulled, at: now)
                #expect(done.count == (isPush ? 0 : 1))
                if isPush {
                    let more = machine.handle(.appended(TreeSize(size + 1)), at: now)
                    #expect(more == [.push(from: LeafIndex(size))])
                }
            }
            #expect(Limits.retrySecondsMax == 60)
        }
    }

    @Test func peopleAreShownWhetherTheBrokerAnsweredLast() {
        var machine = replicator(log: 1)
        #expect(!machine.isConnected)
        _ = machine.handle(.tick, at: start)
        _ = machine.handle(.pulled, at: start)
        #expect(machine.isConnected)
        _ = machine.handle(.pushFailed, at: start)
        #expect(!machine.isConnected)
        _ = machine.handle(.pulled, at: start)
        #expect(machine.isConnected)
        _ = machine.handle(.pullFailed, at: start)
        #expect(!machine.isConnected)
        _ = machine.handle(.pushed(TreeSize(1)), at: start)
        #expect(machine.isConnected)
    }

    /// People go on recording while the broker is away: nothing piles up for each entry.
    @Test func anOutageLeavesOneWakeHoweverMuchIsRecorded() {
        var machine = replicator(log: 1)
        var (now, wakes) = (start, 0)
        func count(_ effects: [NodeReplicator.Effect]) {
            for case .wake in effects { wakes += 1 }
        }
        _ = machine.handle(.tick, at: now)
        count(machine.handle(.pullFailed, at: now))
        count(machine.handle(.pushFailed, at: now))
        #expect(wakes == 1)
        for size in 2..<200 {
            now = Timestamp(milliseconds: now.milliseconds + 4)
            count(machine.handle(.appended(TreeSize(UInt64(size))), at: now))
        }
        #expect(wakes == 1)
    }

    /// Answers, failures and growth in any order, with a clock that jumps both ways.
    @Test func oneOfEachIsUnderWayAtMostAndNothingIsEverPushedTwice() throws {
        try checkProperty(cases: 300) { generator in
            var walk = Walk(&generator)
            for _ in 0..<60 { try walk.step(&generator) }
            try walk.settle()
        }
    }
}

/// A random walk of the machine with what a service would do about its effects.
private struct Walk {
    private var machine: NodeReplicator
    private var now = Timestamp(wholeSeconds: 1_772_000_000)
    private var log: UInt64
    private var pushed: UInt64
    private var pushUnderWay = false
    private var pullUnderWay = false
    /// The wakes that the service has set, in order.
    private var wakes: [Timestamp] = []

    init(_ generator: inout Generator) {
        log = UInt64(generator.int(in: 0...5))
        pushed = min(log, UInt64(generator.int(in: 0...5)))
        machine = NodeReplicator(
            logSize: TreeSize(log), pushedSize: TreeSize(pushed))
    }

    mutating func step(_ generator: inout Generator) throws {
        now = now.adding(seconds: Int64(generator.int(in: -5...90)))
        switch generator.int(in: 0...6) {
        case 0:
            log += UInt64(generator.int(in: 0...3))
            try handle(.appended(TreeSize(log)))
        case 1 where pushUnderWay:
            pushUnderWay = false
            pushed += UInt64(generator.int(in: 0...Int(log - pushed)))
            try handle(.pushed(TreeSize(pushed)))
        case 2 where pushUnderWay:
            pushUnderWay = false
            try handle(.pushFailed)
        case 3 where pullUnderWay:
            pullUnderWay = false
            try handle(.pulled)
        case 4 where pullUnderWay:
            pullUnderWay = false
            try handle(.pullFailed)
        default: try wakeUp()
        }
    }

    /// The earliest wake comes; the clock may have been put back meanwhile.
    private mutating func wakeUp() throws {
        guard !wakes.isEmpty else { return }
        now = max(now, wakes.removeFirst().adding(seconds: -2))
        try handle(.tick)
    }

    /// From here on the broker answers everything: all is pushed, and the feed is asked for.
    mutating func settle() throws {
        for _ in 0..<40 {
            if pushUnderWay {
                pushUnderWay = false
                pushed = log
                try handle(.pushed(TreeSize(pushed)))
            } else if let due = wakes.first {
                now = max(now, due)
                try wakeUp()
            }
        }
        try #require(pushed == log)
        try #require(pullUnderWay)
    }

    private mutating func handle(_ input: NodeReplicator.Input) throws {
        for effect in machine.handle(input, at: now) {
            switch effect {
            case .push(let from):
                try #require(!pushUnderWay, "two pushes under way")
                try #require(from.value == pushed && pushed < log)
                pushUnderWay = true
            case .pull(let seconds):
                try #require(!pullUnderWay, "two pulls under way")
                try #require(seconds == 0 || seconds == Limits.feedWaitSeconds)
                pullUnderWay = true
            case .wake(let due):
                try #require(due > now)
                try #require(due <= now.adding(seconds: Int64(Limits.retrySecondsMax) + 1_000))
                wakes = (wakes + [due]).sorted()
                // One for what is due next; those beyond were set before, for what was due then.
                try #require(wakes.count { $0 <= due } <= 1 + wakes.count { $0 <= now }, "two for the same")
                try #require(wakes.count <= 4, "they pile up")
            }
        }
        // Something is always under way or about to be: the machine never falls asleep for good.
        try #require(pullUnderWay || !wakes.isEmpty)
        try #require(pushed == log || pushUnderWay || !wakes.isEmpty)
    }
}
