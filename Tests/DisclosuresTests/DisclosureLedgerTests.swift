import Casework
import Disclosures
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("A disclosure ledger")
struct DisclosureLedgerTests {
    private enum Piece {
        case act(LedgerAct)
        case reception(LedgerReception)
        case reading(LedgerReading)
        case refused(EventID)
    }

    private static func fold(_ pieces: [Piece], of agency: AgencyCode = landlord) -> DisclosureLedger {
        var ledger = DisclosureLedger(of: agency)
        for piece in pieces {
            switch piece {
            case .act(let act): ledger.add(act)
            case .reception(let reception): ledger.add(reception)
            case .reading(let reading): ledger.add(reading)
            case .refused(let event): ledger.addRefused(event)
            }
        }
        return ledger
    }

    private static func point(_ position: Int) -> RegisterPoint {
        RegisterPoint(position: UInt64(position), at: now.adding(seconds: Int64(position)))
    }

    private static func act(_ generator: inout Generator, number: UInt8) throws -> LedgerAct {
        let agencies: [AgencyCode] = [landlord, council, police]
        let author = generator.element(of: agencies)
        let others = agencies.filter { $0 != author && generator.bool() }
        return LedgerAct(
            verb: others.isEmpty ? generator.element(of: LedgerVerb.allCases) : .disclosure, event: try id(number),
            agency: author, person: nil, recipients: others, reached: Set(others.filter { _ in generator.bool() }),
            labels: ["record"], type: generator.bool() ? "case-opened" : nil, at: now,
            admitted: generator.int(in: 0...3) == 0 ? nil : point(generator.int(in: 0...40)), terms: nil,
            told: generator.bool() ? .voice : nil)
    }

    private static func pieces(_ generator: inout Generator) throws -> [Piece] {
        var pieces: [Piece] = []
        for number in 0..<UInt8(generator.int(in: 1...12)) { pieces.append(.act(try act(&generator, number: number))) }
        for _ in 0..<generator.int(in: 0...8) {
            pieces.append(
                .reception(
                    LedgerReception(
                        recipient: generator.element(of: [council, police]), author: landlord,
                        size: UInt64(generator.int(in: 0...45)), point: point(generator.int(in: 40...80)))))
        }
        for _ in 0..<generator.int(in: 0...8) {
            pieces.append(
                .reading(
                    LedgerReading(
                        state: generator.element(of: AccessState.allCases),
                        at: now.adding(seconds: Int64(generator.int(in: 0...60))), role: nil,
                        event: generator.bool() ? try id(UInt8(generator.int(in: 0...12))) : nil)))
        }
        if generator.bool() { pieces.append(.refused(try id(UInt8(generator.int(in: 0...12))))) }
        return pieces
    }

    @Test("is the same in whichever order it is taken in")
    func order() throws {
        try checkProperty(cases: 200) { generator in
            let pieces = try Self.pieces(&generator)
            var mixed = pieces
            for place in mixed.indices { mixed.swapAt(place, generator.int(in: 0...(mixed.count - 1))) }
            let (one, other) = (Self.fold(pieces), Self.fold(mixed + mixed))
            try #require(one.lines == other.lines && one.gaps == other.gaps)
        }
    }

    @Test("claims no state that was not recorded for it: none follows from another")
    func noStateFromAnother() throws {
        try checkProperty(cases: 200) { generator in
            let pieces = try Self.pieces(&generator)
            let agency = generator.element(of: [landlord, council])
            let ledger = Self.fold(pieces, of: agency)
            for line in ledger.lines {
                for recipient in line.recipients {
                    let isReached = line.act.reached.contains(recipient.agency)
                    try #require(recipient.available == (isReached ? line.act.admitted : nil))
                    try #require(recipient.delivered == nil || recipient.available != nil)
                    for state in AccessState.allCases {
                        guard case .recorded(let readings)? = recipient.contacts[state] else { continue }
                        try #require(recipient.agency == agency, "another agency's people are never known here")
                        try #require(readings.allSatisfy { $0.state == state })
                    }
                }
            }
            let refused = Set(pieces.compactMap { if case .refused(let event) = $0 { event } else { nil } })
            try #require(ledger.lines.allSatisfy { !refused.contains($0.act.event) })
            try #require(ledger.gaps.refused == refused.count)
        }
    }

    @Test("takes the first confirmation that covers it, and none that stops before it")
    func delivered() throws {
        let act = LedgerAct(
            verb: .disclosure, event: try id(1), agency: landlord, person: nil, recipients: [council],
            reached: [council], labels: [], type: nil, at: now, admitted: Self.point(7), terms: nil)
        func delivered(_ sizes: [(size: UInt64, at: Int)]) -> UInt64? {
            let receptions = sizes.map { size, at in
                Piece.reception(
                    LedgerReception(recipient: council, author: landlord, size: size, point: Self.point(at)))
            }
            return Self.fold([.act(act)] + receptions).lines.first?.recipients.first?.delivered?.position
        }
        #expect(delivered([(7, 9)]) == nil, "up to and not with it")
        #expect(delivered([(8, 9)]) == 9)
        #expect(delivered([(20, 30), (8, 12), (7, 10)]) == 12)
        #expect(Self.fold([.act(act)]).gaps.silent == [council])
    }
}
