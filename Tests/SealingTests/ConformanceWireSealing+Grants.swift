import DeterministicCBOR
import EventLogs
@testable import Sealing
import TallystickPrimitives
import TallystickTesting
import Testing

extension ConformanceWireSealing {
    struct Grant: Decodable, Sendable {
        struct Key: Decodable, Sendable {
            let origin: String
            let compartment: HexBytes
            let key: HexBytes
        }
        let id: String
        let origin: String
        let stream: HexBytes
        let event: HexBytes
        let recipient: String
        let salt: HexBytes
        let kem_seed: HexBytes
        let kem_public_key: HexBytes
        let kem_key_id: HexBytes
        let info: HexBytes
        let epoch: HexBytes?
        let circle_keys: [String: HexBytes]
        let content_keys: [Key]
        let plaintext: HexBytes
        let encapsulation: HexBytes
        let sealed: HexBytes
        let grant: HexBytes
    }

    struct RefusedGrant: Decodable, Sendable {
        let id: String
        let fault: String
        let origin: String
        let stream: HexBytes
        let event: HexBytes
        let recipient: String
        let kem_seed: HexBytes
        let grant: HexBytes
    }

    @Test func grantsOpenAsSealedElsewhere() throws {
        let file = try VectorDirectory().load("tallystick/direct_grants.json", as: Grant.self)
        for vector in file.vectors {
            let key = try Sealing.KEMPrivateKey(seed: vector.kem_seed.bytes)
            #expect(key.publicKey == vector.kem_public_key.bytes)
            #expect(key.keyID.bytes == vector.kem_key_id.bytes)
            let grant = try DirectGrant(decoding: vector.grant.bytes)
            #expect(grant.encoded == vector.grant.bytes, "\(vector.id)")
            #expect(grant.salt == vector.salt.bytes)
            #expect(grant.kemKeyID == key.keyID)
            #expect((grant.kem, grant.kdf, grant.aead) == (0x647a, 1, 2))
            #expect(grant.encapsulation == vector.encapsulation.bytes)
            #expect(grant.sealed == vector.sealed.bytes)
            let recipient = try #require(AgencyCode(vector.recipient))
            let context = try place(vector.origin, vector.stream, vector.event)
            #expect(
                Array(context.info(recipient: recipient, kemKeyID: key.keyID))
                    == vector.info.bytes, "\(vector.id)")
            let opened = try GrantSeal.open(grant, with: key, as: recipient, in: context)
            #expect(opened.encoded == vector.plaintext.bytes, "\(vector.id)")
            try compare(opened, with: vector)
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 3)
    }

    private func compare(_ opened: GrantContents, with vector: Grant) throws {
        #expect(opened.epoch?.bytes == vector.epoch?.bytes, "\(vector.id)")
        var keys: [Label: CircleKey] = [:]
        for (label, key) in vector.circle_keys {
            keys[try #require(Label(label))] = CircleKey(bytes: key.bytes)
        }
        #expect(opened.circleKeys == keys, "\(vector.id)")
        #expect(opened.contentKeys.count == vector.content_keys.count)
        for (given, expected) in zip(opened.contentKeys, vector.content_keys) {
            #expect(given.origin.text == expected.origin)
            #expect(given.compartment.bytes == expected.compartment.bytes)
            #expect(given.key == ContentKey(bytes: expected.key.bytes))
        }
    }

    @Test func grantsAreRefusedForTheirReason() throws {
        let file = try VectorDirectory().load(
            "tallystick/grants_refused.json", as: RefusedGrant.self)
        for vector in file.vectors {
            let grant = try DirectGrant(decoding: vector.grant.bytes)
            let key = try Sealing.KEMPrivateKey(seed: vector.kem_seed.bytes)
            let recipient = try #require(AgencyCode(vector.recipient))
            let context = try place(vector.origin, vector.stream, vector.event)
            do throws(OpeningFault) {
                _ = try GrantSeal.open(grant, with: key, as: recipient, in: context)
                Issue.record("\(vector.id) was opened")
            } catch { #expect(error.code.text == vector.fault, "\(vector.id)") }
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 17)
    }

    private func place(
        _ origin: String, _ stream: HexBytes, _ event: HexBytes
    ) throws -> GrantContext {
        GrantContext(
            origin: try #require(Origin(origin)),
            stream: try #require(StreamID(bytes: stream.bytes)),
            event: try #require(EventID(bytes: event.bytes)))
    }
}
