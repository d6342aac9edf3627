import Casework
import TallystickPrimitives
import Testing

@Suite("A risk matrix")
struct RiskMatrixTests {
    private static let small = RiskMatrix(
        code: "small", version: 3,
        questions: [
            RiskQuestion(code: "one", words: "One?", answer: .mark(upTo: 2)),
            RiskQuestion(code: "two", words: "Two?", answer: .mark(upTo: 2)),
            RiskQuestion(code: "three", words: "Three?", answer: .mark(upTo: 2)),
            RiskQuestion(code: "sign", words: "Sign?", answer: .warningSign),
        ], mediumFrom: 2, highFrom: 4)

    private static let marks: [Int?] = [nil, 0, 1, 2]
    private static let signs: [Bool?] = [nil, false, true]

    /// Every way to answer the small matrix: 192 of them.
    private static var everyAnswer: [RiskAnswers] {
        marks.flatMap { one in
            marks.flatMap { two in
                marks.flatMap { three in
                    signs.map { answers([one, two, three], $0) }
                }
            }
        }
    }

    private static func answers(_ marks: [Int?], _ sign: Bool?) -> RiskAnswers {
        var known: [RiskQuestionCode: Int] = [:]
        let codes: [RiskQuestionCode] = ["one", "two", "three"]
        for (code, mark) in zip(codes, marks) { known[code] = mark }
        return RiskAnswers(marks: known, flags: sign.map { ["sign": $0] } ?? [:])
    }

    @Test("adds the marks, counts the unknown and is high at any warning sign")
    func scoresEveryAnswer() throws {
        let matrix = try #require(Self.small)
        for answers in Self.everyAnswer {
            let score = try matrix.score(answers)
            let sum = answers.marks.values.reduce(0, +)
            let isFlagged = answers.flags["sign"] == true
            let expected: RiskBand =
                isFlagged || sum >= 4 ? .high : sum >= 2 ? .medium : .standard
            #expect(score.score == UInt64(sum))
            #expect(score.computedBand == expected)
            #expect(score.unknownCount == UInt64(4 - answers.marks.count - answers.flags.count))
            #expect(score == (try matrix.score(answers)), "same answers, same score")
        }
    }

    @Test("never falls when a mark rises, a sign appears, or an unknown is answered")
    func isMonotone() throws {
        let matrix = try #require(Self.small)
        for lower in Self.everyAnswer {
            for higher in Self.everyAnswer where Self.isAtMost(lower, higher) {
                let (left, right) = (try matrix.score(lower), try matrix.score(higher))
                #expect(left.score <= right.score)
                #expect(left.computedBand <= right.computedBand)
            }
        }
    }

    private static func isAtMost(_ left: RiskAnswers, _ right: RiskAnswers) -> Bool {
        left.marks.allSatisfy { ($0.value) <= (right.marks[$0.key] ?? -1) }
            && left.flags.allSatisfy { !$0.value || right.flags[$0.key] == true }
            && left.flags.keys.allSatisfy { right.flags[$0] != nil }
    }

    @Test("names the gravest band that the unknowns leave open")
    func namesTheReachableBand() throws {
        let matrix = try #require(Self.small)
        for answers in Self.everyAnswer {
            let completions = Self.everyAnswer.filter { complete in
                complete.marks.count == 3 && complete.flags.count == 1
                    && answers.marks.allSatisfy { complete.marks[$0.key] == $0.value }
                    && answers.flags.allSatisfy { complete.flags[$0.key] == $0.value }
            }
            let bands = try completions.map { try matrix.score($0).computedBand }
            #expect(try matrix.score(answers).couldReach == bands.max())
        }
    }

    @Test("takes no unknown for zero")
    func unknownIsNotZero() throws {
        let matrix = try #require(Self.small)
        let unknown = try matrix.score(Self.answers([2, nil, nil], false))
        let zero = try matrix.score(Self.answers([2, 0, 0], false))
        #expect(unknown.score == zero.score)
        #expect(unknown.unknown == ["two", "three"])
        #expect(zero.unknown.isEmpty)
        #expect(unknown.couldReach == .high)
        #expect(zero.couldReach == .medium)
    }

    @Test("refuses what it does not ask and what is out of range")
    func refusesMisfits() throws {
        let matrix = try #require(Self.small)
        let cases: [(RiskAnswers, RiskAnswerFault)] = [
            (RiskAnswers(marks: ["four": 1]), .notAsked("four")),
            (RiskAnswers(marks: ["sign": 1]), .notAsked("sign")),
            (RiskAnswers(flags: ["one": true]), .notAsked("one")),
            (RiskAnswers(marks: ["one": 3]), .outOfRange("one", greatest: 2)),
            (RiskAnswers(marks: ["one": -1]), .outOfRange("one", greatest: 2)),
        ]
        for (answers, fault) in cases {
            #expect(throws: fault) { try matrix.score(answers) }
        }
    }

    @Test(
        "ships with ten questions, four warning signs, and bands from 10 and 20",
        arguments: [
            (0, RiskBand.standard), (9, .standard), (10, .medium), (19, .medium), (20, .high),
            (30, .high),
        ])
    func standardMatrix(total: Int, band: RiskBand) throws {
        let matrix = RiskMatrix.standard
        let asked = matrix.questions.filter { $0.answer == .mark(upTo: 3) }
        let signs = matrix.questions.filter { $0.answer == .warningSign }
        #expect(asked.count == 10)
        #expect(signs.count == 4)
        var left = total
        var marks: [RiskQuestionCode: Int] = [:]
        for question in asked {
            marks[question.code] = min(3, left)
            left -= min(3, left)
        }
        let none = Dictionary(uniqueKeysWithValues: signs.map { ($0.code, false) })
        let score = try matrix.score(RiskAnswers(marks: marks, flags: none))
        #expect(score.score == UInt64(total))
        #expect(score.computedBand == band)
        #expect(score.unknownCount == 0)
        for sign in signs {
            let flagged = try matrix.score(RiskAnswers(marks: marks, flags: [sign.code: true]))
            #expect(flagged.computedBand == .high)
            #expect(flagged.flags == [sign.code])
        }
    }

    @Test("is none with a question twice, no question, or bands out of order")
    func refusesMisshapenTables() {
        let question = RiskQuestion(code: "one", words: "One?", answer: .mark(upTo: 2))
        let dead = RiskQuestion(code: "two", words: "Two?", answer: .mark(upTo: 0))
        func matrix(_ questions: [RiskQuestion], _ medium: UInt64, _ high: UInt64) -> RiskMatrix? {
            RiskMatrix(
                code: "m", version: 1, questions: questions, mediumFrom: medium, highFrom: high)
        }
        #expect(matrix([question], 1, 2) != nil)
        #expect(matrix([], 1, 2) == nil)
        #expect(matrix([question, question], 1, 2) == nil)
        #expect(matrix([dead], 1, 2) == nil)
        #expect(matrix([question], 2, 1) == nil)
        #expect(matrix([question], 0, 1) == nil)
    }
}
