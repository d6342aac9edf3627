import BoardOffice
import EventLogs
import Foundation
import PartyFiles
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// A member reads what is signed for, and what it changes.
@Suite("What a member reads before signing")
struct ProposalReadingTests {
    private static func next() throws -> [UInt8] {
        let text = String(decoding: try BoardProtocolTests.yaml(), as: UTF8.self)
        return Array(
            text.replacing("\nversion: 1\n", with: "\nversion: 2\n")
                .replacing(
                    "    to: [police, district-council, landlord]\n    purposes",
                    with: "    to: [police, district-council]\n    purposes"
                ).utf8)
    }

    @Test("Of an activation it is the whole text and the changed lines, also away from the office")
    func activation() throws {
        let fixture = try OfficeFixture()
        try fixture.commit(try .publishing(yaml: try BoardProtocolTests.yaml(), file: "jag.yaml"))
        let first = try fixture.proposal(try .activating("jag", from: .empty, on: try fixture.log()), signedBy: [])
        #expect(
            try first.readingToSign()?.text.hasSuffix("No version of it is in force yet: all of it is new.\n") == true)
        try fixture.commit(first.motion)
        try fixture.commit(try .publishing(yaml: try Self.next(), file: "jag.yaml"))
        let second = try fixture.proposal(try .activating("jag", from: .empty, on: try fixture.log()), signedBy: [])
        let carried = try BoardProposal(decoding: second.encoded)
        #expect(carried == second)
        let text = try #require(try carried.readingToSign()?.text)
        #expect(text.contains("code: jag\n") && text.contains("What changes from jag version 1, which is in force\n"))
        #expect(text.contains("\n- version: 1\n+ version: 2\n"))
        #expect(text.contains("-     to: [police, district-council, landlord]\n+     to: [police, district-council]\n"))
    }

    @Test("A text that is not the one signed for is not shown as it")
    func otherText() throws {
        let fixture = try OfficeFixture()
        try fixture.commit(try .publishing(yaml: try BoardProtocolTests.yaml(), file: "jag.yaml"))
        let proposal = try fixture.proposal(try .activating("jag", from: .empty, on: try fixture.log()), signedBy: [])
        var bytes = proposal.encoded
        let word = Array("title: Joint".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: word) })
        bytes[place + 7] = UInt8(ascii: "P")
        let changed = try BoardProposal(decoding: bytes)
        #expect(throws: BoardOfficeError.self) { try changed.readingToSign() }
    }

    @Test("An act that was decided already is decided once, and another one is not taken for it")
    func twice() throws {
        let fixture = try OfficeFixture()
        let motions = [
            try fixture.enrolling(try fixture.request()), .witnesses(WitnessList(entries: [])),
            try .publishing(yaml: try BoardProtocolTests.yaml(), file: "jag.yaml"),
        ]
        for motion in motions {
            let index = try fixture.commit(motion)
            #expect(try fixture.commit(motion) == index)
            #expect(try fixture.log().index(of: motion) == index)
        }
        let later = try BoardMotion.activating("jag", from: TreeSize(9), on: try fixture.log())
        let index = try fixture.commit(later)
        #expect(try fixture.commit(later) == index)
        let sooner = try BoardMotion.activating("jag", from: TreeSize(3), on: try fixture.log())
        #expect(try fixture.commit(sooner).value == index.value + 1)
        let renewed = try BoardMotion.enrolling(
            try fixture.request(), expires: fixture.now.adding(seconds: 86_400), scope: nil, now: fixture.now)
        let renewal = try fixture.commit(renewed)
        #expect(renewal.value == index.value + 2)
        #expect(try fixture.log().index(of: motions[0]) == nil, "the newest enrolment counts")
        #expect(try fixture.log().statements.count == Int(renewal.value) + 1)
    }

    @Test("A difference gives back both texts, and says of the same ones that nothing changes")
    func difference() throws {
        try checkProperty(cases: 200) { (generator: inout Generator) in
            func text() -> String {
                (0..<Int(generator.unsigned() % 9)).map { _ in "l\(generator.unsigned() % 4)" }.joined(separator: "\n")
            }
            let (before, after) = (text(), text())
            let difference = TextDifference(from: before, to: after)
            func side(_ keeps: (TextDifference.Line) -> String?) -> String {
                difference.lines.compactMap(keeps).joined(separator: "\n")
            }
            let left = side { line in
                switch line {
                case .same(let text), .removed(let text): text
                case .added: nil
                }
            }
            let right = side { line in
                switch line {
                case .same(let text), .added(let text): text
                case .removed: nil
                }
            }
            try #require(left == before && right == after && difference.isEmpty == (before == after))
        }
    }
}
