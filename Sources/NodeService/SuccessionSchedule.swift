import Casework
import TallystickPrimitives

/// What a succession names: a text of lines, `case AGENCY/STREAM` or `uprn NUMBER`, that both sides hold and whose hash is
/// in the board's act. Homes are named to nobody else.
struct SuccessionSchedule: Sendable {
    /// Cases by their reference.
    let cases: Set<CaseReference>
    /// Homes by their unique property reference number.
    let uprns: Set<String>
    /// The text.
    let text: String

    /// SHA-256 of the text.
    var hash: Hash256 { Hash256(hashing: Array(text.utf8)) }

    /// Reads a schedule.
    ///
    /// - Returns: nil where a line is neither; `#` begins a note.
    init?(_ text: String) {
        var cases: Set<CaseReference> = []
        var uprns: Set<String> = []
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map(String.init)
            guard !words.isEmpty else { continue }
            switch (words.count, words[0]) {
            case (2, "case"):
                guard let reference = CaseReference(words[1]) else { return nil }
                cases.insert(reference)
            case (2, "uprn"):
                guard SuccessionSchedule.isUPRN(words[1]) else { return nil }
                uprns.insert(SuccessionSchedule.plain(words[1]))
            default: return nil
            }
        }
        guard !cases.isEmpty || !uprns.isEmpty else { return nil }
        self.cases = cases
        self.uprns = uprns
        self.text = text
    }

    /// Whether it names a case, by itself or by the home it is about.
    func names(_ reference: CaseReference, at uprn: String?) -> Bool {
        cases.contains(reference) || uprn.map { uprns.contains(SuccessionSchedule.plain($0)) } ?? false
    }

    /// A UPRN is a number of one to twelve digits.
    static func isUPRN(_ text: String) -> Bool {
        (1...12).contains(text.count) && text.allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// Without the zeros that some systems write before it.
    private static func plain(_ uprn: String) -> String {
        let digits = uprn.drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
    }
}
