import DeterministicCBOR
import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives

/// A void statement that keeps the place of one that is missing or does not read, so that the
/// numbers after it hold.
///
/// Nobody signed it, and no admission accepts it; it lives in a stream of its own name and touches
/// no other.
enum StandIn {
    static func submission(for place: LeafIndex, of origin: Origin) throws(StatementFault)
        -> Submission
    {
        let name = Hash256(hashing: Array("stand-in \(origin) \(place)".utf8))
        guard let stream = StreamID(bytes: name.bytes.prefix(16)),
            let event = EventID(bytes: name.bytes.suffix(16))
        else { throw .unreadable }
        let payload = StatementPayload(
            stream: stream, sequence: 0, previous: nil, seen: nil, compartments: [], grants: [],
            decision: nil,
            control: .record)
        let header = StatementHeader(
            keyID: .zero, issuer: origin, subject: stream, issuedAt: Timestamp(milliseconds: 0),
            eventID: event)
        let sign1 = Sign1(
            protected: header.encoded, unprotected: CBORMap([]), payload: payload.encoded,
            signature: [UInt8](repeating: 0, count: VerificationKey.signatureByteCount))
        let statement = try Statement(decoding: sign1.encoded)
        return Submission(index: place, statement: statement, compartments: [], grants: [])
    }
}
