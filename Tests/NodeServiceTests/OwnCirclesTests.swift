import EventLogs
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// Which circle an own stream goes on with, whatever is opened and decided in whatever order.
@Suite("The circles of own streams") struct OwnCirclesTests {
    private enum Step: Equatable {
        case open(Int)
        case accept(Int)
        case refuse(Int)
    }

    private static let circles: [OwnCircle] = {
        let entropy = SeededEntropy(seed: 5)
        return (0..<3).map { _ in
            let control = CircleControl(
                epoch: EpochID(from: entropy), members: ["police"], labels: [:], fromSequence: 0, bundle: nil,
                reason: "case")
            return OwnCircle(control: control, keys: [:], basis: .empty)
        }
    }()
    private static let stream = StreamID(from: SeededEntropy(seed: 6))
    private static let other = StreamID(from: SeededEntropy(seed: 7))

    /// Every history of up to three circles, opened in order, each decided at most once; also verdicts on what was never
    /// opened here.
    private static func histories(after history: [Step] = []) -> [[Step]] {
        let openedCount = history.count { if case .open = $0 { true } else { false } }
        let decided = Set(
            history.compactMap { step -> Int? in
                switch step {
                case .open: nil
                case .accept(let circle), .refuse(let circle): circle
                }
            })
        var steps: [Step] = openedCount < circles.count ? [.open(openedCount)] : []
        for circle in circles.indices where !decided.contains(circle) { steps += [.accept(circle), .refuse(circle)] }
        return [history] + steps.flatMap { histories(after: history + [$0]) }
    }

    /// The last circle that was opened and has not been refused since.
    private static func expected(_ history: [Step]) -> EpochID? {
        let opened = history.enumerated().compactMap { place, step -> Int? in
            guard case .open(let circle) = step, !history[place...].contains(.refuse(circle)) else { return nil }
            return circle
        }
        return opened.last.map { circles[$0].control.epoch }
    }

    @Test("Go on with the newest that is not refused, in every history of three circles")
    func everyHistory() {
        let histories = Self.histories()
        #expect(histories.count > 1_000)
        var wrong: [[Step]] = []
        for history in histories {
            var own = OwnCircles()
            own.open(Self.circles[0], in: Self.other)
            for step in history {
                switch step {
                case .open(let circle): own.open(Self.circles[circle], in: Self.stream)
                case .accept(let circle): own.accept(Self.circles[circle].control.epoch, in: Self.stream)
                case .refuse(let circle): own.refuse(Self.circles[circle].control.epoch, in: Self.stream)
                }
            }
            let isRight =
                own[Self.stream]?.control.epoch == Self.expected(history)
                && own[Self.other]?.control.epoch == Self.circles[0].control.epoch
            if !isRight { wrong.append(history) }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    }

    @Test("Forget what was before a circle that was accepted: memory does not grow with the circles")
    func forgetsWhatIsOver() {
        var own = OwnCircles()
        for circle in Self.circles {
            own.open(circle, in: Self.stream)
            own.accept(circle.control.epoch, in: Self.stream)
        }
        own.refuse(Self.circles[2].control.epoch, in: Self.stream)
        #expect(own[Self.stream] == nil && own.streams.isEmpty)
    }
}
