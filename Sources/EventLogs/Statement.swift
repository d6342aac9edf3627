public import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// A signed statement with its payload read: well-formed, the signature not yet checked.
public struct Statement: Hashable, Sendable {
    /// The signed bytes and the header.
    public let signed: SignedStatement
    /// The payload.
    public let payload: StatementPayload
    /// The leaf of its log's tree (RFC 6962 §2.1).
    public let leafHash: Hash256
    /// SHA-256 of the exact bytes: what the next statement of the stream names as previous.
    public let hash: Hash256

    /// Decodes exact bytes; nothing is ever encoded again to verify them.
    public init(decoding bytes: [UInt8]) throws(StatementFault) {
        do { try self.init(SignedStatement(decoding: bytes)) } catch let error as StatementError {
            throw .envelope(error)
        } catch let error as StatementFault { throw error } catch { throw .unreadable }
    }

    /// Reads the payload of a well-formed statement.
    public init(_ signed: SignedStatement) throws(StatementFault) {
        self.signed = signed
        do { payload = try StatementPayload(decoding: signed.payload) } catch { throw .payload(error) }
        guard payload.stream == signed.header.subject else { throw .subjectIsNotStream }
        leafHash = MerkleTree.leafHash(signed.bytes)
        hash = Hash256(hashing: signed.bytes)
    }

    /// The exact bytes.
    public var bytes: [UInt8] { signed.bytes }
    /// The author's log.
    public var origin: Origin { signed.header.issuer }
    /// The event.
    public var eventID: EventID { signed.header.eventID }
    /// The author's claimed time.
    public var issuedAt: Timestamp { signed.header.issuedAt }
}

/// Why bytes are not a statement of format 1.
public enum StatementFault: Error, Hashable, Sendable {
    /// The signed envelope is not of our profile.
    case envelope(StatementError)
    /// The payload is not of format 1.
    case payload(PayloadError)
    /// The `sub` claim is not the stream in hexadecimal.
    case subjectIsNotStream
    /// No closed reason applies.
    case unreadable
}
