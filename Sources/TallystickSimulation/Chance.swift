import Synchronization
import TallystickTesting

/// The one source of chance of a simulated world. Everything asks it in the driver's order, so the seed decides all.
final class Chance: Sendable {
    private let generator: Mutex<Generator>

    init(seed: UInt64) { generator = Mutex(Generator(seed: seed)) }

    /// A number of the range.
    func int(in range: ClosedRange<Int>) -> Int { generator.withLock { $0.int(in: range) } }

    /// One of the elements; nil if there is none.
    func element<Element: Sendable>(of elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[int(in: 0...elements.count - 1)]
    }

    /// True once in so many times.
    func once(in count: Int) -> Bool { int(in: 1...count) == 1 }

    /// Some of the elements, each as likely as not.
    func some<Element: Sendable>(of elements: [Element]) -> [Element] { elements.filter { _ in once(in: 2) } }

    /// Any 64 bits.
    func bits() -> UInt64 { generator.withLock { $0.next() } }
}
