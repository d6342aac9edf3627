import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@Suite struct FinalityTests {
    private let log = SigningKey(from: SeededEntropy(seed: 1))
    private let head: SignedTreeHead
    private let witnesses: [(key: SigningKey, name: NoteKeyName)]

    init() throws {
        head = try SignedTreeHead.sign(
            TreeHead(origin: Origin("broker.example/log")!, size: TreeSize(1), root: MerkleTree.leafHash([1])),
            with: log)
        witnesses = (0..<10).map {
            (SigningKey(from: SeededEntropy(seed: 100 + UInt64($0))), NoteKeyName("w\($0).example/witness")!)
        }
    }

    private func entry(_ number: Int, operator name: String? = nil) -> WitnessList.Entry {
        let key = NoteVerifierKey(
            name: witnesses[number].name, kind: .cosignature, key: witnesses[number].key.publicKey)
        return WitnessList.Entry(verifierKey: key.text, operator: name ?? "operator-\(number)", isParty: true)
    }

    private func cosigned(by numbers: Range<Int>) throws -> SignedTreeHead {
        try numbers.reduce(head) { head, number in
            try head.adding(
                Cosignature.sign(
                    head.head, at: Timestamp(wholeSeconds: 1), name: witnesses[number].name,
                    with: witnesses[number].key))
        }
    }

    /// The table of WIRE §2, and one cosignature fewer.
    @Test(arguments: [(4, 3), (5, 4), (6, 5), (7, 5), (8, 6), (9, 7), (10, 7)])
    func twoThirdsOfTheListAndOneMakeAHeadFinal(listed: Int, needed: Int) throws {
        let list = (0..<listed).map { entry($0) }
        #expect(Finality(of: try cosigned(by: 0..<needed), by: list) == .cosigned(operators: needed, needed: needed))
        #expect(Finality(of: try cosigned(by: 0..<needed), by: list).isFinal)
        #expect(!Finality(of: try cosigned(by: 0..<needed - 1), by: list).isFinal)
    }

    @Test(arguments: 0..<Finality.operatorCount)
    func belowFourOperatorsNothingIsFinal(listed: Int) throws {
        let list = (0..<listed).map { entry($0) }
        let all = try cosigned(by: 0..<listed)
        #expect(!Finality(of: all, by: list).isFinal)
        #expect(Finality(of: all, by: list) == (listed == 0 ? .noWitnessList : .tooFewWitnesses(listed)))
    }

    @Test func operatorsAreCountedAndNotKeys() throws {
        let all = try cosigned(by: 0..<6)
        let ofThree = (0..<6).map { entry($0, operator: "operator-\($0 % 3)") }
        #expect(Finality(of: all, by: ofThree) == .tooFewWitnesses(3))
        let oneOfTwo = (0..<6).map { entry($0, operator: "operator-\($0 % 5)") }
        #expect(Finality(of: all, by: oneOfTwo) == .cosigned(operators: 5, needed: 4))
    }

    @Test func aKeyThatIsListedTwiceCountsOnce() throws {
        let list = [entry(0), entry(0, operator: "another"), entry(1), entry(2)]
        #expect(Finality(of: try cosigned(by: 0..<3), by: list) == .cosigned(operators: 3, needed: 3))
        #expect(Finality(of: try cosigned(by: 0..<2), by: list) == .cosigned(operators: 2, needed: 3))
    }

    @Test func cosignaturesOfOthersDoNotCount() throws {
        let list = (0..<4).map { entry($0) }
        #expect(Finality(of: try cosigned(by: 4..<10), by: list) == .cosigned(operators: 0, needed: 3))
        #expect(Finality(of: nil, by: list) == .cosigned(operators: 0, needed: 3))
    }
}
