import DeterministicCBOR
import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

extension AdmissionFaultTests {
    /// The statement's own place.
    static let placeFaults: [FaultCase] = [
        FaultCase(name: "an event of the same log again", code: "event-repeated", goesOn: true) {
            let event = $0.record.statement.eventID
            return try $0.world.submission($0.sound().with { $0.event = event })
        },
        FaultCase(name: "a time that is to come", code: "issued-ahead", goesOn: true) { scene in
            let ahead = scene.world.now.adding(seconds: Limits.clockAheadSeconds + 1)
            return try scene.world.submission(scene.sound().with { $0.issuedAt = ahead })
        },
        FaultCase(name: "more beside it than one page holds", code: "statement-too-large", goesOn: true) { scene in
            let parts = scene.parts(of: Limits.pageByteCount) + [scene.world.part("record", in: scene.epoch)]
            return try scene.world.submission(scene.sound().with { $0.parts = parts })
        },
        FaultCase(name: "one sequence too far", code: "stream-sequence", goesOn: true) { scene in
            try scene.moved { ($0.sequence + 2, $0.hash) }
        },
        FaultCase(name: "a place that is taken", code: "stream-sequence", goesOn: true) { scene in
            try scene.moved { ($0.sequence, $0.hash) }
        },
        FaultCase(name: "another statement before it", code: "stream-sequence", goesOn: true) {
            let other = $0.account.statement.hash
            return try $0.moved { ($0.sequence + 1, other) }
        },
        FaultCase(name: "a stream that begins again", code: "stream-sequence", goesOn: true) {
            try $0.moved { _ in (0, nil) }
        },
        FaultCase(name: "a stream that begins in the middle", code: "stream-sequence") { scene in
            try scene.world.submission(
                scene.sound().with {
                    $0.stream = StreamID(from: scene.world.entropy)
                    $0.place = (1, Hash256.zero)
                })
        },
        FaultCase(name: "a record where no circle was opened", code: "no-circle") { scene in
            try scene.world.submission(
                scene.sound().with { $0.stream = StreamID(from: scene.world.entropy) })
        },
    ]

    /// The register head that it names.
    static let seenFaults: [FaultCase] = [
        FaultCase(name: "a head of the future", code: "seen-head", goesOn: true) { scene in
            let size = TreeSize(scene.world.register.tree.size.value + 1_000)
            return try scene.seeing(
                SeenHead(origin: scene.world.register.origin, size: size, root: .zero))
        },
        FaultCase(name: "an older head than the log has named", code: "seen-head", goesOn: true) {
            try $0.seeing($0.world.register.seen(at: TreeSize(3)))
        },
        FaultCase(name: "no head after one was named", code: "seen-head", goesOn: true) {
            try $0.seeing(nil)
        },
        FaultCase(name: "another root of that size", code: "seen-head", goesOn: true) { scene in
            let register = scene.world.register
            return try scene.seeing(
                SeenHead(
                    origin: register.origin, size: register.tree.size,
                    root: MerkleTree.emptyRoot))
        },
        FaultCase(name: "a head of another register", code: "seen-head", goesOn: true) { scene in
            let seen = try #require(scene.world.register.seen)
            return try scene.seeing(
                SeenHead(origin: Origins.stranger, size: seen.size, root: seen.root))
        },
    ]

    /// What travels beside it.
    static let carriedFaults: [FaultCase] = [
        FaultCase(name: "a compartment stayed behind", code: "compartment-missing", goesOn: true) {
            try $0.world.submission($0.sound().with { $0.parts[0].carried = nil })
        },
        FaultCase(name: "another content", code: "compartment-mismatch", goesOn: true) { scene in
            try scene.carrying { CarriedCompartment(id: $0.id, content: [1], wrap: $0.wrap) }
        },
        FaultCase(name: "more than it says", code: "compartment-mismatch", goesOn: true) { scene in
            let part = scene.world.part("record", in: scene.epoch, byteCount: 256 + 257)
            return try scene.world.submission(scene.sound().with { $0.parts = [part] })
        },
        FaultCase(name: "another wrap", code: "compartment-mismatch", goesOn: true) { scene in
            try scene.carrying { CarriedCompartment(id: $0.id, content: $0.content, wrap: [1]) }
        },
        FaultCase(name: "no wrap", code: "compartment-mismatch", goesOn: true) { scene in
            try scene.carrying { CarriedCompartment(id: $0.id, content: $0.content, wrap: nil) }
        },
        FaultCase(
            name: "a compartment nobody names", code: "compartment-mismatch", goesOn: true
        ) { scene in
            let extra = try #require(scene.world.part("record", in: scene.epoch).carried)
            return try scene.world.submission(scene.sound().with { $0.added = [extra] })
        },
        FaultCase(name: "one compartment twice", code: "compartment-mismatch", goesOn: true) {
            try $0.world.submission(
                $0.sound().with { $0.added = $0.parts.compactMap(\.carried) })
        },
        FaultCase(
            name: "a clear compartment with other fields", code: "compartment-mismatch",
            goesOn: true
        ) { scene in
            let body = CompartmentBody(
                seed: scene.world.entropy.bytes(count: 32), fields: ["area": .text("x")])
            let part = scene.world.clearPart("pointer", body, reader: .pointer, fieldRoot: .zero)
            return try scene.world.submission(scene.sound().with { $0.parts.append(part) })
        },
        FaultCase(
            name: "what stays home was pushed", code: "home-compartment-pushed", goesOn: true
        ) { scene in
            var home = scene.world.part("account", in: nil)
            home.carried = home.kept
            return try scene.world.submission(scene.sound().with { $0.parts = [home] })
        },
        FaultCase(name: "a grant nobody names", code: "grant-mismatch", goesOn: true) { scene in
            let grant = scene.world.grant(to: World.council)
            return try scene.world.submission(
                scene.sound().with { ($0.grants, $0.namedGrants) = ([grant], []) })
        },
        FaultCase(name: "a grant stayed behind", code: "grant-mismatch", goesOn: true) { scene in
            let grant = scene.world.grant(to: World.council)
            return try scene.world.submission(scene.sound().with { $0.namedGrants = [grant] })
        },
        FaultCase(name: "a grant that is none", code: "grant-mismatch", goesOn: true) { scene in
            try scene.world.submission(scene.sound().with { $0.grants = [[1, 2, 3]] })
        },
        FaultCase(name: "a grant for an outsider", code: "grant-mismatch", goesOn: true) { scene in
            let grant = scene.world.grant(to: World.fire)
            return try scene.world.submission(scene.sound().with { $0.grants = [grant] })
        },
        FaultCase(name: "a grant with a control statement", code: "grant-mismatch") { scene in
            let grant = scene.world.grant(to: World.council)
            return try scene.world.submission(
                scene.world.adoption(by: World.police).with { $0.grants = [grant] })
        },
        FaultCase(name: "bytes with a control statement", code: "grant-mismatch") { scene in
            try scene.world.submission(scene.world.adoption(by: World.police).with { $0.grants = [[1]] })
        },
        FaultCase(name: "casework in the clear for everybody", code: "clear-compartment", goesOn: true) {
            try clear("record", .public, scene: &$0)
        },
        FaultCase(name: "casework in the clear for the broker", code: "clear-compartment", goesOn: true) {
            try clear("record", .pointer, scene: &$0)
        },
        FaultCase(name: "a pointer for everybody", code: "clear-compartment", goesOn: true) {
            try clear("pointer", .public, scene: &$0)
        },
        FaultCase(name: "something to match that nobody agreed", code: "clear-compartment", goesOn: true) {
            try clear("pointer", .match, scene: &$0)
        },
        FaultCase(name: "a pointer without a decision", code: "clear-compartment", goesOn: true) {
            try clear("pointer", .pointer, scene: &$0) { $0.decision = nil }
        },
    ]

    /// A record of the case whose only compartment is clear.
    private static func clear(
        _ label: Label, _ reader: CompartmentReader, scene: inout Scene, _ change: (inout Sketch) -> Void = { _ in }
    ) throws -> Submission {
        let body = CompartmentBody(seed: scene.world.entropy.bytes(count: 32), fields: ["area": .text("x")])
        let part = scene.world.clearPart(label, body, reader: reader)
        return try scene.world.submission(
            scene.sound().with {
                $0.parts = [part]
                change(&$0)
            })
    }
}

extension Scene {
    /// A sound record at another place of the case's stream.
    func moved(_ place: (StreamHead) -> (UInt64, Hash256?)) throws -> Submission {
        let head = try #require(world.logs[World.police]?.streams[caseStream])
        return try world.submission(sound().with { $0.place = place(head) })
    }

    /// A sound record that names another head.
    func seeing(_ head: SeenHead?) throws -> Submission {
        try world.submission(sound().with { $0.seen = .some(head) })
    }

    /// A sound record whose compartment travels changed.
    func carrying(_ change: (CarriedCompartment) -> CarriedCompartment) throws -> Submission {
        try world.submission(
            sound().with { $0.parts[0].carried = $0.parts[0].carried.map(change) })
    }
}
