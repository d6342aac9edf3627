import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

/// A log with a key, for tests.
struct TestLog {
    let origin: Origin
    let key: SigningKey
    let tree: NaiveTree

    init(_ name: String = "broker.example/log", seed: UInt64 = 1, leaves: Int = 0) throws {
        origin = try #require(Origin(name))
        key = SigningKey(from: SeededEntropy(seed: seed))
        tree = NaiveTree(count: leaves)
    }

    func head(_ count: Int) -> TreeHead {
        TreeHead(origin: origin, size: size(count), root: tree.root(size: count))
    }

    func signedHead(_ count: Int) throws -> SignedTreeHead {
        try SignedTreeHead.sign(head(count), with: key)
    }

    func inclusion(_ place: Int, in count: Int) throws -> [Hash256] {
        try TreeProofs.inclusion(of: index(place), in: size(count)) {
            try tree.node($0, in: count)
        }
    }

    func consistency(from older: Int, to newer: Int) throws -> [Hash256] {
        try TreeProofs.consistency(from: size(older), to: size(newer)) {
            try tree.node($0, in: newer)
        }
    }
}
