import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

/// Every tree of up to 130 leaves, and every proof in it.
@Suite struct TreeProofsTests {
    static let limit = 130
    let tree = NaiveTree(count: limit)

    @Test func everyInclusionProofIsThatOfTheRFCAndVerifies() throws {
        for count in 1...Self.limit {
            let root = tree.root(size: count)
            for place in 0..<count {
                let proof = try TreeProofs.inclusion(of: index(place), in: size(count)) {
                    try tree.node($0, in: count)
                }
                try #require(proof == tree.path(place, 0..<count), "leaf \(place) of \(count)")
                try TreeProofs.verifyInclusion(
                    leaf: tree.leaves[place], index: index(place), size: size(count),
                    proof: proof, root: root)
            }
        }
    }

    @Test func everyConsistencyProofIsThatOfTheRFCAndVerifies() throws {
        for newer in 1...Self.limit {
            for older in 1...newer {
                let proof = try TreeProofs.consistency(from: size(older), to: size(newer)) {
                    try tree.node($0, in: newer)
                }
                try #require(
                    proof == tree.subproof(older, 0..<newer, true), "from \(older) to \(newer)")
                try TreeProofs.verifyConsistency(
                    from: size(older), root: tree.root(size: older), to: size(newer),
                    root: tree.root(size: newer), proof: proof)
            }
        }
    }

    @Test func anInclusionProofHoldsForNoOtherLeaf() throws {
        let limit = 20
        for count in 1...limit {
            let root = tree.root(size: count)
            for place in 0..<count {
                let proof = tree.path(place, 0..<count)
                for other in 0..<count where other != place {
                    #expect(throws: ProofError.self) {
                        try TreeProofs.verifyInclusion(
                            leaf: tree.leaves[other], index: index(place), size: size(count),
                            proof: proof, root: root)
                    }
                }
            }
        }
    }

    @Test func aConsistencyProofHoldsForNoOtherRoots() throws {
        let limit = 14
        for newer in 1...limit {
            for older in 1...newer {
                let proof = tree.subproof(older, 0..<newer, true)
                for other in 0...limit where other != older && other != newer {
                    let stranger = tree.root(size: other)
                    #expect(throws: ProofError.self) {
                        try TreeProofs.verifyConsistency(
                            from: size(older), root: stranger, to: size(newer),
                            root: tree.root(size: newer), proof: proof)
                    }
                    #expect(throws: ProofError.self) {
                        try TreeProofs.verifyConsistency(
                            from: size(older), root: tree.root(size: older), to: size(newer),
                            root: stranger, proof: proof)
                    }
                }
            }
        }
    }

    @Test func proofsOfTheWrongLengthAreRefusedWithBothLengths() throws {
        for count in 1...33 {
            for place in 0..<count {
                let proof = tree.path(place, 0..<count)
                for wrong in [proof + [tree.leaves[0]], Array(proof.dropLast())]
                where wrong.count != proof.count {
                    let expected = ProofError.wrongLength(
                        expected: proof.count, actual: wrong.count)
                    #expect(throws: expected) {
                        try TreeProofs.impliedRoot(
                            leaf: tree.leaves[place], index: index(place), size: size(count),
                            proof: wrong)
                    }
                }
            }
            for older in 1...count {
                let proof = tree.subproof(older, 0..<count, true)
                for wrong in [proof + [tree.leaves[0]], Array(proof.dropLast())]
                where wrong.count != proof.count {
                    let expected = ProofError.wrongLength(
                        expected: proof.count, actual: wrong.count)
                    #expect(throws: expected) {
                        try TreeProofs.impliedNewerRoot(
                            from: size(older), root: tree.root(size: older), to: size(count),
                            proof: wrong)
                    }
                }
            }
        }
    }

    @Test func impossiblePlacesAreRefused() {
        let root = tree.root(size: 5)
        #expect(throws: ProofError.indexOutsideTree(index: index(5), size: size(5))) {
            try TreeProofs.verifyInclusion(
                leaf: root, index: index(5), size: size(5), proof: [], root: root)
        }
        #expect(throws: ProofError.indexOutsideTree(index: index(0), size: size(0))) {
            try TreeProofs.verifyInclusion(
                leaf: root, index: index(0), size: size(0), proof: [],
                root: MerkleTree.emptyRoot)
        }
        #expect(throws: ProofError.emptyOlderTree) {
            try TreeProofs.verifyConsistency(
                from: size(0), root: MerkleTree.emptyRoot, to: size(5), root: root, proof: [])
        }
        #expect(throws: ProofError.sizesReversed(older: size(6), newer: size(5))) {
            try TreeProofs.verifyConsistency(
                from: size(6), root: root, to: size(5), root: root, proof: [])
        }
    }

    @Test func nothingIsNeededToProveAnEqualOrEmptyTree() throws {
        for older in [0, 13] {
            let proof = try TreeProofs.consistency(from: size(older), to: size(13)) { coordinate in
                throw MissingNode(coordinate: coordinate)
            }
            #expect(proof.isEmpty)
        }
    }
}
