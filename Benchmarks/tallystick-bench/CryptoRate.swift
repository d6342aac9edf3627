import EventLogs
import PartyFiles
import Sealing
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// How fast an entry can be sealed, signed and hashed, with nothing else around it.
enum CryptoRate {
    private static let time = Duration.seconds(1)

    /// Entries a second that as many tasks together seal, sign and hash.
    static func measure(tasks: Int) async throws -> Double {
        let clock = ContinuousClock()
        let started = clock.now
        let end = started + time
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<tasks {
                group.addTask { try rounds { clock.now < end } }
            }
            return try await group.reduce(0, +)
        }
        return Double(count) / (clock.now - started).seconds
    }

    private static func rounds(while goesOn: () -> Bool) throws -> Int {
        let entropy = SealedCircle.entropy
        let signer = SigningKey(from: entropy)
        let circle = SealedCircle()
        let event = EventID(from: entropy)
        let body = CompartmentBody(
            seed: entropy.bytes(count: 32), fields: SealedCircle.fields[SealedCircle.label] ?? [:])
        let sealed = try seal(body, circle, event)
        let payload = StatementPayload(
            stream: circle.stream, sequence: 1, previous: Hash256(hashing: []), seen: nil,
            compartments: [sealed.descriptor], grants: [], decision: circle.decision,
            control: .record
        ).encoded
        let header = StatementHeader(
            keyID: signer.publicKey.keyID, issuer: SealedCircle.origin, subject: circle.stream,
            issuedAt: SystemTime().now(), eventID: event)
        var count = 0
        while goesOn() {
            _ = try seal(body, circle, event)
            let statement = try SignedStatement.sign(payload, header: header, with: signer)
            _ = MerkleTree.leafHash(statement.bytes)
            count += 1
        }
        return count
    }

    private static func seal(
        _ body: CompartmentBody, _ circle: SealedCircle, _ event: EventID
    ) throws -> SealedCompartment {
        try CompartmentSeal.seal(
            body, id: CompartmentID(from: SealedCircle.entropy), label: SealedCircle.label,
            reader: .epoch(circle.control.epoch, circle.key), caveats: [], expires: nil,
            in: SealingContext(origin: SealedCircle.origin, event: event),
            entropy: SealedCircle.entropy)
    }
}
