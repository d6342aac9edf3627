import DeterministicCBOR
import EventLogs
import Partnership
import Replication
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

extension AdmissionFaultTests {
    /// Who signed, and whether they might.
    static let rosterFaults: [FaultCase] = [
        FaultCase(name: "a log that nobody enrolled", code: "log-unknown") { scene in
            let stranger = PartyLog("stranger", .agency, entropy: scene.world.entropy)
            scene.world.logs["stranger"] = stranger
            return try scene.world.submission(
                Sketch("stranger", stranger.genesis(of: scene.world.fingerprint)))
        },
        FaultCase(name: "an enrolment that has ended", code: "enrolment-ended") { scene in
            scene.world.now = scene.world.fireExpires
            return try scene.world.submission(scene.world.adoption(by: World.fire))
        },
        FaultCase(name: "a second genesis", code: "genesis-out-of-place", goesOn: true) { scene in
            let log = try #require(scene.world.logs[World.police])
            return try scene.world.submission(
                Sketch(World.police, log.genesis(of: scene.world.fingerprint)))
        },
        FaultCase(name: "a genesis of another partnership", code: "genesis-contradicts") { scene in
            let newcomer = PartyLog("newcomer", .agency, entropy: scene.world.entropy)
            scene.world.logs["newcomer"] = newcomer
            try scene.world.enrol(newcomer.enrolment())
            return try scene.world.submission(Sketch("newcomer", newcomer.genesis(of: .zero)))
        },
        FaultCase(name: "another party's key", code: "key-unknown", goesOn: true) { scene in
            let other = try #require(scene.world.logs[World.council]).statementKey
            return try scene.world.submission(scene.sound().with { $0.signer = other })
        },
        FaultCase(name: "a revoked key", code: "key-revoked") { scene in
            let key = try #require(scene.world.logs[World.police]).statementKey.publicKey
            let from = scene.world.register.tree.size
            try scene.world.accept(
                Sketch(
                    World.police,
                    .revoke(RevokeControl(keyID: key.keyID, compromisedAfter: from))))
            return try scene.world.submission(scene.sound())
        },
        FaultCase(name: "standing by what is not written yet", code: "reaffirm-ahead") { scene in
            let old = try #require(scene.world.logs[World.police]).statementKey.publicKey.keyID
            scene.world.logs[World.police]?.statementKey = SigningKey(from: scene.world.entropy)
            try scene.world.accept(Sketch(World.police, try #require(scene.world.logs[World.police]).keySet))
            let revoke = RevokeControl(keyID: old, compromisedAfter: scene.world.register.tree.size)
            try scene.world.accept(Sketch(World.police, .revoke(revoke)))
            return try scene.world.submission(
                Sketch(World.police, .reaffirm(ReaffirmControl(keyID: old, indexes: [0...9_999]))))
        },
        FaultCase(name: "standing by what a key signed that is not revoked", code: "key-unknown") { scene in
            let key = try #require(scene.world.logs[World.police]).statementKey.publicKey.keyID
            return try scene.world.submission(
                Sketch(World.police, .reaffirm(ReaffirmControl(keyID: key, indexes: [0...0]))))
        },
        FaultCase(name: "a key whose term has ended", code: "key-expired") { scene in
            let ends = scene.world.now.adding(seconds: 86_400)
            try scene.world.accept(scene.world.keySet(of: World.police, until: ends))
            scene.world.now = ends
            return try scene.world.submission(scene.sound())
        },
        FaultCase(name: "a forged signature", code: "signature", goesOn: true) { scene in
            let key = try #require(scene.world.logs[World.police]).statementKey.publicKey
            return try scene.world.submission(
                scene.sound().with { $0.signer = Forger(publicKey: key) })
        },
        FaultCase(name: "an act of one member of the board", code: "board-threshold") { scene in
            let log = try #require(scene.world.logs[World.police])
            return try scene.world.enrolling(
                log.enrolment(), by: [scene.world.board.members[0]])
        },
        FaultCase(name: "an act of the board by a party", code: "kind-not-allowed", goesOn: true) {
            let event = EventID(from: $0.world.entropy)
            let log = try #require($0.world.logs[World.police])
            let act = try $0.world.board.act(log.enrolment(), .enrol, event: event)
            return try $0.world.submission(
                Sketch(World.police, .enrol(act)).with { $0.event = event })
        },
        FaultCase(name: "casework by an auditor", code: "kind-not-allowed") { scene in
            try scene.world.submission(
                Sketch(
                    World.auditor,
                    scene.world.circle(
                        [World.auditor], epoch: EpochID(from: scene.world.entropy)),
                    in: StreamID(from: scene.world.entropy)))
        },
        FaultCase(name: "one party's log for another", code: "enrolment-conflict") { scene in
            let log = try #require(scene.world.logs[World.police])
            return try scene.world.enrolling(
                Enrolment(
                    agency: "newcomer", party: .agency, origin: log.origin,
                    rootKey: log.rootKey.publicKey.bytes, certificate: [], expires: nil,
                    scope: nil))
        },
        FaultCase(name: "a root key that is none", code: "key-invalid") { scene in
            try scene.world.enrolling(
                Enrolment(
                    agency: "newcomer", party: .agency, origin: Origins.stranger,
                    rootKey: [UInt8](repeating: 0xff, count: 32), certificate: [],
                    expires: nil, scope: nil))
        },
        FaultCase(name: "a protocol signed and ended as often as may be", code: "adoption-limit") { scene in
            let adoption = scene.world.adoption(by: World.homes)
            for number in 1...Limits.adoptionTermCount {
                try scene.world.accept(scene.end(by: World.homes))
                if number < Limits.adoptionTermCount { try scene.world.accept(adoption) }
            }
            return try scene.world.submission(adoption)
        },
        FaultCase(name: "rules that do not come with their hash", code: "bundle-mismatch") {
            let fields = [PublishedProtocol.bundleField: $0.world.bundle.encoded]
            return try $0.world.publication(
                of: .zero,
                carrying: CompartmentBody(
                    seed: $0.world.entropy.bytes(count: 32), fields: fields))
        },
    ]
}

/// Names one key and signs with nothing.
struct Forger: Signer {
    let publicKey: VerificationKey

    func sign(_ bytes: [UInt8]) -> [UInt8] { [UInt8](repeating: 0, count: 64) }
}

extension World {
    /// The keys of an agency with the end of their term.
    func keySet(of code: AgencyCode, until end: Timestamp) throws -> Sketch {
        guard case .keyset(let entries) = try #require(logs[code]).keySet else { throw CancellationError() }
        let ending = entries.map {
            KeySetEntry(role: $0.role, algorithm: $0.algorithm, key: $0.key, expires: end)
        }
        return Sketch(code, .keyset(ending))
    }

    func enrolling(_ enrolment: Enrolment, by signers: [SigningKey]? = nil) throws -> Submission {
        let event = EventID(from: entropy)
        let act = try board.act(enrolment, .enrol, event: event, by: signers)
        return try submission(Sketch(Sketch.board, .enrol(act)).with { $0.event = event })
    }

    mutating func enrol(_ enrolment: Enrolment) throws {
        try #require(admit(try enrolling(enrolment)).verdict == .accepted)
    }
}
