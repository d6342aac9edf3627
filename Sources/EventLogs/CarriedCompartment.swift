import DeterministicCBOR
public import TallystickPrimitives

/// A compartment's bytes as they travel beside the statement that describes them.
public struct CarriedCompartment: Hashable, Sendable {
    /// Which compartment.
    public let id: CompartmentID
    /// det([1, 3, nonce, ciphertext and tag]) when sealed, det([0, body]) when clear.
    public let content: [UInt8]
    /// det([1, compartment, epoch, AES-KW of the content key]) for a compartment of a circle.
    public let wrap: [UInt8]?

    /// States a carried compartment.
    public init(id: CompartmentID, content: [UInt8], wrap: [UInt8]?) {
        self.id = id
        self.content = content
        self.wrap = wrap
    }

    /// The first way in which these bytes differ from what the statement says of them, or nil.
    public func mismatch(with descriptor: CompartmentDescriptor) -> CompartmentMismatch? {
        if id != descriptor.id { return .otherCompartment }
        if Hash256(hashing: content) != descriptor.contentHash { return .content }
        if wrap.map({ Hash256(hashing: $0) }) != descriptor.wrapHash { return .wrap }
        return nil
    }

    /// The fields of a clear compartment (readers 1 to 3).
    public func clearBody() throws(CarriedPartError) -> CompartmentBody {
        let inner: [UInt8]
        do {
            let items = try CBOR(decoding: content, limit: Limits.carriedByteCount).items(count: 2)
            guard items[0] == .unsigned(0) else { throw CBORShapeError("a clear compartment") }
            inner = try items[1].byteString()
        } catch let error as CBORError { throw .notDeterministic(error) } catch let error as CBORShapeError {
            throw .wrongShape(expected: error.expected)
        } catch { throw .wrongShape(expected: "a clear compartment") }
        return try CompartmentBody(decoding: inner)
    }

    /// The carried bytes of a clear compartment.
    public static func clearContent(_ body: CompartmentBody) -> [UInt8] {
        CBOR.array([.unsigned(0), .bytes(body.encoded)]).encoded
    }
}

/// How carried bytes differ from their description.
public enum CompartmentMismatch: String, Hashable, Sendable {
    /// Another compartment's identifier.
    case otherCompartment = "other-compartment"
    /// The content's hash differs.
    case content = "content-hash"
    /// The wrap's hash differs, or there is one too many or too few.
    case wrap = "wrap-hash"
}

extension Limits {
    /// Bytes of a carried compartment: the largest bucket with nonce, tag and framing.
    public static let carriedByteCount = compartmentByteCount + 256
}
