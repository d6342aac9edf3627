import DeterministicCBOR
import TallystickPrimitives

/// Labels of the protected header (IANA COSE Header Parameters).
enum Label {
    static let algorithm = CBOR.unsigned(1)
    static let contentType = CBOR.unsigned(3)
    static let keyID = CBOR.unsigned(4)
    static let claims = CBOR.unsigned(15)
    static let type = CBOR.unsigned(16)

    static func isKnown(_ label: CBOR) -> Bool {
        switch label {
        case .unsigned(1), .unsigned(3), .unsigned(4), .unsigned(15), .unsigned(16): true
        default: false
        }
    }
}

/// Keys of the claims (IANA CBOR Web Token Claims).
enum Claim {
    static let issuer = CBOR.unsigned(1)
    static let subject = CBOR.unsigned(2)
    static let issuedAt = CBOR.unsigned(6)
    static let eventID = CBOR.unsigned(7)
}

/// The values that are the same in every statement.
enum Profile {
    /// Ed25519 by its own name (RFC 9864), not the deprecated EdDSA.
    static let algorithm = CBOR.integer(-19)
    static let contentType = CBOR.text("application/vnd.tallystick.statement+cbor")
    static let type = CBOR.text("application/scitt-statement+cose")
}

/// Reads a protected header label by label, and says which label was at fault.
struct HeaderReader {
    private let map: CBORMap

    init(_ item: CBOR) throws(StatementError) {
        guard case .map(let map) = item else {
            throw .headerValue(label: 0, CBORShapeError("a map of header parameters"))
        }
        guard map.pairs.allSatisfy({ Label.isKnown($0.key) }) else { throw .unknownLabel }
        self.map = map
    }

    func value(_ label: CBOR) throws(StatementError) -> CBOR {
        guard let value = map[label] else { throw .missingLabel(HeaderReader.number(of: label)) }
        return value
    }

    func expect(_ label: CBOR, _ expected: CBOR) throws(StatementError) {
        guard try value(label) == expected else {
            let error = CBORShapeError("the value that the profile fixes")
            throw .headerValue(label: HeaderReader.number(of: label), error)
        }
    }

    func read<Value>(
        _ label: CBOR, as decode: (CBOR) throws(CBORShapeError) -> Value
    ) throws(StatementError) -> Value {
        let value = try value(label)
        do throws(CBORShapeError) {
            return try decode(value)
        } catch {
            throw .headerValue(label: HeaderReader.number(of: label), error)
        }
    }

    private static func number(of label: CBOR) -> Int {
        if case .unsigned(let value) = label { Int(truncatingIfNeeded: value) } else { 0 }
    }
}

/// The CWT claims of a statement (RFC 9597).
struct Claims {
    let issuer: Origin
    let subject: StreamID
    let issuedAt: Timestamp
    let eventID: EventID

    init(_ item: CBOR) throws(CBORShapeError) {
        let map = try item.entries()
        guard map.pairs.count == 4, let issuer = map[Claim.issuer],
            let subject = map[Claim.subject],
            let issuedAt = map[Claim.issuedAt], let eventID = map[Claim.eventID]
        else { throw CBORShapeError("a map of exactly the claims iss, sub, iat and cti") }
        self.issuer = try issuer.origin()
        self.subject = try Claims.stream(subject)
        self.issuedAt = try issuedAt.seconds()
        self.eventID = try eventID.id()
    }

    private static func stream(_ item: CBOR) throws(CBORShapeError) -> StreamID {
        let text = try item.string()
        // Upper-case digits would be a second spelling of one stream.
        guard let stream = StreamID(hex: text), text.utf8.allSatisfy({ !(0x41...0x46).contains($0) }) else {
            throw CBORShapeError("a stream id of 32 lower-case hexadecimal digits")
        }
        return stream
    }
}
