import TallystickPrimitives

extension RiskMatrix {
    /// The matrix that ships, for partners to agree or replace (DOMAIN §3A).
    ///
    /// Ten questions with marks from 0 to 3, four warning signs; medium from 10, high from 20.
    public static let standard = RiskMatrix(
        codeInSource: "asb-victim", version: 1, table: standardQuestions, mediumFrom: 10,
        highFrom: 20)

    /// Columns: code, greatest mark (`!` for a warning sign), what is asked.
    private static let standardQuestions = """
        frequency|3|How often is it happening now?
        worsening|3|Is it getting worse?
        targeted|3|Is it aimed at this person or household?
        hate|3|Is it because of who the person is, or is thought to be?
        fear|3|Does the person know or fear the subject? Threats or violence?
        subject-history|3|Has the subject a history, or other complaints against them?
        vulnerability|3|Health, disability, age, caring, isolation, language?
        effect|3|Effect on health, sleep, work and routine?
        support|3|How little support is there?
        earlier-reports|3|Earlier reports to any agency that are unresolved?
        suicidal|!|Thoughts of suicide or self-harm?
        weapon|!|A weapon seen, used or threatened?
        child-at-risk|!|A child at risk?
        threat-to-life|!|A credible threat to life?
        """

    /// For tables written in the program's own source; a misshapen one stops the program at once.
    private init(
        codeInSource code: MatrixCode, version: UInt64, table: String, mediumFrom: UInt64,
        highFrom: UInt64
    ) {
        let questions = table.split(separator: "\n").compactMap { row -> RiskQuestion? in
            let parts = row.split(separator: "|", maxSplits: 2).map(String.init)
            guard parts.count == 3, let code = RiskQuestionCode(parts[0]) else { return nil }
            if parts[1] == "!" {
                return RiskQuestion(code: code, words: parts[2], answer: .warningSign)
            }
            return Int(parts[1]).map {
                RiskQuestion(code: code, words: parts[2], answer: .mark(upTo: $0))
            }
        }
        guard
            let matrix = RiskMatrix(
                code: code, version: version, questions: questions, mediumFrom: mediumFrom,
                highFrom: highFrom)
        else { preconditionFailure("a matrix in the source must be one") }
        self = matrix
    }
}
