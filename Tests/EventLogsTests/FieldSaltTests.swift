import Crypto
import DeterministicCBOR
import EventLogs
import TallystickPrimitives
import TallystickTesting
import Testing

/// A field's salt is what HKDF-Expand makes of the seed (RFC 5869 §2.3, WIRE §4).
@Suite struct FieldSaltTests {
    @Test func saltsAreThoseOfTheLibrary() throws {
        try checkProperty { generator in
            let body = CompartmentBody(seed: generator.bytes(count: 32), fields: [:])
            let characters = Array("abcdefghijklmnopqrstuvwxyz0123456789-")
            let text = String((0..<generator.int(in: 1...32)).map { _ in generator.element(of: characters) })
            let field = try #require(FieldCode(text))
            let info = CBOR.array([.text("tallystick/field/v1"), .code(field)]).encoded
            let expanded = HKDF<SHA256>.expand(
                pseudoRandomKey: SymmetricKey(data: body.seed), info: info, outputByteCount: 16)
            try #require(body.salt(of: field) == expanded.withUnsafeBytes { Array($0) })
        }
    }
}
