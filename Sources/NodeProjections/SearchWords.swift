import Foundation

/// The words of a text as a search knows them: runs of letters and digits, in lower case and without accents.
///
/// What is searched in and what is searched for are divided by this alone, so that whatever was recorded is found by
/// the same text. No character has a meaning of its own.
struct SearchWords: Sendable {
    /// A word: where its letters lie, and their hash.
    struct Word: Sendable {
        let range: Range<Int>
        /// By this process's own seed, so that nobody outside can choose words that fall together.
        let hash: Int
    }

    /// The letters of all words, in UTF-8.
    private(set) var letters: [UInt8] = []
    /// The words in their order, also those that come again.
    private(set) var words: [Word] = []

    /// Divides a text.
    ///
    /// - Parameter limit: words at most; the rest is left out.
    init(_ text: String, limit: Int = .max) {
        var text = text
        text.withUTF8 { divide($0, limit: limit) }
    }

    private mutating func divide(_ text: UnsafeBufferPointer<UInt8>, limit: Int) {
        let plain = SearchWords.plain
        letters.reserveCapacity(text.count)
        words.reserveCapacity(min(text.count / SearchWords.usualByteCount, limit))
        var place = 0
        while place < text.count, words.count < limit {
            let from = place
            while place < text.count, plain[Int(text[place])] != 0 { place += 1 }
            if place < text.count, text[place] >= 0x80 {
                // Whatever is not ASCII is rare: up to the next plain separator it is taken letter by letter.
                while place < text.count, text[place] >= 0x80 || plain[Int(text[place])] != 0 { place += 1 }
                divide(foreign: String(decoding: text[from..<place], as: UTF8.self), limit: limit)
            } else {
                let start = letters.count
                letters.append(contentsOf: text[from..<place].lazy.map { plain[Int($0)] })
                end(from: start)
                place += 1
            }
        }
    }

    /// Divides a text with letters that are not ASCII: accents are taken off (Unicode's canonical decomposition), other
    /// marks belong to their word, what is not seen (soft hyphens, joiners) is passed over, and a final sigma is a sigma.
    private mutating func divide(foreign text: String, limit: Int) {
        var start = letters.count
        for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars where words.count < limit {
            // What is not seen divides no word: else a name could be written so that nobody finds it.
            if SearchWords.accents.contains(scalar) || scalar.properties.generalCategory == .format { continue }
            guard SearchWords.isOfWord(scalar) else {
                end(from: start)
                start = letters.count
                continue
            }
            for lower in scalar.properties.lowercaseMapping.unicodeScalars where !SearchWords.accents.contains(lower) {
                let folded = lower == "\u{3c2}" ? "\u{3c3}" : lower
                letters.append(contentsOf: UTF8.encode(folded) ?? UTF8.encodedReplacementCharacter)
            }
        }
        if words.count < limit { end(from: start) }
    }

    private mutating func end(from start: Int) {
        guard letters.count > start else { return }
        var hasher = Hasher()
        letters.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[start...])) }
        words.append(Word(range: start..<letters.count, hash: hasher.finalize()))
    }

    /// The combining accents of Latin, Greek and Cyrillic.
    private static let accents: ClosedRange<Unicode.Scalar> = "\u{300}"..."\u{36f}"

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark, .privateUse:
            true
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
            .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .unassigned:
            false
        @unknown default: false
        }
    }

    /// ASCII letters and digits in lower case; 0 for what divides words, and for what is not ASCII.
    private static let plain: [UInt8] = (0...255).map { byte in
        switch UInt8(byte) {
        case 0x30...0x39, 0x61...0x7a: UInt8(byte)
        case 0x41...0x5a: UInt8(byte) + 0x20
        default: 0
        }
    }

    /// Bytes of a word and what divides it from the next one, on the whole.
    private static let usualByteCount = 6
}
