public import TallystickPrimitives

// How the primitives stand in CBOR, and back: one place, so that every object spells them alike.
extension CBOR {
    /// A hash as a 32-byte string.
    public static func hash(_ hash: Hash256) -> CBOR { .bytes(hash.bytes) }

    /// An identifier as a 16-byte string.
    public static func id<Tag>(_ id: RandomID<Tag>) -> CBOR { .bytes(id.bytes) }

    /// A code as text.
    public static func code<Tag>(_ code: Code<Tag>) -> CBOR { .text(code.text) }

    /// An origin as text.
    public static func origin(_ origin: Origin) -> CBOR { .text(origin.text) }

    /// An instant in whole seconds.
    public static func seconds(_ instant: Timestamp) -> CBOR { .unsigned(instant.wholeSeconds) }

    /// A value, or null.
    public static func optional<Value>(_ value: Value?, _ encode: (Value) -> CBOR) -> CBOR {
        value.map(encode) ?? .null
    }

    /// The hash, if this is a 32-byte string.
    public func hash256() throws(CBORShapeError) -> Hash256 {
        guard case .bytes(let bytes) = self, let hash = Hash256(bytes: bytes) else {
            throw CBORShapeError("a hash of 32 bytes")
        }
        return hash
    }

    /// The identifier, if this is a 16-byte string.
    public func id<Tag>(_ type: RandomID<Tag>.Type = RandomID<Tag>.self) throws(CBORShapeError) -> RandomID<Tag> {
        guard case .bytes(let bytes) = self, let id = RandomID<Tag>(bytes: bytes) else {
            throw CBORShapeError("an identifier of 16 bytes")
        }
        return id
    }

    /// The code, if this is text that is one.
    public func code<Tag>(_ type: Code<Tag>.Type = Code<Tag>.self) throws(CBORShapeError) -> Code<Tag> {
        guard case .text(let text) = self, let code = Code<Tag>(text) else {
            throw CBORShapeError("a code of 1 to 32 characters a-z, 0-9 and -")
        }
        return code
    }

    /// The origin, if this is text that is one.
    public func origin() throws(CBORShapeError) -> Origin {
        guard case .text(let text) = self, let origin = Origin(text) else { throw CBORShapeError("a log origin") }
        return origin
    }

    /// The instant, if this is a number of seconds up to the year 9999.
    public func seconds() throws(CBORShapeError) -> Timestamp {
        guard case .unsigned(let value) = self, Timestamp(wholeSeconds: value).wholeSeconds == value else {
            throw CBORShapeError("a time in whole seconds")
        }
        return Timestamp(wholeSeconds: value)
    }
}
