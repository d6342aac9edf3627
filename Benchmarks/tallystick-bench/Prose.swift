import Casework
import DeterministicCBOR
import EventLogs
import Foundation
import TallystickPrimitives

/// Made-up case notes: a vocabulary of twenty thousand words, the common ones far more often than the rare ones, as in
/// real text. The same seed gives the same notes.
struct Prose: Sendable {
    private var state: UInt64
    private static let wordCount = 20_000
    private static let words: [String] = {
        let syllables = [
            "ba", "cor", "den", "el", "fin", "gra", "hol", "in", "ju", "kel", "lo", "mar", "ne", "or", "pel", "qui",
            "ra",
            "sta", "tor", "un", "ver", "wil", "xa", "yo", "zen",
        ]
        return (0..<wordCount).map { number in
            var rest = number + syllables.count
            var word = ""
            while rest > 0 {
                word += syllables[rest % syllables.count]
                rest /= syllables.count
            }
            return word
        }
    }()

    init(seed: UInt64) { state = seed }

    /// A number from 0 to below 1 (splitmix64).
    private mutating func unit() -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((word ^ (word >> 31)) >> 11) / Double(1 << 53)
    }

    /// A text of about so many bytes, never more.
    mutating func text(byteCount: Int) -> String {
        var text = ""
        text.reserveCapacity(byteCount)
        while true {
            // Zipf's law: a word is as frequent as its rank is low, so ranks are spread evenly on a logarithmic scale.
            let word = Prose.words[Int(pow(Double(Prose.wordCount), unit())) - 1]
            guard text.utf8.count + word.utf8.count + 1 <= byteCount else { return text }
            if !text.isEmpty { text += " " }
            text += word
        }
    }

    /// One entry of a case: its record takes a compartment of 1 KiB. The first opens the case.
    mutating func entry(_ number: Int, of reference: CaseReference, lead: AgencyCode) -> EventFields {
        let notes = text(byteCount: Prose.noteByteCount)
        let event: CaseworkEvent =
            switch number {
            case 0: .caseOpened(CaseOpening(summary: notes, category: "noise", leadAgency: lead))
            case 1: .stageChanged(StageChange(to: .assessed, summary: notes))
            default: .actionRecorded(ActionRecord(action: notes, owner: lead, due: nil, status: .open))
            }
        return event.fields(actor: "officer-1", happenedAt: "2026-01-01T00:00:00Z", case: reference)
    }

    private static let noteByteCount = 720
}
