import TallystickPrimitives

/// Bytes that a vector spells in hexadecimal, of either case.
public struct HexBytes: Decodable, Hashable, Sendable {
    /// The bytes.
    public let bytes: [UInt8]

    /// Decodes a string of hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let bytes = Hex.decode(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected hexadecimal digits in pairs")
        }
        self.bytes = bytes
    }
}
