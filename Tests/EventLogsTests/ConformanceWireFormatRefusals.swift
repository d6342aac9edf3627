import DeterministicCBOR
import EventLogs
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// What a reader of format 1 must refuse, and for which reason.
@Suite struct ConformanceWireFormatRefusals {
    struct RefusedPayload: Decodable, Sendable {
        let id: String
        let fault: String
        let key: Int?
        let payload: HexBytes
        let statement: HexBytes
    }

    struct RefusedStatement: Decodable, Sendable {
        let id: String
        let fault: String
        let label: Int?
        let public_key: HexBytes?
        let statement: HexBytes
    }

    @Test func payloadsAreRefusedForTheirReason() throws {
        let file = try VectorDirectory().load(
            "tallystick/payloads_refused.json", as: RefusedPayload.self)
        for vector in file.vectors {
            let expected = WireReason(vector.fault, vector.key)
            do throws(PayloadError) {
                _ = try StatementPayload(decoding: vector.payload.bytes)
                Issue.record("\(vector.id) was read")
            } catch { #expect(WireReason(error) == expected, "\(vector.id)") }
            do throws(StatementFault) {
                _ = try Statement(decoding: vector.statement.bytes)
                Issue.record("\(vector.id) was read as a statement")
            } catch {
                guard case .payload(let error) = error else {
                    Issue.record("\(vector.id): \(error)")
                    continue
                }
                #expect(WireReason(error) == expected, "\(vector.id)")
            }
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 218)
    }

    @Test func envelopesAreRefusedForTheirReason() throws {
        let file = try VectorDirectory().load(
            "tallystick/statements_refused.json", as: RefusedStatement.self)
        for vector in file.vectors {
            let expected = WireReason(vector.fault, vector.label)
            do {
                let statement = try Statement(decoding: vector.statement.bytes)
                let key = try VerificationKey(bytes: #require(vector.public_key).bytes)
                _ = try statement.signed.verified(by: key)
                Issue.record("\(vector.id) was accepted")
            } catch let fault as StatementFault {
                #expect(vector.public_key == nil, "\(vector.id)")
                #expect(try WireReason(fault) == expected, "\(vector.id)")
            } catch let error as StatementError {
                #expect(vector.public_key != nil, "\(vector.id)")
                #expect(WireReason(error) == expected, "\(vector.id)")
            }
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 48)
    }

    @Test func oneByteAboveTheLimitIsTooLarge() throws {
        let file = try VectorDirectory().load(
            "tallystick/statements_refused.json", as: RefusedStatement.self)
        let vector = try #require(file.vectors.first { $0.id == "16-kib-and-1" })
        #expect(vector.statement.bytes.count == Limits.statementByteCount + 1)
    }
}

/// A reason as the vectors name it, with the key or label at fault.
struct WireReason: Equatable {
    let name: String
    let place: Int?

    init(_ name: String, _ place: Int? = nil) {
        self.name = name
        self.place = place
    }

    init(_ error: PayloadError) {
        switch error {
        case .notDeterministic(let error): self.init(wireName(of: error))
        case .wrongKeys: self.init("wrong-keys")
        case .unknownFormat: self.init("unknown-format")
        case .unknownKind: self.init("unknown-kind")
        case .wrongShape(let key, _): self.init("wrong-shape", key)
        case .previousDoesNotFitSequence: self.init("previous-does-not-fit-sequence")
        case .kindNotAllowedInStream: self.init("kind-not-allowed-in-stream")
        case .duplicateCompartment: self.init("duplicate-compartment")
        case .duplicateGrant: self.init("duplicate-grant")
        }
    }

    init(_ fault: StatementFault) throws {
        switch fault {
        case .envelope(let error): self.init(error)
        case .subjectIsNotStream: self.init("subject-is-not-stream")
        case .payload(let error): self.init(error)
        case .unreadable: self.init("unreadable")
        }
    }

    init(_ error: StatementError) {
        switch error {
        case .tooLarge: self.init("too-large")
        case .notSign1: self.init("not-sign1")
        case .unprotectedNotEmpty: self.init("unprotected-not-empty")
        case .header: self.init("header-not-deterministic")
        case .unknownLabel: self.init("unknown-label")
        case .missingLabel(let label): self.init("missing-label", label)
        case .algorithm: self.init("algorithm")
        case .headerValue(let label, _): self.init("header-value", label)
        case .payloadMissing: self.init("payload-missing")
        case .signatureLength: self.init("signature-length")
        case .wrongKey: self.init("wrong-key")
        case .badSignature: self.init("bad-signature")
        }
    }
}

private func wireName(of error: CBORError) -> String {
    switch error {
    case .tooLarge: "too-large"
    case .truncated: "truncated"
    case .trailingBytes: "trailing-bytes"
    case .illFormed: "ill-formed"
    case .notShortest: "not-shortest"
    case .indefiniteLength: "indefinite-length"
    case .keyOrder: "key-order"
    case .duplicateKey: "duplicate-key"
    case .tooManyItems: "too-many-items"
    case .tooDeep: "too-deep"
    case .invalidText: "invalid-text"
    case .unsupported: "unsupported"
    }
}
