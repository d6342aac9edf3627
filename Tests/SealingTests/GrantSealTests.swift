import Crypto
import DeterministicCBOR
import EventLogs
import Foundation
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import Sealing

/// Keys given by HPKE reach one agency, in one place, and can be held against their commitments.
@Suite struct GrantSealTests {
    let samples: Samples
    let key = Sealing.KEMPrivateKey(from: SeededEntropy(seed: 11))
    let recipient: AgencyCode = "police"
    let contents: GrantContents

    init() throws {
        samples = try Samples()
        contents = GrantContents(
            epoch: samples.epoch,
            circleKeys: ["record": samples.circleKey, "id": CircleKey(from: ScriptedEntropy())],
            contentKeys: [(samples.origin, samples.id, ContentKey(from: ScriptedEntropy(start: 5)))]
        )
    }

    @Test func anyKeysRoundTrip() throws {
        try checkProperty(cases: 40) { generator in
            let given = try generator.grantContents(origin: samples.origin)
            let grant = try seal(given, entropy: generator.entropy())
            let carried = try DirectGrant(decoding: grant.encoded)
            try #require(carried == grant)
            let opened = try open(carried)
            try #require(opened.encoded == given.encoded)
        }
    }

    @Test func theGrantNamesTheSuiteAndTheKey() throws {
        let grant = try seal(contents)
        #expect(key.publicKey.count == 1216)
        #expect(grant.kem == 0x647a && grant.kdf == 1 && grant.aead == 2)
        #expect(grant.kemKeyID == DirectGrant.kemKeyID(kem: 0x647a, publicKey: key.publicKey))
        #expect(grant.encapsulation.count == 1120)
        #expect(grant.sealed.count == contents.encoded.count + 16)
        #expect(try seal(contents).encapsulation != grant.encapsulation)
    }

    @Test func everyByteOfTheGrantCounts() throws {
        let grant = try seal(contents)
        for change in 0..<(32 * 8) {
            let changed = try #require(
                Hash256(bytes: flipping(bit: change % 8, at: change / 8, of: grant.kemKeyID.bytes)))
            #expect(fault(grant.replacing(kemKeyID: changed)) == .unknownKEMKey)
        }
        for position in grant.encapsulation.indices {
            let changed = flipping(bit: position % 8, at: position, of: grant.encapsulation)
            #expect(fault(grant.replacing(encapsulation: changed)) == .grant)
        }
        for position in grant.sealed.indices {
            let changed = flipping(bit: position % 8, at: position, of: grant.sealed)
            #expect(fault(grant.replacing(sealed: changed)) == .grant)
        }
        for count in [0, 15, 32, 1119, 1121] {
            let changed = [UInt8](repeating: 9, count: count)
            #expect(fault(grant.replacing(encapsulation: changed)) == .grant)
            #expect(fault(grant.replacing(sealed: changed)) == .grant)
        }
        #expect(fault(grant.replacing(recipient: "polica")) == .grantNotForUs)
        #expect(fault(grant.replacing(kem: 0x20)) == .unknownSuite)
        #expect(fault(grant.replacing(kdf: 3)) == .unknownSuite)
        #expect(fault(grant.replacing(aead: 3)) == .unknownSuite)
        #expect(fault(grant) == nil)
    }

    @Test func theSaltIsHeldByTheStatementsHashAlone() throws {
        let grant = try seal(contents)
        let changed = grant.replacing(salt: [UInt8](repeating: 1, count: 16))
        #expect(Hash256(hashing: changed.encoded) != Hash256(hashing: grant.encoded))
        #expect(fault(changed) == nil)
    }

    @Test func aGrantOpensInItsPlaceAndForItsKeyOnly() throws {
        let grant = try seal(contents)
        let place = samples.grantContext
        let otherStream = try #require(StreamID(bytes: Samples.sixteen(1)))
        let otherEvent = try #require(EventID(bytes: Samples.sixteen(1)))
        let otherOrigin = try #require(Origin("broker.example/tallystick/log/a8"))
        let places = [
            GrantContext(origin: otherOrigin, stream: place.stream, event: place.event),
            GrantContext(origin: place.origin, stream: otherStream, event: place.event),
            GrantContext(origin: place.origin, stream: place.stream, event: otherEvent),
        ]
        for other in places { #expect(fault(grant, in: other) == .grant) }
        let stranger = Sealing.KEMPrivateKey(from: SeededEntropy(seed: 12))
        #expect(throws: OpeningFault.unknownKEMKey) {
            try GrantSeal.open(grant, with: stranger, as: recipient, in: place)
        }
        // One key under two names: the recipient's code is bound as well.
        #expect(throws: OpeningFault.grant) {
            try GrantSeal.open(
                grant.replacing(recipient: "council"), with: key, as: "council", in: place)
        }
    }

    @Test func keysAreHeldAgainstTheirCircle() throws {
        let circle = try circle(committingTo: contents)
        try open(seal(contents)).check(against: circle)
        let otherKeys = GrantContents(
            epoch: samples.epoch,
            circleKeys: ["record": CircleKey(from: ScriptedEntropy(start: 1))],
            contentKeys: [])
        #expect(throws: OpeningFault.wrongKeyCommitment) {
            try open(seal(otherKeys)).check(against: circle)
        }
        let unknownLabel = GrantContents(
            epoch: samples.epoch, circleKeys: ["health": samples.circleKey], contentKeys: [])
        #expect(throws: OpeningFault.wrongKeyCommitment) {
            try unknownLabel.check(against: circle)
        }
        let otherEpoch = GrantContents(
            epoch: EpochID(bytes: Samples.sixteen(1)), circleKeys: [:], contentKeys: [])
        #expect(throws: OpeningFault.otherEpoch) { try otherEpoch.check(against: circle) }
    }

    @Test func contradictoryOrOversizedGrantsAreNotSealed() throws {
        let key = ContentKey(from: ScriptedEntropy())
        let twice = GrantContents(
            epoch: nil, circleKeys: [:],
            contentKeys: [(samples.origin, samples.id, key), (samples.origin, samples.id, key)])
        #expect(throws: SealingError.contradictoryGrant) { try seal(twice) }
        let noEpoch = GrantContents(
            epoch: nil, circleKeys: ["record": samples.circleKey], contentKeys: [])
        #expect(throws: SealingError.contradictoryGrant) { try seal(noEpoch) }
        let entropy = SeededEntropy(seed: 3)
        let many = GrantContents(
            epoch: nil, circleKeys: [:],
            contentKeys: (0..<1000).map { _ in (samples.origin, CompartmentID(from: entropy), key) }
        )
        #expect(throws: SealingError.self) { try seal(many) }
        #expect(throws: SealingError.unusablePublicKey) {
            try GrantSeal.seal(
                contents, to: recipient, publicKey: [1], in: samples.grantContext, entropy: entropy)
        }
        #expect(throws: SealingError.unusablePublicKey) {
            try GrantSeal.seal(
                contents, to: recipient, publicKey: [UInt8](repeating: 0xff, count: 1216),
                in: samples.grantContext, entropy: entropy)
        }
    }

    @Test func keysInAnotherShapeAreRefused() throws {
        let short = CBOR.bytes([1, 2, 3])
        let id = CBOR.id(samples.id)
        let good = CBOR.array([.origin(samples.origin), id, .bytes(.init(repeating: 1, count: 32))])
        let plaintexts: [CBOR] = [
            .null, .array([.null, .map(of: [])]),
            .array([.null, .map(of: [(.text("record"), short)]), .array([])]),
            .array([.null, .map(of: []), .array([.array([.origin(samples.origin), id, short])])]),
            .array([.null, .map(of: []), .array([good, good])]),
            .array([.unsigned(1), .map(of: []), .array([])]),
        ]
        for plaintext in plaintexts {
            let grant = try crafted(plaintext.encoded)
            #expect(fault(grant) == .badGrant, "\(plaintext)")
        }
        #expect(fault(try crafted(contents.encoded + [0])) == .badGrant)
        #expect(fault(try crafted(contents.encoded)) == nil)
    }

    // MARK: - Making and opening

    private func circle(committingTo contents: GrantContents) throws -> CircleControl {
        CircleControl(
            epoch: samples.epoch, members: [recipient],
            labels: contents.circleKeys.mapValues {
                CircleLabel(members: [0], keyCommitment: $0.commitment)
            }, fromSequence: 0, bundle: nil, reason: "opened")
    }

    @discardableResult
    private func seal(
        _ contents: GrantContents, entropy: any Entropy = ScriptedEntropy()
    ) throws -> DirectGrant {
        try GrantSeal.seal(
            contents, to: recipient, publicKey: key.publicKey, in: samples.grantContext,
            entropy: entropy)
    }

    private func open(_ grant: DirectGrant) throws -> GrantContents {
        try GrantSeal.open(grant, with: key, as: recipient, in: samples.grantContext)
    }

    private func fault(_ grant: DirectGrant, in context: GrantContext? = nil) -> OpeningFault? {
        do throws(OpeningFault) {
            _ = try GrantSeal.open(
                grant, with: key, as: recipient, in: context ?? samples.grantContext)
            return nil
        } catch { return error }
    }

    /// A grant whose sender follows every rule but those of the plaintext.
    private func crafted(_ plaintext: [UInt8]) throws -> DirectGrant {
        let info = samples.grantContext.info(recipient: recipient, kemKeyID: key.keyID)
        var sender = try HPKE.Sender(
            recipientKey: XWingMLKEM768X25519.PublicKey(rawRepresentation: key.publicKey),
            ciphersuite: .XWingMLKEM768X25519_SHA256_AES_GCM_256, info: info)
        return try seal(contents).replacing(
            encapsulation: Array(sender.encapsulatedKey), sealed: Array(try sender.seal(plaintext)))
    }
}

extension DirectGrant {
    /// The same grant with some parts replaced.
    func replacing(
        salt: [UInt8]? = nil, recipient: AgencyCode? = nil, kemKeyID: Hash256? = nil,
        kem: UInt64? = nil, kdf: UInt64? = nil, aead: UInt64? = nil, encapsulation: [UInt8]? = nil,
        sealed: [UInt8]? = nil
    ) -> DirectGrant {
        DirectGrant(
            salt: salt ?? self.salt, recipient: recipient ?? self.recipient,
            kemKeyID: kemKeyID ?? self.kemKeyID, kem: kem ?? self.kem, kdf: kdf ?? self.kdf,
            aead: aead ?? self.aead, encapsulation: encapsulation ?? self.encapsulation,
            sealed: sealed ?? self.sealed)
    }
}

extension Generator {
    /// Up to four keys of each sort, with or without an epoch.
    mutating func grantContents(origin: Origin) throws -> GrantContents {
        let entropy = self.entropy()
        let hasEpoch = bool()
        var circleKeys: [Label: CircleKey] = [:]
        if hasEpoch {
            for label: Label in ["record", "identity", "contact", "health"] where bool() {
                circleKeys[label] = CircleKey(from: entropy)
            }
        }
        let count = int(in: 0...4)
        return GrantContents(
            epoch: hasEpoch ? EpochID(from: entropy) : nil, circleKeys: circleKeys,
            contentKeys: (0..<count).map { _ in
                (origin, CompartmentID(from: entropy), ContentKey(from: entropy))
            })
    }
}
