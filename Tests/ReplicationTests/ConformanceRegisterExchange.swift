import DeterministicCBOR
import EventLogs
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

/// The bodies of the broker's interface as a second implementation writes them.
@Suite struct ConformanceRegisterExchange {
    struct Carried: Decodable, Sendable {
        struct Compartment: Decodable, Sendable {
            let compartment: HexBytes
            let content: HexBytes
            let wrap: HexBytes?
        }
        let statement: HexBytes
        let compartments: [Compartment]
        let grants: [HexBytes]

        func made() throws -> CarriedStatement {
            CarriedStatement(
                bytes: statement.bytes,
                compartments: try compartments.map {
                    CarriedCompartment(
                        id: try #require(CompartmentID(bytes: $0.compartment.bytes)),
                        content: $0.content.bytes, wrap: $0.wrap?.bytes)
                }, grants: grants.map(\.bytes))
        }
    }
    struct Push: Decodable, Sendable {
        let origin: String
        let first_index: UInt64
        let statements: [Carried]
        let head_note: HexBytes
    }
    struct Receipt: Decodable, Sendable {
        let position: UInt64
        let leaf: HexBytes
        let receipt: HexBytes
    }
    struct Entry: Decodable, Sendable {
        let position: UInt64
        let statement_position: UInt64
        let index: UInt64
        let carried: Carried
    }
    struct Page: Decodable, Sendable {
        let from: UInt64
        let leaves: [HexBytes]
        let head_note: HexBytes
        let entries: [Entry]
    }
    struct Head: Decodable, Sendable {
        let origin: String
        let head_note: HexBytes
    }
    struct Pointer: Decodable, Sendable {
        let agency: String
        let area: String?
        let category: String?
        let week: String?
    }
    struct Vector: Decodable, Sendable {
        let id: String
        let push: Push?
        let answer: [Receipt]?
        let feed: Page?
        let heads: [Head]?
        let visibility: [Pointer]?
        let body: HexBytes
    }
    struct Refused: Decodable, Sendable {
        let id: String
        let body_kind: String
        let fault: String
        let body: HexBytes
    }

    @Test func bodiesAreWrittenAndReadAsElsewhere() throws {
        let file = try VectorDirectory().load(
            "tallystick/exchange_bodies.json", as: Vector.self)
        for vector in file.vectors {
            let parts = [
                try check(vector.push, vector), try check(vector.answer, vector),
                try check(vector.feed, vector), try check(vector.heads, vector),
                try check(vector.visibility, vector),
            ]
            #expect(parts.count { $0 } == 1, "\(vector.id)")
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 9)
    }

    private func check(_ push: Push?, _ vector: Vector) throws -> Bool {
        guard let push else { return false }
        let made = PushRequest(
            origin: try #require(Origin(push.origin)), firstIndex: LeafIndex(push.first_index),
            statements: try push.statements.map { try $0.made() },
            headNote: push.head_note.bytes)
        #expect(made.encoded == vector.body.bytes, "\(vector.id)")
        #expect(try PushRequest(decoding: vector.body.bytes) == made, "\(vector.id)")
        return true
    }

    private func check(_ answer: [Receipt]?, _ vector: Vector) throws -> Bool {
        guard let answer else { return false }
        let made = PushAnswer(
            receipts: answer.map {
                AdmissionReceipt(
                    position: $0.position, leaf: $0.leaf.bytes, receipt: $0.receipt.bytes)
            })
        #expect(made.encoded == vector.body.bytes, "\(vector.id)")
        #expect(try PushAnswer(decoding: vector.body.bytes) == made, "\(vector.id)")
        return true
    }

    private func check(_ page: Page?, _ vector: Vector) throws -> Bool {
        guard let page else { return false }
        let made = FeedPage(
            from: TreeSize(page.from), leaves: page.leaves.map(\.bytes),
            headNote: page.head_note.bytes,
            entries: try page.entries.map {
                FeedEntry(
                    position: $0.position, statementPosition: $0.statement_position,
                    index: LeafIndex($0.index), statement: try $0.carried.made())
            })
        #expect(made.encoded == vector.body.bytes, "\(vector.id)")
        #expect(try FeedPage(decoding: vector.body.bytes) == made, "\(vector.id)")
        return true
    }

    private func check(_ heads: [Head]?, _ vector: Vector) throws -> Bool {
        guard let heads else { return false }
        let made = CBOR.map(of: heads.map { (.text($0.origin), .bytes($0.head_note.bytes)) })
        #expect(made.encoded == vector.body.bytes, "\(vector.id)")
        return true
    }

    private func check(_ pointers: [Pointer]?, _ vector: Vector) throws -> Bool {
        guard let pointers else { return false }
        let made = VisibilityPage(
            entries: pointers.map {
                VisibilityPage.Entry(
                    agency: $0.agency, area: $0.area, category: $0.category, week: $0.week)
            })
        #expect(made.encoded == vector.body.bytes, "\(vector.id)")
        #expect(try VisibilityPage(decoding: vector.body.bytes) == made, "\(vector.id)")
        return true
    }

    @Test func otherBodiesAreRefused() throws {
        let file = try VectorDirectory().load(
            "tallystick/exchange_bodies_refused.json", as: Refused.self)
        for vector in file.vectors {
            do throws(WireFault) {
                try read(vector)
                Issue.record("\(vector.id) was read")
            } catch { #expect(wireFaultName(error) == vector.fault, "\(vector.id)") }
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 24)
        let kinds = Set(file.vectors.map(\.body_kind))
        #expect(kinds == ["push", "answer", "feed", "visibility"])
    }

    private func read(_ vector: Refused) throws(WireFault) {
        switch vector.body_kind {
        case "push": _ = try PushRequest(decoding: vector.body.bytes)
        case "answer": _ = try PushAnswer(decoding: vector.body.bytes)
        case "feed": _ = try FeedPage(decoding: vector.body.bytes)
        default: _ = try VisibilityPage(decoding: vector.body.bytes)
        }
    }

    /// The one bound that is too large for a vector file.
    @Test func aCompartmentBeyondItsLimitIsRefused() throws {
        for (excess, isRead) in [(0, true), (1, false)] {
            let content = [UInt8](repeating: 0, count: Limits.carriedByteCount + excess)
            let id = try #require(CompartmentID(bytes: [UInt8](repeating: 1, count: 16)))
            let push = PushRequest(
                origin: try #require(Origin("o")), firstIndex: LeafIndex(0),
                statements: [
                    CarriedStatement(
                        bytes: [],
                        compartments: [CarriedCompartment(id: id, content: content, wrap: nil)],
                        grants: [])
                ], headNote: [])
            #expect((try? PushRequest(decoding: push.encoded)) == (isRead ? push : nil))
        }
    }
}
