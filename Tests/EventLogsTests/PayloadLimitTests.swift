import DeterministicCBOR
import EventLogs
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// Every list of a statement at its limit and one beyond it: what is larger is not decoded.
@Suite struct PayloadLimitTests {
    private struct Row: Sendable {
        let name: String
        let limit: Int
        /// The payload key at fault one beyond the limit.
        let key: Int
        let make: @Sendable (Int) throws -> StatementPayload
    }

    private static let rows: [Row] = [
        Row(name: "compartments", limit: Limits.compartmentCount, key: 7) { count in
            payload(.record, descriptors: (0..<count).map { descriptor($0) })
        },
        Row(name: "grants", limit: Limits.grantCount, key: 8) { count in
            payload(.record, grants: (0..<count).map { Hash256(hashing: [UInt8($0)]) })
        },
        Row(name: "caveats", limit: Limits.caveatCount, key: 7) { count in
            payload(
                .record, descriptors: [descriptor(0, caveats: (0..<count).map { code($0) })])
        },
        Row(name: "members of a circle", limit: Limits.circleMemberCount, key: 10) { count in
            let circle = CircleControl(
                epoch: EpochID(from: SeededEntropy(seed: 1)), members: (0..<count).map { code($0) },
                labels: [:], fromSequence: 0, bundle: nil, reason: "opened")
            return payload(.circle(circle))
        },
        Row(name: "compartments of a share", limit: Limits.shareCompartmentCount, key: 10) {
            let origin = try #require(Origin("o"))
            let addresses = (0..<$0).map {
                CompartmentAddress(
                    origin: origin, index: LeafIndex(0), compartment: descriptor($0).id)
            }
            return payload(
                .share(ShareControl(recipient: "police", compartments: addresses, expires: nil)))
        },
        Row(name: "compartments of a recall", limit: Limits.takeBackCount, key: 10) { count in
            let places = (0..<count).map {
                TakeBackControl.Place(index: LeafIndex(UInt64($0)), compartment: descriptor($0).id)
            }
            return payload(.recall(TakeBackControl(recipient: "police", places: places, reason: "too-much")))
        },
        Row(name: "streams of a hold", limit: Limits.heldStreamCount, key: 10) { count in
            let streams = try (0..<count).map {
                try #require(StreamID(bytes: Array(repeating: 0, count: 14) + [UInt8($0 / 256), UInt8($0 % 256)]))
            }
            let held = HeldStreams(origin: try #require(Origin("o")), streams: streams)
            return payload(.hold(.placed(held, reason: "death")))
        },
        Row(name: "findings", limit: Limits.findingCount, key: 10) { count in
            let origin = try #require(Origin("o"))
            let findings = (0..<count).map {
                ReceivedFinding(origin: origin, index: LeafIndex(UInt64($0)), finding: "stream-gap")
            }
            return payload(
                .received(
                    ReceivedControl(
                        registerSize: .empty, registerRoot: .zero, findings: findings)))
        },
        Row(name: "compartments destroyed", limit: Limits.purgedCount, key: 10) { count in
            payload(
                .purged(
                    compartments: (0..<count).map { descriptor($0).id }, reason: "retention",
                    backupsBy: nil))
        },
        Row(name: "offices that sign", limit: Limits.officeCount, key: 10) { count in
            payload(.adopt(bundle: .zero, offices: (0..<count).map { code($0) }))
        },
        Row(name: "keys of a party", limit: Limits.keySetCount, key: 10) { count in
            let keys = (0..<count).map {
                KeySetEntry(
                    role: .statement, algorithm: KeySetEntry.ed25519, key: key($0), expires: nil)
            }
            return payload(.keyset(keys))
        },
        Row(name: "keys of a board", limit: Limits.boardKeyCount, key: 10) { count in
            let genesis = BoardGenesis(
                threshold: 1, boardKeys: (0..<count).map { key($0) }, statementKey: key(0),
                logKey: key(1))
            return payload(.boardGenesis(genesis))
        },
        Row(name: "signatures of a board act", limit: Limits.boardKeyCount, key: 10) { count in
            var signatures: [Hash256: [UInt8]] = [:]
            for number in 0..<count {
                let signature = [UInt8](repeating: 0, count: 64)
                signatures[Hash256(hashing: [UInt8(number)])] = signature
            }
            let activation = Activation(bundle: .zero, position: .empty)
            return payload(.activate(BoardAct(decision: activation, signatures: signatures)))
        },
        Row(name: "witnesses", limit: Limits.witnessCount, key: 10) { count in
            let entries = (0..<count).map { _ in
                WitnessList.Entry(verifierKey: "w", operator: "o", isParty: false)
            }
            return payload(
                .witnesses(BoardAct(decision: WitnessList(entries: entries), signatures: [:])))
        },
    ]

    @Test func everyListIsReadUpToItsLimitAndNoFurther() throws {
        for row in PayloadLimitTests.rows {
            let largest = try row.make(row.limit)
            #expect(try StatementPayload(decoding: largest.encoded) == largest, "\(row.name)")
            let tooLarge = try row.make(row.limit + 1).encoded
            try #require(tooLarge.count < Limits.statementByteCount, "\(row.name)")
            do {
                _ = try StatementPayload(decoding: tooLarge)
                Issue.record("\(row.name): \(row.limit + 1) were read")
            } catch {
                guard case .wrongShape(row.key, _) = error else {
                    Issue.record("\(row.name): \(error)")
                    continue
                }
            }
        }
    }

    @Test func aGrantIsReadUpToItsLimitAndNoFurther() throws {
        let empty = grant(sealedByteCount: 0).encoded.count
        // The head of a longer byte string takes two bytes more than that of an empty one.
        let room = Limits.grantByteCount - empty - 2
        let largest = grant(sealedByteCount: room)
        #expect(largest.encoded.count == Limits.grantByteCount)
        #expect(try DirectGrant(decoding: largest.encoded) == largest)
        let tooLarge = grant(sealedByteCount: room + 1).encoded
        #expect(
            throws: CarriedPartError.notDeterministic(
                .tooLarge(byteCount: Limits.grantByteCount + 1, limit: Limits.grantByteCount))
        ) { try DirectGrant(decoding: tooLarge) }
    }

    private func grant(sealedByteCount: Int) -> DirectGrant {
        DirectGrant(
            salt: [UInt8](repeating: 0, count: 16), recipient: "police", kemKeyID: .zero,
            kem: 0x647a, kdf: 1, aead: 2, encapsulation: [],
            sealed: [UInt8](repeating: 0, count: sealedByteCount))
    }

    private static func payload(
        _ control: ControlBody, descriptors: [CompartmentDescriptor] = [], grants: [Hash256] = []
    ) -> StatementPayload {
        let stream = control.kind.isControl ? .control : StreamID(from: SeededEntropy(seed: 1))
        return StatementPayload(
            stream: stream, sequence: 0, previous: nil, seen: nil, compartments: descriptors,
            grants: grants, decision: nil, control: control)
    }

    private static func descriptor(
        _ number: Int, caveats: [CaveatCode] = []
    ) -> CompartmentDescriptor {
        CompartmentDescriptor(
            id: CompartmentID(from: SeededEntropy(seed: UInt64(number))), label: "record",
            paddedLength: ByteCount(256), contentHash: .zero, wrapHash: nil, keyCommitment: .zero,
            fieldRoot: .zero, reader: .home, caveats: caveats, expires: nil)
    }

    private static func key(_ number: Int) -> [UInt8] {
        [UInt8(number)] + [UInt8](repeating: 0, count: 31)
    }

    /// Codes in ascending order.
    private static func code<Tag>(_ number: Int) -> Code<Tag> {
        Code(stringLiteral: "c\(number + 100)")
    }
}

/// A key wrap is small, and is not read when it is not.
@Suite struct KeyWrapLimitTests {
    @Test func aWrapBeyondItsLimitIsNotRead() {
        func fault(_ byteCount: Int) -> CarriedPartError? {
            let entropy = SeededEntropy(seed: 1)
            let wrap = KeyWrap(
                compartment: CompartmentID(from: entropy), epoch: EpochID(from: entropy),
                wrapped: [UInt8](repeating: 7, count: byteCount - 38)
            ).encoded
            #expect(wrap.count == byteCount)
            do throws(CarriedPartError) {
                _ = try KeyWrap(decoding: wrap)
                return nil
            } catch { return error }
        }
        guard case .wrongShape? = fault(Limits.wrapByteCount),
            case .notDeterministic? = fault(Limits.wrapByteCount + 1)
        else {
            Issue.record("a wrap is read up to its limit and no further")
            return
        }
    }
}
