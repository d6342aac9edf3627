import DeterministicCBOR
import EventLogs
import TallystickPrimitives
import Testing

@testable import Sealing

/// Whatever is changed on the way does not open, and the fault says what was changed.
@Suite struct OpeningFaultTests {
    let samples: Samples
    let sealed: SealedCompartment

    init() throws {
        samples = try Samples()
        sealed = try samples.sealed()
    }

    @Test func everyBitOfTheContentCounts() throws {
        let content = sealed.carried.content
        for position in content.indices {
            for bit in 0..<8 {
                let changed = CarriedCompartment(
                    id: samples.id, content: flipping(bit: bit, at: position, of: content),
                    wrap: nil)
                #expect(fault(opening: changed, sealed.descriptor) == .notAsDescribed(.content))
                let restated = sealed.descriptor.replacing(
                    contentHash: Hash256(hashing: changed.content))
                let found = fault(opening: changed, restated)
                switch position {
                case 4..<16, 19...: #expect(found == .wrongTag, "byte \(position) bit \(bit)")
                default:
                    #expect([.badContent, .unknownSuite, .wrongLength].contains(found))
                }
            }
        }
    }

    @Test func everyBitOfTheWrapCounts() throws {
        let wrap = try #require(sealed.carried.wrap)
        for position in wrap.indices {
            for bit in 0..<8 {
                let changed = flipping(bit: bit, at: position, of: wrap)
                #expect(
                    fault(unwrapping: changed, sealed.descriptor) == .notAsDescribed(.wrap))
                let restated = sealed.descriptor.replacing(wrapHash: Hash256(hashing: changed))
                let expected: OpeningFault =
                    switch position {
                    case 20..<36: .otherEpoch
                    case 38...: .wrap
                    default: .badWrap
                    }
                #expect(fault(unwrapping: changed, restated) == expected)
            }
        }
        #expect(fault(unwrapping: nil, sealed.descriptor) == .notAsDescribed(.wrap))
    }

    @Test func everyPartOfTheDescriptionThatOpeningRestsOnCounts() throws {
        let other = try #require(CompartmentID(bytes: Samples.sixteen(1)))
        let described = sealed.descriptor
        let cases: [(CompartmentDescriptor, OpeningFault)] = [
            (described.replacing(id: other), .notAsDescribed(.otherCompartment)),
            (described.replacing(label: "identity"), .wrongTag),
            (described.replacing(expires: .some(nil)), .wrongTag),
            (described.replacing(expires: samples.expires.adding(seconds: 1)), .wrongTag),
            (described.replacing(paddedLength: 1024), .wrongLength),
            (described.replacing(contentHash: .zero), .notAsDescribed(.content)),
            (described.replacing(keyCommitment: .zero), .wrongKeyCommitment),
            (described.replacing(fieldRoot: .zero), .fieldRoot),
            (described.replacing(reader: .public), .otherReader),
        ]
        for (descriptor, expected) in cases {
            #expect(fault(opening: sealed.carried, descriptor) == expected)
        }
        let otherEpoch = try #require(EpochID(bytes: Samples.sixteen(1)))
        #expect(
            fault(unwrapping: sealed.carried.wrap, described.replacing(reader: .epoch(otherEpoch)))
                == .otherEpoch)
        #expect(
            fault(unwrapping: sealed.carried.wrap, described.replacing(reader: .home))
                == .otherReader)
        #expect(
            fault(unwrapping: sealed.carried.wrap, described.replacing(keyCommitment: .zero))
                == .wrongKeyCommitment)
    }

    @Test func contentMovedToAnotherPlaceDoesNotOpen() throws {
        let otherOrigin = try #require(Origin("broker.example/tallystick/log/a8"))
        let otherEvent = try #require(EventID(bytes: Samples.sixteen(1)))
        let otherID = try #require(CompartmentID(bytes: Samples.sixteen(1)))
        let places = [
            SealingContext(origin: otherOrigin, event: samples.context.event),
            SealingContext(origin: samples.origin, event: otherEvent),
        ]
        for place in places {
            #expect(fault(opening: sealed.carried, sealed.descriptor, in: place) == .wrongTag)
        }
        let moved = CarriedCompartment(
            id: otherID, content: sealed.carried.content, wrap: sealed.carried.wrap)
        let restated = sealed.descriptor.replacing(id: otherID)
        #expect(fault(opening: moved, restated) == .wrongTag)
        #expect(throws: OpeningFault.badWrap) {
            try CompartmentSeal.unwrap(moved, descriptor: restated, with: samples.circleKey)
        }
    }

    @Test func aKeyOtherThanTheCommittedOneIsRefusedBeforeDecryption() throws {
        let entropy = ScriptedEntropy(start: 7)
        let other = ContentKey(from: entropy)
        #expect(
            fault(opening: sealed.carried, sealed.descriptor, key: other) == .wrongKeyCommitment)
        // The content does open under the other key, yet the statement commits to the first.
        let twoFaced = try crafted(plaintext: try plaintext(), key: other)
        let (carried, descriptor) = twoFaced
        #expect(
            fault(
                opening: carried,
                descriptor.replacing(keyCommitment: sealed.contentKey.commitment), key: other)
                == .wrongKeyCommitment)
        // Who was given the committed key learns that it is not the one in use.
        #expect(
            fault(
                opening: carried,
                descriptor.replacing(keyCommitment: sealed.contentKey.commitment),
                key: sealed.contentKey) == .wrongTag)
    }

    @Test func twoCirclesGivenDifferentKeysAreDetected() throws {
        let other = ContentKey(from: ScriptedEntropy(start: 7))
        let wrap = samples.circleKey.wrap(other, of: samples.id, epoch: samples.epoch).encoded
        let restated = sealed.descriptor.replacing(wrapHash: Hash256(hashing: wrap))
        #expect(fault(unwrapping: wrap, restated) == .wrongKeyCommitment)
        let stranger = CircleKey(from: ScriptedEntropy(start: 9))
        #expect(throws: OpeningFault.wrap) {
            try CompartmentSeal.unwrap(
                sealed.carried, descriptor: sealed.descriptor, with: stranger)
        }
    }

    @Test func paddingOtherThanZerosIsRefused() throws {
        let plain = try plaintext()
        for position in (4 + samples.body.encoded.count)..<plain.count {
            let (carried, descriptor) = try crafted(
                plaintext: flipping(bit: position % 8, at: position, of: plain),
                key: sealed.contentKey)
            #expect(fault(opening: carried, descriptor) == .badPadding)
        }
        for length: [UInt8] in [[0, 0, 0, 253], [0xff, 0xff, 0xff, 0xff], [0, 0, 1, 0]] {
            let (carried, descriptor) = try crafted(
                plaintext: length + plain.dropFirst(4), key: sealed.contentKey)
            #expect(fault(opening: carried, descriptor) == .badPadding)
        }
    }

    @Test func sizesThatAreNoBucketAreRefused() throws {
        for count in [0, 4, 255, 257, 300, 1023] {
            let (carried, descriptor) = try crafted(
                plaintext: [UInt8](repeating: 0, count: count), key: sealed.contentKey)
            #expect(fault(opening: carried, descriptor) == .wrongLength)
        }
    }

    @Test func bodiesInAnotherEncodingOrShapeAreRefused() throws {
        let seed = [UInt8](repeating: 1, count: 32)
        let pairs: [[UInt8]] = [
            CBOR.array([.bytes(seed)]).encoded,
            CBOR.array([.bytes(seed), .map(of: [(.text("Upper"), .null)])]).encoded,
            CBOR.array([.bytes([1]), .map(of: [])]).encoded,
            [0x82, 0x59, 0x00, 0x20] + seed + [0xa0],
            [],
        ]
        for encoded in pairs {
            let plain = try #require(PaddedPlaintext.pad(encoded))
            let (carried, descriptor) = try crafted(plaintext: plain, key: sealed.contentKey)
            let found = fault(opening: carried, descriptor)
            #expect(found?.code == "bad-body", "\(encoded)")
        }
    }

    @Test func everyReasonHasACodeOfItsOwn() {
        let faults: [OpeningFault] = [
            .notAsDescribed(.otherCompartment), .notAsDescribed(.content), .notAsDescribed(.wrap),
            .otherReader, .badContent, .unknownSuite, .wrongLength, .wrongKeyCommitment, .wrongTag,
            .badPadding, .badBody(.wrongShape(expected: "x")), .fieldRoot, .badWrap, .otherEpoch,
            .wrap, .grantNotForUs, .unknownKEMKey, .grant, .badGrant, .localKey,
        ]
        #expect(Set(faults.map(\.code)).count == faults.count)
        #expect(Set(faults.map(\.description)).count == faults.count)
    }

    // MARK: - Making and opening

    private func plaintext() throws -> [UInt8] {
        try #require(PaddedPlaintext.pad(samples.body.encoded))
    }

    /// A compartment whose author follows every rule but those of the plaintext.
    private func crafted(
        plaintext: [UInt8], key: ContentKey
    ) throws -> (CarriedCompartment, CompartmentDescriptor) {
        let content = AuthenticatedEncryption.seal(
            plaintext, with: key.encryptionKey,
            authenticating: samples.context.additionalData(
                for: samples.id, label: samples.label, expires: samples.expires),
            entropy: ScriptedEntropy())
        let descriptor = sealed.descriptor.replacing(
            paddedLength: plaintext.count, contentHash: Hash256(hashing: content),
            keyCommitment: key.commitment)
        return (CarriedCompartment(id: samples.id, content: content, wrap: nil), descriptor)
    }

    private func fault(
        opening carried: CarriedCompartment, _ descriptor: CompartmentDescriptor,
        key: ContentKey? = nil, in context: SealingContext? = nil
    ) -> OpeningFault? {
        do throws(OpeningFault) {
            _ = try CompartmentSeal.open(
                carried, descriptor: descriptor, contentKey: key ?? sealed.contentKey,
                in: context ?? samples.context)
            return nil
        } catch { return error }
    }

    private func fault(
        unwrapping wrap: [UInt8]?, _ descriptor: CompartmentDescriptor
    ) -> OpeningFault? {
        let carried = CarriedCompartment(
            id: samples.id, content: sealed.carried.content, wrap: wrap)
        do throws(OpeningFault) {
            _ = try CompartmentSeal.unwrap(
                carried, descriptor: descriptor, with: samples.circleKey)
            return nil
        } catch { return error }
    }
}
