public import TallystickPrimitives

/// One question of a risk matrix.
public struct RiskQuestion: Hashable, Sendable {
    /// What counts as an answer.
    public enum Answer: Hashable, Sendable {
        /// A mark from 0 to the given greatest.
        case mark(upTo: Int)
        /// Yes or no; yes makes the computed band high whatever the marks say.
        case warningSign
    }

    /// The question's code.
    public let code: RiskQuestionCode
    /// What is asked.
    public let words: String
    /// What counts as an answer.
    public let answer: Answer

    /// States a question.
    public init(code: RiskQuestionCode, words: String, answer: Answer) {
        self.code = code
        self.words = words
        self.answer = answer
    }
}

/// A versioned table that turns the same answers into the same score for every agency.
///
/// A matrix is data (DOMAIN §3A): local tables differ, and recalculation never rewrites the past.
public struct RiskMatrix: Hashable, Sendable {
    /// The matrix's name.
    public let code: MatrixCode
    /// Its version.
    public let version: UInt64
    /// The questions, in the order they are asked.
    public let questions: [RiskQuestion]
    /// From which score a band holds.
    public let bands: [RiskBand: UInt64]

    /// States a matrix; nil when it is not one.
    ///
    /// A matrix asks each question once, marks from 0 to 1 or more, and says from which score the
    /// medium and the high band hold, the high one from no lower score. Below is standard.
    public init?(
        code: MatrixCode, version: UInt64, questions: [RiskQuestion], mediumFrom: UInt64,
        highFrom: UInt64
    ) {
        let hasSaneMarks = questions.allSatisfy { question in
            guard case .mark(let most) = question.answer else { return true }
            return (1...CaseworkLimits.riskMark).contains(most)
        }
        guard (1...CaseworkLimits.riskQuestionCount).contains(questions.count), hasSaneMarks,
            Set(questions.map(\.code)).count == questions.count, mediumFrom > 0,
            mediumFrom <= highFrom
        else { return nil }
        self.code = code
        self.version = version
        self.questions = questions
        bands = [.standard: 0, .medium: mediumFrom, .high: highFrom]
    }

    /// Scores the answers.
    ///
    /// Same answers, same score. An unknown is counted and adds nothing; it is never taken for zero
    /// when the band that could still be reached is named.
    /// - Throws: `RiskAnswerFault` for an answer to a question that this matrix does not ask, or
    ///   one outside its range.
    public func score(_ answers: RiskAnswers) throws(RiskAnswerFault) -> RiskScore {
        try check(answers)
        var sum = 0
        var unseen = 0
        var unknown: [RiskQuestionCode] = []
        var flags: [RiskQuestionCode] = []
        var couldBeFlagged = false
        for question in questions {
            switch question.answer {
            case .mark(let most):
                sum += answers.marks[question.code] ?? 0
                if answers.marks[question.code] == nil {
                    unseen += most
                    unknown.append(question.code)
                }
            case .warningSign:
                if answers.flags[question.code] == true { flags.append(question.code) }
                if answers.flags[question.code] == nil {
                    couldBeFlagged = true
                    unknown.append(question.code)
                }
            }
        }
        let computed = flags.isEmpty ? band(of: UInt64(sum)) : .high
        let worst = couldBeFlagged ? .high : band(of: UInt64(sum + unseen))
        return RiskScore(
            score: UInt64(sum), unknown: unknown, computedBand: computed, flags: flags,
            couldReach: max(computed, worst))
    }

    private func check(_ answers: RiskAnswers) throws(RiskAnswerFault) {
        var asked: [RiskQuestionCode: RiskQuestion.Answer] = [:]
        for question in questions { asked[question.code] = question.answer }
        for (code, mark) in answers.marks.sorted(by: { $0.key < $1.key }) {
            guard case .mark(let most) = asked[code] else { throw .notAsked(code) }
            guard (0...most).contains(mark) else { throw .outOfRange(code, greatest: most) }
        }
        for code in answers.flags.keys.sorted() {
            guard case .warningSign = asked[code] else { throw .notAsked(code) }
        }
    }

    private func band(of score: UInt64) -> RiskBand {
        bands.filter { $0.value <= score }.keys.max() ?? .standard
    }
}

/// What a matrix makes of answers. It proposes; it decides nothing (UK GDPR Arts 22A-D).
public struct RiskScore: Hashable, Sendable {
    /// The sum of the marks.
    public let score: UInt64
    /// The questions left unknown, in the matrix's order.
    public let unknown: [RiskQuestionCode]
    /// The band that the matrix gives.
    public let computedBand: RiskBand
    /// The warning signs that were answered yes.
    public let flags: [RiskQuestionCode]
    /// The gravest band that the unknowns leave open.
    public let couldReach: RiskBand

    /// How many questions were left unknown.
    public var unknownCount: UInt64 { UInt64(unknown.count) }
}

/// Why answers do not fit a matrix.
public enum RiskAnswerFault: Error, Hashable, Sendable {
    /// The matrix does not ask this, or asks it in another way.
    case notAsked(RiskQuestionCode)
    /// The mark is not between 0 and the greatest.
    case outOfRange(RiskQuestionCode, greatest: Int)
}

extension RiskAnswerFault: CustomStringConvertible {
    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .notAsked(let code):
            "This matrix does not ask \(code) in that way. Answer only the questions it lists."
        case .outOfRange(let code, let greatest):
            "The mark for \(code) must be from 0 to \(greatest). Leave it out if it is unknown."
        }
    }
}
