/// An item that decoded well but is not what its place calls for.
public struct CBORShapeError: Error, Hashable, Sendable {
    /// What the place calls for, such as `an array of 10 items`; contains nothing of the input.
    public let expected: String

    /// States what was expected.
    public init(_ expected: String) { self.expected = expected }
}

extension CBOR {
    /// The number, if this is one that is not negative.
    public func unsigned() throws(CBORShapeError) -> UInt64 {
        guard case .unsigned(let value) = self else { throw CBORShapeError("an unsigned number") }
        return value
    }

    /// The number as an `Int`, if it fits.
    public func count() throws(CBORShapeError) -> Int {
        guard case .unsigned(let value) = self, let count = Int(exactly: value) else {
            throw CBORShapeError("a count")
        }
        return count
    }

    /// The number, if this is an integer that fits 64 bits with its sign.
    public func integer() throws(CBORShapeError) -> Int64 {
        switch self {
        case .unsigned(let value): if let number = Int64(exactly: value) { return number }
        case .negative(let value): if let number = Int64(exactly: value) { return -1 - number }
        default: break
        }
        throw CBORShapeError("an integer")
    }

    /// The bytes, if this is a byte string.
    public func byteString() throws(CBORShapeError) -> [UInt8] {
        guard case .bytes(let bytes) = self else { throw CBORShapeError("a byte string") }
        return bytes
    }

    /// The bytes, if this is a byte string of that length.
    public func byteString(count: Int) throws(CBORShapeError) -> [UInt8] {
        guard case .bytes(let bytes) = self, bytes.count == count else {
            throw CBORShapeError("a byte string of \(count) bytes")
        }
        return bytes
    }

    /// The text, if this is text.
    public func string() throws(CBORShapeError) -> String {
        guard case .text(let text) = self else { throw CBORShapeError("text") }
        return text
    }

    /// True or false, if this is either.
    public func boolean() throws(CBORShapeError) -> Bool {
        guard case .bool(let value) = self else { throw CBORShapeError("true or false") }
        return value
    }

    /// The items, if this is an array.
    public func items() throws(CBORShapeError) -> [CBOR] {
        guard case .array(let items) = self else { throw CBORShapeError("an array") }
        return items
    }

    /// The items, if this is an array of no more than `limit`.
    public func items(atMost limit: Int) throws(CBORShapeError) -> [CBOR] {
        guard case .array(let items) = self, items.count <= limit else {
            throw CBORShapeError("an array of at most \(limit) items")
        }
        return items
    }

    /// The items, if this is an array of exactly `count`.
    public func items(count: Int) throws(CBORShapeError) -> [CBOR] {
        guard case .array(let items) = self, items.count == count else {
            throw CBORShapeError("an array of \(count) items")
        }
        return items
    }

    /// The entries, if this is a map.
    public func entries() throws(CBORShapeError) -> CBORMap {
        guard case .map(let map) = self else { throw CBORShapeError("a map") }
        return map
    }

    /// The item itself, or nil for null.
    public var orNil: CBOR? { self == .null ? nil : self }
}
