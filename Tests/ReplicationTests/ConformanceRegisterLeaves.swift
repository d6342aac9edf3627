import EventLogs
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

/// The leaves of the register as a second implementation writes them.
@Suite struct ConformanceRegisterLeaves {
    struct Vector: Decodable, Sendable {
        let id: String
        let form: Int
        let origin: String?
        let index: UInt64?
        let statement_leaf_hash: HexBytes?
        let reason: String?
        let at: UInt64?
        let asker: String?
        let query_hash: HexBytes?
        let leaf: HexBytes
        let leaf_hash: HexBytes
    }

    struct Refused: Decodable, Sendable {
        let id: String
        let fault: String
        let leaf: HexBytes
    }

    @Test func leavesAreWrittenAndReadAsElsewhere() throws {
        let file = try VectorDirectory().load(
            "tallystick/register_leaves.json", as: Vector.self)
        for vector in file.vectors {
            let made = try make(vector)
            #expect(made.encoded == vector.leaf.bytes, "\(vector.id)")
            #expect(made.leafHash.bytes == vector.leaf_hash.bytes, "\(vector.id)")
            #expect(try RegisterLeaf(decoding: vector.leaf.bytes) == made, "\(vector.id)")
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 8)
        #expect(Set(file.vectors.map(\.form)) == [0, 1, 2])
    }

    private func make(_ vector: Vector) throws -> RegisterLeaf {
        switch vector.form {
        case 0: return .own(try Statement(decoding: vector.leaf.bytes))
        case 1:
            let reason = try vector.reason.map { try #require(ReasonCode($0)) }
            let hash = try #require(vector.statement_leaf_hash)
            return .verdict(
                AdmissionRecord(
                    origin: try #require(vector.origin.flatMap(Origin.init)),
                    index: LeafIndex(try #require(vector.index)),
                    leafHash: try #require(Hash256(bytes: hash.bytes)),
                    verdict: reason.map(Verdict.refused) ?? .accepted,
                    admittedAt: Timestamp(wholeSeconds: try #require(vector.at))))
        default:
            let hash = try #require(vector.query_hash)
            return .lookUp(
                asker: try #require(vector.asker.flatMap { AgencyCode($0) }),
                hash: try #require(Hash256(bytes: hash.bytes)),
                at: Timestamp(wholeSeconds: try #require(vector.at)))
        }
    }

    @Test func otherBytesAreNoLeaf() throws {
        let file = try VectorDirectory().load(
            "tallystick/register_leaves_refused.json", as: Refused.self)
        for vector in file.vectors {
            do throws(WireFault) {
                _ = try RegisterLeaf(decoding: vector.leaf.bytes)
                Issue.record("\(vector.id) was read")
            } catch { #expect(wireFaultName(error) == vector.fault, "\(vector.id)") }
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 21)
    }
}

/// The part of reading at which bytes failed, as the vectors name it.
func wireFaultName(_ fault: WireFault) -> String {
    switch fault {
    case .cbor: "cbor"
    case .shape: "shape"
    case .statement: "statement"
    }
}
