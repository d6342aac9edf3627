import ArgumentParser
import Casework
import CommandLineSupport
import TallystickPrimitives

/// Shows the questions of the risk matrix.
struct ShowQuestions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions",
        abstract: "Show the questions of the risk matrix, with the code to answer each by.",
        discussion: """
            Example: tallystick case questions
            """)

    @OptionGroup var output: OutputOptions

    func run() async throws { try output.write(MatrixQuestions(RiskMatrix.standard)) }
}

/// A matrix as it is asked.
struct MatrixQuestions: Answer, Codable {
    let matrix: String
    let version: UInt64
    let questions: [Question]

    struct Question: Codable {
        let code: String
        let words: String
        /// The greatest mark; nil for a warning sign, which is answered yes or no.
        let most: Int?
    }

    init(_ matrix: RiskMatrix) {
        self.matrix = matrix.code.text
        version = matrix.version
        questions = matrix.questions.map { question in
            switch question.answer {
            case .mark(let most):
                Question(code: question.code.text, words: question.words, most: most)
            case .warningSign: Question(code: question.code.text, words: question.words, most: nil)
            }
        }
    }

    var text: String {
        let rows = questions.map {
            [$0.code, $0.most.map { "0 to \($0)" } ?? "yes or no", $0.words]
        }
        return "Matrix \(matrix), version \(version)\n"
            + TextTable(["Code", "Answer", "Question"], rows).text
    }
}
