import DeterministicCBOR
import EventLogs
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// The parts of format 1 that are read without keys: board acts, bodies, and what travels beside.
@Suite struct ConformanceWireFormatParts {
    struct Act: Decodable, Sendable {
        struct Signer: Decodable, Sendable {
            let seed: HexBytes
            let public_key: HexBytes
        }
        let id: String
        let origin: String
        let event: HexBytes
        let kind: UInt64
        let decision: WireBoardDecision
        let act: HexBytes
        let bytes_to_sign: HexBytes
        let signers: [Signer]
        let signatures: [WireSignature]
    }

    struct Body: Decodable, Sendable {
        struct Field: Decodable, Sendable {
            let field: String
            let value: HexBytes
            let salt: HexBytes
            let leaf_hash: HexBytes
            let path: [HexBytes]
        }
        let id: String
        let seed: HexBytes
        let body: HexBytes
        let field_root: HexBytes
        let fields: [Field]
    }

    struct Refused: Decodable, Sendable {
        let id: String
        let part: String
        let fault: String
        let bytes: HexBytes
    }

    @Test func boardActsAreSignedAsElsewhere() throws {
        let file = try VectorDirectory().load("tallystick/board_acts.json", as: Act.self)
        for vector in file.vectors {
            switch StatementKind(rawValue: vector.kind) {
            case .enrol: try check(vector.decision.enrolment(), vector)
            case .witnesses: try check(vector.decision.witnessList(), vector)
            case .protocol: try check(vector.decision.publication(), vector)
            case .activate: try check(vector.decision.activation(), vector)
            case .revoke: try check(vector.decision.revocation(), vector)
            case .members: try check(vector.decision.membership(), vector)
            case .succession: try check(vector.decision.madeSuccession(), vector)
            case .reassign: try check(vector.decision.reassignment(), vector)
            default: Issue.record("\(vector.id) is of kind \(vector.kind)")
            }
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 10)
    }

    private func check<Decision: BoardDecision>(_ decision: Decision, _ vector: Act) throws {
        #expect(decision.item.encoded == vector.act.bytes, "\(vector.id)")
        #expect(try Decision(CBOR(decoding: vector.act.bytes)) == decision, "\(vector.id)")
        let kind = try #require(StatementKind(rawValue: vector.kind))
        let bytes = BoardAct.bytesToSign(
            decision, origin: try wireOrigin(vector.origin), event: try vector.event.id(),
            kind: kind)
        #expect(bytes == vector.bytes_to_sign.bytes, "\(vector.id)")
        let signatures = try WireSignature.byKey(vector.signatures)
        #expect(signatures.count == vector.signers.count && signatures.count >= 2)
        for signer in vector.signers {
            let key = try SigningKey(seed: signer.seed.bytes).publicKey
            #expect(key.bytes == signer.public_key.bytes)
            let signature = try #require(signatures[key.keyID])
            #expect(key.isValid(signature: signature, over: bytes), "\(vector.id)")
        }
    }

    @Test func bodiesHaveTheFieldRootsOfElsewhere() throws {
        let file = try VectorDirectory().load(
            "tallystick/compartment_bodies.json", as: Body.self)
        for vector in file.vectors {
            var fields: [FieldCode: CBOR] = [:]
            for field in vector.fields {
                fields[try wireCode(field.field)] = try CBOR(decoding: field.value.bytes)
            }
            let body = CompartmentBody(seed: vector.seed.bytes, fields: fields)
            #expect(body.encoded == vector.body.bytes, "\(vector.id)")
            #expect(try CompartmentBody(decoding: vector.body.bytes) == body, "\(vector.id)")
            #expect(body.fieldRoot.bytes == vector.field_root.bytes, "\(vector.id)")
            #expect(body.orderedFields.map(\.text) == vector.fields.map(\.field), "\(vector.id)")
            try checkPaths(of: vector)
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 4)
    }

    private func checkPaths(of vector: Body) throws {
        for (place, field) in vector.fields.enumerated() {
            let leaf = CBOR.array([
                .bytes(field.salt.bytes), .text(field.field),
                try CBOR(decoding: field.value.bytes),
            ])
            #expect(MerkleTree.leafHash(leaf.encoded).bytes == field.leaf_hash.bytes)
            try TreeProofs.verifyInclusion(
                leaf: try field.leaf_hash.hash(), index: LeafIndex(UInt64(place)),
                size: TreeSize(UInt64(vector.fields.count)),
                proof: try field.path.map { try $0.hash() }, root: try vector.field_root.hash())
        }
    }

    @Test func carriedPartsAreRefusedForTheirReason() throws {
        let file = try VectorDirectory().load(
            "tallystick/carried_refused.json", as: Refused.self)
        for vector in file.vectors {
            do throws(CarriedPartError) {
                try read(vector)
                Issue.record("\(vector.id) was read")
            } catch {
                let fault =
                    switch error {
                    case .notDeterministic: "not-deterministic"
                    case .wrongShape: "wrong-shape"
                    }
                #expect(fault == vector.fault, "\(vector.id)")
            }
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 21)
        #expect(Set(file.vectors.map(\.part)) == ["wrap", "grant", "body", "clear"])
    }

    private func read(_ vector: Refused) throws(CarriedPartError) {
        let bytes = vector.bytes.bytes
        switch vector.part {
        case "wrap": _ = try KeyWrap(decoding: bytes)
        case "grant": _ = try DirectGrant(decoding: bytes)
        case "body": _ = try CompartmentBody(decoding: bytes)
        case "clear":
            guard let id = CompartmentID(bytes: [UInt8](repeating: 0, count: 16)) else { return }
            _ = try CarriedCompartment(id: id, content: bytes, wrap: nil).clearBody()
        default: Issue.record("no part is called \(vector.part)")
        }
    }
}
