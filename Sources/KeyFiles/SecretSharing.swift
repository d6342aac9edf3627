public import TallystickPrimitives

/// Shamir's secret sharing, two of three (A. Shamir, "How to share a secret", 1979), over GF(2⁸) with the polynomial
/// x⁸ + x⁴ + x³ + x + 1.
///
/// Each byte of the secret is the value at 0 of a line of its own, whose slope is random; share x has the line's values at
/// x. Two points give the line. One alone says nothing: with each slope as likely as any other, each value is.
public enum SecretSharing {
    /// How many shares there are.
    public static let shareCount = 3

    /// The values of the three shares, at 1, 2 and 3.
    /// - Precondition: the source returns as many bytes as it is asked for.
    public static func split(_ secret: [UInt8], entropy: any Entropy) -> [[UInt8]] {
        let slopes = entropy.bytes(count: secret.count)
        precondition(slopes.count == secret.count, "an entropy source must return as many bytes as it was asked for")
        return (1...UInt8(shareCount)).map { x in
            zip(secret, slopes).map { $0 ^ product($1, x) }
        }
    }

    /// The secret of two shares.
    /// - Precondition: two different places among 1 to 3, and values of the same length.
    public static func join(
        _ first: (place: UInt8, values: [UInt8]), _ second: (place: UInt8, values: [UInt8])
    ) -> [UInt8] {
        precondition(
            first.place != second.place && first.values.count == second.values.count, "two shares of one secret")
        // The line through (a, u) and (b, v) at 0: u·b/(a+b) + v·a/(a+b); addition and subtraction are the same here.
        let inverse = reciprocal(first.place ^ second.place)
        let (left, right) = (product(second.place, inverse), product(first.place, inverse))
        return zip(first.values, second.values).map { product($0, left) ^ product($1, right) }
    }

    /// Multiplies in the field, in the same steps whatever the values are.
    static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var (sum, factor) = (UInt8(0), left)
        for bit in 0..<UInt8(8) {
            sum ^= factor & (0 &- (right >> bit & 1))
            factor = factor << 1 ^ 0x1b & (0 &- (factor >> 7))
        }
        return sum
    }

    /// What a value must be multiplied by to give 1: its 254th power.
    static func reciprocal(_ value: UInt8) -> UInt8 {
        var (result, power) = (UInt8(1), value)
        for bit in 0..<UInt8(8) {
            if 254 >> bit & 1 == 1 { result = product(result, power) }
            power = product(power, power)
        }
        return result
    }
}
