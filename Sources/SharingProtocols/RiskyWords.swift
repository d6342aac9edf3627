/// A passage of a text that may say more than was meant to be shared.
public struct RiskyPassage: Hashable, Sendable, Encodable {
    /// What sort of passage it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Encodable {
        /// A telephone number.
        case telephone
        /// A United Kingdom postcode.
        case postcode
        /// An e-mail address.
        case email = "e-mail"
        /// A National Insurance number.
        case nationalInsurance = "national-insurance-number"
        /// An NHS number.
        case nhsNumber = "nhs-number"
        /// A word about somebody's health.
        case health
        /// The name of somebody in the case.
        case name
    }

    /// What sort of passage it is.
    public let kind: Kind
    /// The passage.
    public let text: String
    /// Where it begins, in characters from the beginning of the text.
    public let start: Int
}

/// Finds passages that a practitioner should look at again before sharing a text.
///
/// It marks and never decides: it misses things, and some of what it marks is harmless.
public enum RiskyWords {
    /// The passages of a text, in its order.
    ///
    /// - Parameter people: names of people in the case, to be found as whole words.
    public static func passages(in text: String, people: [String] = []) -> [RiskyPassage] {
        var found: [RiskyPassage] = []
        func add(_ kind: RiskyPassage.Kind, _ range: Range<String.Index>) {
            let start = text.distance(from: text.startIndex, to: range.lowerBound)
            found.append(RiskyPassage(kind: kind, text: String(text[range]), start: start))
        }
        for match in text.matches(of: /[A-Z0-9._%+'\-]+@[A-Z0-9.\-]+\.[A-Z]{2,}/.ignoresCase()) {
            add(.email, match.range)
        }
        // Every shape of BS 7666, with the spaces and hyphens that people put between; and the one of no shape.
        let postcode = /\b(?:[A-Z]{1,2}[0-9][A-Z0-9]?[\s\-]{0,3}[0-9][A-Z]{2}|GIR[\s\-]{0,3}0AA)\b/.ignoresCase()
        for match in text.matches(of: postcode) { add(.postcode, match.range) }
        let insurance = /\b[A-Z]{2}\s?[0-9]{2}\s?[0-9]{2}\s?[0-9]{2}\s?[A-D]\b/.ignoresCase()
        for match in text.matches(of: insurance) { add(.nationalInsurance, match.range) }
        for run in digitRuns(in: text) {
            if isNHSNumber(run.digits) {
                add(.nhsNumber, run.range)
            } else if isTelephone(run.digits, hasPlus: run.hasPlus) {
                add(.telephone, run.range)
            }
        }
        let names = Set(people.flatMap(words(of:)).map(\.text).filter { $0.count >= 3 })
        let all = words(of: text)
        for (index, word) in all.enumerated() {
            if names.contains(word.text) { add(.name, word.range) }
            let next = index + 1 < all.count ? all[index + 1] : nil
            if healthWords.contains(word.text) {
                add(.health, word.range)
            } else if let next, healthWords.contains("\(word.text) \(next.text)") {
                add(.health, word.range.lowerBound..<next.range.upperBound)
            }
        }
        return found.sorted { ($0.start, $0.kind.rawValue) < ($1.start, $1.kind.rawValue) }
    }

    /// The words of a text in lower case.
    private static func words(
        of text: String
    ) -> [(text: String, range: Range<String.Index>)] {
        text.split { !($0.isLetter || $0 == "-") }.map {
            ($0.lowercased(), $0.startIndex..<$0.endIndex)
        }
    }

    /// Runs of digits, with the spaces, hyphens and brackets that people put between them.
    private static func digitRuns(
        in text: String
    ) -> [(digits: [Int], hasPlus: Bool, range: Range<String.Index>)] {
        text.matches(of: /\+?[(]?[0-9](?:[\s\-().]{0,3}[0-9]){8,15}/).map { match in
            let digits = match.output.compactMap(\.wholeNumberValue)
            return (digits, match.output.hasPrefix("+"), match.range)
        }
    }

    private static func isTelephone(_ digits: [Int], hasPlus: Bool) -> Bool {
        if hasPlus { return (10...15).contains(digits.count) }
        let isAbroad = digits.starts(with: [0, 0]) && (12...16).contains(digits.count)
        return isAbroad || digits.first == 0 && (10...11).contains(digits.count)
    }

    /// Ten digits of which the last checks the others (NHS Data Dictionary, modulus 11).
    private static func isNHSNumber(_ digits: [Int]) -> Bool {
        guard digits.count == 10 else { return false }
        let sum = digits.dropLast().enumerated().reduce(0) { $0 + $1.element * (10 - $1.offset) }
        let check = (11 - sum % 11) % 11
        return check == digits[9]
    }

    /// Words that speak of health; in lower case, of one or two words.
    private static let healthWords: Set<String> = [
        "addict", "addicted", "addiction", "adhd", "alcoholic", "alcoholism", "alzheimer",
        "antidepressants", "anxiety", "asperger", "autism", "autistic", "bipolar", "cancer",
        "chemotherapy", "clinic", "dementia", "depressed", "depression", "diabetes", "diabetic",
        "diagnosed", "diagnosis", "disabled", "disability", "epilepsy", "epileptic", "gp", "hiv",
        "hospital", "insulin", "medication", "mental health", "methadone", "miscarriage",
        "nhs", "overdose", "overdosed", "paranoid", "personality disorder", "pregnant",
        "prescription", "psychiatric", "psychiatrist", "psychosis", "psychotic", "ptsd",
        "rehab", "schizophrenia", "schizophrenic", "sectioned", "self-harm", "self-harmed",
        "self-harming", "stroke", "substance misuse", "suicidal", "suicide", "therapy",
        "wheelchair",
    ]
}
