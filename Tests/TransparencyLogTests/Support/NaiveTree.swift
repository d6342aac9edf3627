import TallystickPrimitives

@testable import TransparencyLog

/// RFC 6962 §2.1 written down as the RFC has it, by recursion over ranges: the model that the tests
/// compare with.
final class NaiveTree {
    let leaves: [Hash256]
    private var roots: [Range<Int>: Hash256] = [:]

    /// A tree of `count` leaves; leaf i is the entry `entry-i`.
    init(count: Int) {
        leaves = (0..<count).map { MerkleTree.leafHash(Array("entry-\($0)".utf8)) }
    }

    init(leaves: [Hash256]) { self.leaves = leaves }

    /// MTH(D[range]).
    func root(_ range: Range<Int>) -> Hash256 {
        if range.isEmpty { return Hash256(hashing: [] as [UInt8]) }
        if range.count == 1 { return leaves[range.lowerBound] }
        if let known = roots[range] { return known }
        let middle = range.lowerBound + split(range.count)
        let (left, right) = (root(range.lowerBound..<middle), root(middle..<range.upperBound))
        let hash = Hash256(hashing: [1], left.bytes, right.bytes)
        roots[range] = hash
        return hash
    }

    func root(size: Int) -> Hash256 { root(0..<size) }

    /// PATH(m, D[range]), with m counted from the start of the range.
    func path(_ index: Int, _ range: Range<Int>) -> [Hash256] {
        guard range.count > 1 else { return [] }
        let half = split(range.count)
        let middle = range.lowerBound + half
        if index < half {
            return path(index, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
        }
        return path(index - half, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
    }

    /// SUBPROOF(m, D[range], b), with m counted from the start of the range.
    func subproof(_ older: Int, _ range: Range<Int>, _ isWhole: Bool) -> [Hash256] {
        if older == range.count { return isWhole ? [] : [root(range)] }
        let half = split(range.count)
        let middle = range.lowerBound + half
        if older <= half {
            return subproof(older, range.lowerBound..<middle, isWhole)
                + [root(middle..<range.upperBound)]
        }
        return subproof(older - half, middle..<range.upperBound, false)
            + [root(range.lowerBound..<middle)]
    }

    /// A stored node, which must exist at that size.
    func node(_ coordinate: NodeCoordinate, in size: Int) throws -> Hash256 {
        let width = 1 << Int(coordinate.level)
        let begin = Int(coordinate.index) * width
        guard coordinate.exists(in: TreeSize(UInt64(size))), begin + width <= size else {
            throw MissingNode(coordinate: coordinate)
        }
        return root(begin..<begin + width)
    }

    private func split(_ count: Int) -> Int {
        var half = 1
        while half * 2 < count { half *= 2 }
        return half
    }
}

struct MissingNode: Error {
    let coordinate: NodeCoordinate
}

extension Hash256 {
    /// The same hash with one bit changed; bit 0 is the lowest of the last byte.
    func flipping(bit: Int) throws -> Hash256 {
        var changed = bytes
        changed[31 - bit / 8] ^= 1 << UInt8(bit % 8)
        guard let hash = Hash256(bytes: changed) else { throw WrongTestData() }
        return hash
    }
}

struct WrongTestData: Error {}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}

func size(_ value: Int) -> TreeSize { TreeSize(UInt64(value)) }

func index(_ value: Int) -> LeafIndex { LeafIndex(UInt64(value)) }
