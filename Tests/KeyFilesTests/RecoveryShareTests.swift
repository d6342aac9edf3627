import Synchronization
import TallystickPrimitives
import Testing

@testable import KeyFiles

/// Shares of a recovery key: two give it, one gives nothing, and a slip of the pen is noticed.
@Suite("Recovery from two of three shares") struct RecoveryShareTests {
    /// Gives the bytes it is told to give.
    private struct Given: Entropy {
        let all: [UInt8]
        func bytes(count: Int) -> [UInt8] { Array(all.prefix(count)) }
    }

    @Test("The field is that of AES: every product by definition, every reciprocal")
    func field() {
        for left in UInt8.min...UInt8.max {
            for right in UInt8.min...UInt8.max {
                // Long multiplication of polynomials, and division by x⁸ + x⁴ + x³ + x + 1.
                var product: UInt16 = 0
                for bit in 0..<8 where right >> bit & 1 == 1 { product ^= UInt16(left) << bit }
                for bit in stride(from: 15, through: 8, by: -1) where product >> bit & 1 == 1 {
                    product ^= 0x11b << (bit - 8)
                }
                guard SecretSharing.product(left, right) == UInt8(product) else {
                    Issue.record("\(left) times \(right)")
                    return
                }
            }
            if left != 0 { #expect(SecretSharing.product(left, SecretSharing.reciprocal(left)) == 1) }
        }
    }

    @Test("Any two shares give the secret: every byte, every slope, every pair, either way round")
    func join() {
        let slopes = Given(all: Array(UInt8.min...UInt8.max))
        for secret in UInt8.min...UInt8.max {
            let secrets = [UInt8](repeating: secret, count: 256)
            let shares = SecretSharing.split(secrets, entropy: slopes)
            for first in 0..<3 {
                // Either way round, by turns.
                for second in 0..<3 where first != second && (first < second) == secret.isMultiple(of: 2) {
                    let joined = SecretSharing.join(
                        (UInt8(first + 1), shares[first]), (UInt8(second + 1), shares[second]))
                    if joined != secrets { Issue.record("\(secret), shares \(first) and \(second)") }
                }
            }
        }
    }

    @Test("One share says nothing: of every secret byte it takes each value for exactly one slope")
    func oneAlone() {
        let slopes = Given(all: Array(UInt8.min...UInt8.max))
        for secret in UInt8.min...UInt8.max {
            for share in SecretSharing.split([UInt8](repeating: secret, count: 256), entropy: slopes) {
                if Set(share).count != 256 { Issue.record("\(secret)") }
            }
        }
    }

    @Test("Slopes are drawn anew for each byte, and none is used for two")
    func slopes() {
        let secret = [UInt8](repeating: 0, count: 32)
        let random = Given(all: (0..<32).map { UInt8($0 * 7 + 3) })
        #expect(SecretSharing.split(secret, entropy: random)[0] == random.all)
    }

    private struct Drawn: Entropy {
        let state = Counter()
        final class Counter: Sendable {
            private let next = Mutex(UInt8(1))
            func draw() -> UInt8 {
                next.withLock {
                    $0 = $0 &* 5 &+ 17
                    return $0
                }
            }
        }
        func bytes(count: Int) -> [UInt8] { (0..<count).map { _ in state.draw() } }
    }

    @Test("The text is read again however it is typed, and no digit can be wrong unnoticed")
    func text() throws {
        let (key, shares) = RecoveryShare.make(from: Drawn())
        for share in shares {
            let text = share.text
            #expect(text.split(separator: "-").map(\.count) == [Int](repeating: 4, count: 17))
            #expect(try RecoveryShare(parsing: text) == share)
            let typed = text.lowercased().replacing("-", with: " ").replacing("0", with: "o").replacing("1", with: "l")
            #expect(try RecoveryShare(parsing: typed + "\n") == share)
            for place in text.indices where text[place] != "-" {
                for digit in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" where digit != text[place] {
                    var wrong = text
                    wrong.replaceSubrange(place...place, with: String(digit))
                    #expect((try? RecoveryShare(parsing: wrong)) == nil, "\(wrong)")
                }
            }
            #expect(throws: RecoveryShareError.unreadable) { try RecoveryShare(parsing: String(text.dropLast(5))) }
            #expect(throws: RecoveryShareError.unreadable) { try RecoveryShare(parsing: text + "-0000") }
            #expect(throws: RecoveryShareError.unreadable) { try RecoveryShare(parsing: "U" + text.dropFirst()) }
            #expect(!"\(share)".contains(text.prefix(9)) && !String(reflecting: share).contains(text.prefix(9)))
        }
        let typed = try shares.map { try RecoveryShare(parsing: $0.text) }
        for (first, second) in [(0, 1), (0, 2), (1, 2), (2, 0)] {
            #expect(try RecoveryShare.join(typed[first], typed[second]) == key)
        }
        #expect(throws: RecoveryShareError.sameShare) { try RecoveryShare.join(shares[1], shares[1]) }
        let others = RecoveryShare.make(from: Given(all: [UInt8](repeating: 9, count: 32))).shares
        #expect(throws: RecoveryShareError.otherSet) { try RecoveryShare.join(shares[0], others[1]) }
    }
}
