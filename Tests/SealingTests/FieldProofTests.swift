import DeterministicCBOR
import EventLogs
import Sealing
import TallystickPrimitives
import TallystickTesting
import Testing

/// One field can be shown without the others, and only as it was.
@Suite struct FieldProofTests {
    @Test func everyFieldOfAnyBodyIsProvable() throws {
        try checkProperty { generator in
            let body = generator.body()
            for field in body.orderedFields {
                let proof = try #require(FieldProof(of: field, in: body))
                try #require(proof.value == body.fields[field])
                try proof.verify(against: body.fieldRoot)
            }
            try #require(FieldProof(of: "absent", in: body) == nil)
        }
    }

    @Test func anotherValueFieldSaltPlaceOrRootIsRefused() throws {
        let body = try Samples().body
        let proof = try #require(FieldProof(of: "score", in: body))
        let changed = [
            proof.replacing(value: .unsigned(4)), proof.replacing(field: "scope"),
            proof.replacing(salt: [UInt8](repeating: 0, count: 16)),
            proof.replacing(index: LeafIndex(0)), proof.replacing(index: LeafIndex(9)),
            proof.replacing(size: TreeSize(2)), proof.replacing(size: .empty),
            proof.replacing(path: proof.path.reversed()), proof.replacing(path: []),
        ]
        for other in changed {
            #expect(throws: OpeningFault.fieldRoot) { try other.verify(against: body.fieldRoot) }
        }
        #expect(throws: OpeningFault.fieldRoot) { try proof.verify(against: .zero) }
    }
}

extension FieldProof {
    fileprivate func replacing(
        field: FieldCode? = nil, value: CBOR? = nil, salt: [UInt8]? = nil, index: LeafIndex? = nil,
        size: TreeSize? = nil, path: [Hash256]? = nil
    ) -> FieldProof {
        FieldProof(
            field: field ?? self.field, value: value ?? self.value, salt: salt ?? self.salt,
            index: index ?? self.index, size: size ?? self.size, path: path ?? self.path)
    }
}
