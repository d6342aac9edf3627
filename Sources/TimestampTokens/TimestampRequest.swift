import SwiftASN1
public import TallystickPrimitives

/// What a time-stamping authority is asked: to say when it saw these bytes, of which it is given the hash alone
/// (RFC 3161 §2.4.1).
///
/// There is no nonce. It would tell the asker that an answer is new; what is to be shown is that the bytes are at least
/// as old as the answer, and an old answer about the same bytes shows that all the better.
public struct TimestampRequest: Hashable, Sendable {
    /// SHA-256 of the bytes.
    public let imprint: Hash256

    /// Asks about bytes.
    public init(about bytes: [UInt8]) { imprint = Hash256(hashing: bytes) }

    /// The request in DER, as `application/timestamp-query` carries it; the authority's certificate is asked for.
    public var encoded: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.appendConstructedNode(identifier: .sequence) { request in
                try request.serialize(1)
                try request.appendConstructedNode(identifier: .sequence) { imprint in
                    try imprint.appendConstructedNode(identifier: .sequence) { algorithm in
                        try algorithm.serialize(HashAlgorithm.sha256.identifier)
                        try algorithm.serialize(ASN1Null())
                    }
                    try imprint.serialize(ASN1OctetString(contentBytes: self.imprint.bytes[...]))
                }
                try request.serialize(true)
            }
            return serializer.serializedBytes
        }
    }
}
