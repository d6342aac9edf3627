import DeterministicCBOR
@testable import EventLogs
@testable import Sealing
import Synchronization
import TallystickPrimitives
import TallystickTesting
import Testing

/// Sealing as a second implementation does it: what is derived, padded, sealed, wrapped, granted.
@Suite struct ConformanceWireSealing {
    struct Padding: Decodable, Sendable {
        let id: String
        let body_length: Int
        let padded_length: Int?
        let sha256: HexBytes?
        let first: HexBytes?
    }

    struct Sealed: Decodable, Sendable {
        let id: String
        let origin: String
        let event: HexBytes
        let circle_key: HexBytes?
        let content_key: HexBytes
        let encryption_key: HexBytes
        let nonce: HexBytes
        let body: HexBytes
        let additional_data: HexBytes
        let plaintext_sha256: HexBytes
        let content: HexBytes
        let wrap: HexBytes?
        let descriptor: HexBytes
    }

    struct Clear: Decodable, Sendable {
        let id: String
        let body: HexBytes
        let content: HexBytes
        let descriptor: HexBytes
    }

    struct Circle: Decodable, Sendable {
        let id: String
        let circle_key: HexBytes
        let commitment: HexBytes
        let wrap_key: HexBytes
        let content_key: HexBytes
        let compartment: HexBytes
        let epoch: HexBytes
        let wrapped: HexBytes
        let wrap: HexBytes
    }

    @Test func plaintextsArePaddedToTheirBucket() throws {
        let file = try VectorDirectory().load("tallystick/padding.json", as: Padding.self)
        for vector in file.vectors {
            let body = (0..<vector.body_length).map { UInt8($0 % 251) }
            let padded = PaddedPlaintext.pad(body)
            #expect(padded?.count == vector.padded_length, "\(vector.id)")
            #expect(padded.map { Hash256(hashing: $0).bytes } == vector.sha256?.bytes)
            #expect(padded.map { Array($0.prefix(8)) } == vector.first?.bytes)
            if let padded { #expect(PaddedPlaintext.body(of: padded) == body, "\(vector.id)") }
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 23)
    }

    @Test func compartmentsAreSealedAsElsewhere() throws {
        let file = try VectorDirectory().load(
            "tallystick/sealed_compartments.json", as: Sealed.self)
        for vector in file.vectors {
            let descriptor = try wireDescriptor(vector.descriptor)
            let context = SealingContext(
                origin: try #require(Origin(vector.origin)),
                event: try #require(EventID(bytes: vector.event.bytes)))
            let key = try #require(ContentKey(bytes: vector.content_key.bytes))
            #expect(key.encryptionKey.secretBytes == vector.encryption_key.bytes)
            #expect(key.commitment == descriptor.keyCommitment, "\(vector.id)")
            let bound = context.additionalData(
                for: descriptor.id, label: descriptor.label, expires: descriptor.expires)
            #expect(bound == vector.additional_data.bytes, "\(vector.id)")
            let body = try CompartmentBody(decoding: vector.body.bytes)
            let padded = try #require(PaddedPlaintext.pad(body.encoded))
            #expect(Hash256(hashing: padded).bytes == vector.plaintext_sha256.bytes)
            let sealed = try CompartmentSeal.seal(
                body, id: descriptor.id, label: descriptor.label,
                reader: try reader(of: vector, descriptor), caveats: descriptor.caveats,
                expires: descriptor.expires, in: context,
                entropy: QueuedBytes([vector.content_key.bytes, vector.nonce.bytes]))
            #expect(sealed.descriptor.item.encoded == vector.descriptor.bytes, "\(vector.id)")
            #expect(sealed.carried.content == vector.content.bytes, "\(vector.id)")
            #expect(sealed.carried.wrap == vector.wrap?.bytes, "\(vector.id)")
            let opened = try CompartmentSeal.open(
                sealed.carried, descriptor: descriptor, contentKey: key, in: context)
            #expect(opened == body, "\(vector.id)")
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 4)
    }

    private func reader(
        of vector: Sealed, _ descriptor: CompartmentDescriptor
    ) throws -> SealingReader {
        guard case .epoch(let epoch) = descriptor.reader else { return .home }
        return .epoch(
            epoch, try #require(vector.circle_key.flatMap { CircleKey(bytes: $0.bytes) }))
    }

    @Test func clearCompartmentsAreLaidOutAsElsewhere() throws {
        let file = try VectorDirectory().load(
            "tallystick/clear_compartments.json", as: Clear.self)
        for vector in file.vectors {
            let descriptor = try wireDescriptor(vector.descriptor)
            let body = try CompartmentBody(decoding: vector.body.bytes)
            let (described, carried) = try CompartmentSeal.clear(
                body, id: descriptor.id, label: descriptor.label, reader: descriptor.reader,
                caveats: descriptor.caveats, expires: descriptor.expires)
            #expect(described.item.encoded == vector.descriptor.bytes, "\(vector.id)")
            #expect(carried.content == vector.content.bytes, "\(vector.id)")
            #expect(carried.wrap == nil)
            #expect(try CompartmentSeal.read(carried, descriptor: descriptor) == body)
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 3)
    }

    @Test func circleKeysWrapAsElsewhere() throws {
        let file = try VectorDirectory().load("tallystick/circle_keys.json", as: Circle.self)
        for vector in file.vectors {
            let circleKey = try #require(CircleKey(bytes: vector.circle_key.bytes))
            let contentKey = try #require(ContentKey(bytes: vector.content_key.bytes))
            #expect(circleKey.commitment.bytes == vector.commitment.bytes, "\(vector.id)")
            #expect(circleKey.wrapKey.secretBytes == vector.wrap_key.bytes, "\(vector.id)")
            let wrap = circleKey.wrap(
                contentKey, of: try #require(CompartmentID(bytes: vector.compartment.bytes)),
                epoch: try #require(EpochID(bytes: vector.epoch.bytes)))
            #expect(wrap.wrapped == vector.wrapped.bytes, "\(vector.id)")
            #expect(wrap.encoded == vector.wrap.bytes, "\(vector.id)")
            #expect(try KeyWrap(decoding: vector.wrap.bytes) == wrap)
            let opened = circleKey.wrapKey.unwrapped(wrap.wrapped)
            #expect(opened?.secretBytes == vector.content_key.bytes, "\(vector.id)")
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 2)
    }
}

/// Reads the item that a statement has for a compartment.
func wireDescriptor(_ item: HexBytes) throws -> CompartmentDescriptor {
    try CompartmentDescriptor(CBOR(decoding: item.bytes))
}

/// Gives out the given byte strings, in order, and no others.
private final class QueuedBytes: Entropy, Sendable {
    private let queue: Mutex<[[UInt8]]>

    init(_ queue: [[UInt8]]) { self.queue = Mutex(queue) }

    func bytes(count: Int) -> [UInt8] {
        queue.withLock { queue in
            guard let next = queue.first, next.count == count else { return [] }
            queue.removeFirst()
            return next
        }
    }
}
