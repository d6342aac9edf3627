import DeterministicCBOR
import EventLogs
import Sealing
import TallystickPrimitives

/// What the tests of this target seal, over and over.
struct Samples {
    let origin: Origin
    let context: SealingContext
    let grantContext: GrantContext
    let id: CompartmentID
    let epoch: EpochID
    let circleKey: CircleKey
    let label: Label = "record"
    let expires = Timestamp(wholeSeconds: 1_772_357_400)
    let body: CompartmentBody

    init() throws {
        guard let origin = Origin("broker.example/tallystick/log/a7"),
            let event = EventID(bytes: Samples.sixteen(0xe7)),
            let stream = StreamID(bytes: Samples.sixteen(0x57)),
            let id = CompartmentID(bytes: Samples.sixteen(0x0c)),
            let epoch = EpochID(bytes: Samples.sixteen(0x0e)),
            let circleKey = CircleKey(bytes: [UInt8](repeating: 0xc1, count: 32))
        else { throw SampleError() }
        self.origin = origin
        context = SealingContext(origin: origin, event: event)
        grantContext = GrantContext(origin: origin, stream: stream, event: event)
        self.id = id
        self.epoch = epoch
        self.circleKey = circleKey
        body = CompartmentBody(
            seed: [UInt8](repeating: 0x5e, count: 32),
            fields: [
                "event-type": .text("case-opened"), "happened-at": .text("2026-03-01"),
                "actor": .text("r. patel"), "score": .unsigned(3),
            ])
    }

    /// The sample body sealed for the sample circle.
    func sealed(
        _ body: CompartmentBody? = nil, entropy: any Entropy = ScriptedEntropy()
    ) throws -> SealedCompartment {
        try CompartmentSeal.seal(
            body ?? self.body, id: id, label: label, reader: .epoch(epoch, circleKey),
            caveats: ["no-onward"], expires: expires, in: context, entropy: entropy)
    }

    /// A body whose encoding has exactly `byteCount` bytes.
    func body(encodedAs byteCount: Int) throws -> CompartmentBody {
        var length = byteCount - 40
        while length > 0 {
            let body = CompartmentBody(
                seed: self.body.seed, fields: ["text": .bytes([UInt8](repeating: 7, count: length))]
            )
            let excess = body.encoded.count - byteCount
            if excess == 0 { return body }
            length -= excess
        }
        throw SampleError()
    }

    static func sixteen(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 16) }
}

/// A sample could not be made.
struct SampleError: Error {}

extension CompartmentDescriptor {
    /// The same description with some parts replaced.
    func replacing(
        id: CompartmentID? = nil, label: Label? = nil, paddedLength: Int? = nil,
        contentHash: Hash256? = nil, wrapHash: Hash256? = nil, keyCommitment: Hash256? = nil,
        fieldRoot: Hash256? = nil, reader: CompartmentReader? = nil, expires: Timestamp?? = nil
    ) -> CompartmentDescriptor {
        CompartmentDescriptor(
            id: id ?? self.id, label: label ?? self.label,
            paddedLength: paddedLength.map { ByteCount($0) } ?? self.paddedLength,
            contentHash: contentHash ?? self.contentHash, wrapHash: wrapHash ?? self.wrapHash,
            keyCommitment: keyCommitment ?? self.keyCommitment,
            fieldRoot: fieldRoot ?? self.fieldRoot, reader: reader ?? self.reader,
            caveats: caveats, expires: expires ?? self.expires)
    }
}

/// The bytes with one bit turned over.
func flipping(bit: Int, at position: Int, of bytes: [UInt8]) -> [UInt8] {
    var changed = bytes
    changed[position] ^= 1 << UInt8(bit)
    return changed
}
