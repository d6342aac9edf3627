import DeterministicCBOR
import EventLogs
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

/// What a peer sends at its limit and one beyond it.
@Suite struct PageLimitTests {
    private let origin = Origins.stranger

    private func statements(_ count: Int) -> [CarriedStatement] {
        [CarriedStatement](
            repeating: CarriedStatement(bytes: [1], compartments: [], grants: []), count: count)
    }

    private func pushed(_ statements: [CarriedStatement]) throws -> PushRequest {
        try PushRequest(
            decoding: PushRequest(
                origin: origin, firstIndex: LeafIndex(0), statements: statements, headNote: [1]
            ).encoded)
    }

    @Test func aPushHoldsAtLeastOneStatementAndNoMoreThanItsLimit() throws {
        let count = Limits.pageStatementCount
        #expect(try pushed(statements(count)).statements.count == count)
        #expect(throws: WireFault.self) { try pushed(statements(count + 1)) }
        #expect(throws: WireFault.shape("at least one statement")) { try pushed([]) }
    }

    @Test func aPageHoldsNoMoreLeavesThanItsLimit() throws {
        func page(_ count: Int) throws -> FeedPage {
            try FeedPage(
                decoding: FeedPage(
                    from: .empty, leaves: [[UInt8]](repeating: [1], count: count), headNote: [],
                    entries: []
                ).encoded)
        }
        #expect(try page(Limits.pageLeafCount).leaves.count == Limits.pageLeafCount)
        #expect(throws: WireFault.self) { try page(Limits.pageLeafCount + 1) }
    }

    @Test func aPageHoldsNoMoreEntriesThanItsLimit() throws {
        let entry = FeedEntry(
            position: 0, statementPosition: 0, index: LeafIndex(0), statement: statements(1)[0])
        func page(_ count: Int) throws -> FeedPage {
            try FeedPage(
                decoding: FeedPage(
                    from: .empty, leaves: [], headNote: [],
                    entries: [FeedEntry](repeating: entry, count: count)
                ).encoded)
        }
        #expect(try page(Limits.pageStatementCount).entries.count == Limits.pageStatementCount)
        #expect(throws: WireFault.self) { try page(Limits.pageStatementCount + 1) }
    }

    @Test func anAnswerHoldsNoMoreReceiptsThanAPushStatements() throws {
        let receipt = AdmissionReceipt(position: 0, leaf: [1], receipt: [2])
        func answer(_ count: Int) throws -> PushAnswer {
            try PushAnswer(
                decoding: PushAnswer(receipts: [AdmissionReceipt](repeating: receipt, count: count)).encoded)
        }
        #expect(try answer(Limits.pageStatementCount).receipts.count == Limits.pageStatementCount)
        #expect(throws: WireFault.self) { try answer(Limits.pageStatementCount + 1) }
    }

    /// A leaf of the limit's length is read, and refused for its shape; a longer one is not read.
    @Test func aRegisterLeafThatIsNoStatementIsBounded() {
        func fault(_ count: Int) -> WireFault? {
            let leaf = CBOR.array([.bytes([UInt8](repeating: 7, count: count - 4))]).encoded
            #expect(leaf.count == count)
            do throws(WireFault) {
                _ = try RegisterLeaf(decoding: leaf)
                return nil
            } catch { return error }
        }
        #expect(fault(Limits.registerLeafByteCount) == .shape("a register leaf of form 1 or 2"))
        guard case .cbor? = fault(Limits.registerLeafByteCount + 1) else {
            Issue.record("a leaf beyond the limit was read")
            return
        }
    }

    @Test func whatACarriedStatementHoldsIsBounded() throws {
        let id = CompartmentID(from: SeededEntropy(seed: 1))
        func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
        func carried(
            bytes: Int = 1, compartments: Int = 0, content: Int = 1, wrap: Int? = nil, grants: Int = 0, grant: Int = 1
        ) -> CarriedStatement {
            let compartment = CarriedCompartment(id: id, content: zeros(content), wrap: wrap.map(zeros))
            return CarriedStatement(
                bytes: zeros(bytes),
                compartments: [CarriedCompartment](repeating: compartment, count: compartments),
                grants: [[UInt8]](repeating: zeros(grant), count: grants))
        }
        let rows: [(String, Int, (Int) -> CarriedStatement)] = [
            ("statement bytes", Limits.statementByteCount, { carried(bytes: $0) }),
            ("compartments", Limits.shareCompartmentCount, { carried(compartments: $0) }),
            (
                "compartment bytes", Limits.carriedByteCount,
                { carried(compartments: 1, content: $0) }
            ),
            ("wrap bytes", Limits.wrapByteCount, { carried(compartments: 1, wrap: $0) }),
            ("grants", Limits.grantCount, { carried(grants: $0) }),
            ("grant bytes", Limits.grantByteCount, { carried(grants: 1, grant: $0) }),
        ]
        for (name, limit, make) in rows {
            #expect(try pushed([make(limit)]).statements == [make(limit)], "\(name)")
            #expect(throws: WireFault.self, "\(name)") { try pushed([make(limit + 1)]) }
        }
    }
}
