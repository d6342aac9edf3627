import SharingProtocols
public import TallystickPrimitives

/// What a person is in an entry. It belongs to an allegation: one person can be several of these in one case (PRACTICE P17).
public enum PersonPlace: String, CaseIterable, Hashable, Sendable, Codable {
    /// Harmed by what is alleged.
    case victim
    /// Alleged to have done it.
    case subject
    /// Who told an agency.
    case reporter
    /// In danger, in what was told in an emergency.
    case atRisk = "at-risk"

    /// The field that names them.
    public var nameField: FieldCode {
        switch self {
        case .victim: "victim-name"
        case .subject: "subject-name"
        case .reporter: "reporter-name"
        case .atRisk: "at-risk"
        }
    }
}

/// One entry as a working draft sees it.
public struct AccessItem: Hashable, Sendable {
    /// One value.
    public struct Value: Hashable, Sendable {
        /// What it stands under.
        public let label: Label
        /// The field.
        public let field: FieldCode
        /// The value in words.
        public let text: String

        /// States it.
        public init(label: Label, field: FieldCode, text: String) {
            self.label = label
            self.field = field
            self.text = text
        }
    }

    /// The entry.
    public let id: EventID
    /// Who wrote it.
    public let agency: AgencyCode
    /// Its type.
    public let type: EventTypeCode
    /// The day on which it was recorded.
    public let day: CivilDate
    /// Everything that could be opened of it.
    public let values: [Value]
    /// What the person who asks is in it; empty where no field of it names them.
    public let places: Set<PersonPlace>
    /// Under which part of the law it is processed.
    public let regime: AccessRegime

    /// States it.
    public init(
        id: EventID, agency: AgencyCode, type: EventTypeCode, day: CivilDate, values: [Value],
        places: Set<PersonPlace>, regime: AccessRegime
    ) {
        self.id = id
        self.agency = agency
        self.type = type
        self.day = day
        self.values = values
        self.places = places
        self.regime = regime
    }
}

/// A working draft of what a person who asked for their own data may be given: for the SAR lead, released by nobody but them
/// (PRACTICE P16).
///
/// It has no identifiers, positions, numbers of anything or times finer than a day; what is left out leaves no gap in its
/// pages, for they are numbered after it is gone.
public struct AccessPack: Hashable, Sendable {
    /// One page.
    public struct Page: Hashable, Sendable {
        /// The number, from 1, among what is left.
        public let number: Int
        /// What it is.
        public let title: String
        /// Its lines: a heading and a text.
        public let lines: [Line]
    }

    /// One line of a page.
    public struct Line: Hashable, Sendable {
        /// What it is.
        public let heading: String
        /// What it says.
        public let text: String
    }

    /// What was asked.
    public let asked: SubjectAccess
    /// The regime; each has a pack of its own.
    public let regime: AccessRegime
    /// The pages.
    public let pages: [Page]
    /// Why something was left out, where that may be told; in the order of the table.
    public let exemptions: [AccessExemption]

    /// The packs of each regime under which there is something to say.
    ///
    /// - Parameters:
    ///   - items: every entry that was found, oldest first.
    ///   - state: what the lead chose.
    ///   - others: whose names and contact details are not the person's own, to be left out of every text.
    public static func packs(
        of items: [AccessItem], given state: SubjectAccessState, others: OtherPeople
    ) -> [AccessPack] {
        AccessRegime.allCases.compactMap { regime in
            let pack = AccessPack(of: items, under: regime, given: state, others: others)
            return pack.pages.isEmpty && pack.exemptions.isEmpty ? nil : pack
        }
    }

    private init(
        of items: [AccessItem], under regime: AccessRegime, given state: SubjectAccessState, others: OtherPeople
    ) {
        asked = state.asked
        self.regime = regime
        var pages: [Page] = []
        var told: Set<AccessExemption> = []
        for item in items where (state.regime(of: item.id) ?? item.regime) == regime {
            if let (exemption, reach) = state.exemption(of: item.id) {
                // Of what is neither confirmed nor denied there is no trace, a reason least of all.
                if reach != .neitherConfirmNorDeny { told.insert(exemption) }
                continue
            }
            let lines = AccessPack.lines(of: item, included: state.included(of: item.id), asked.names, others)
            let title = "\(AccessPack.words(of: item.type.text)), recorded \(item.day)"
            // What was said again for other agencies is one page.
            guard !lines.isEmpty, !pages.contains(where: { $0.title == title && $0.lines == lines }) else { continue }
            pages.append(Page(number: pages.count + 1, title: title, lines: lines))
        }
        self.pages = pages
        exemptions = AccessExemption.allCases.filter(told.contains)
    }

    private static func lines(
        of item: AccessItem, included: Set<IncludedField>, _ own: [String], _ others: OtherPeople
    ) -> [Line] {
        var lines: [Line] = []
        for value in item.values.sorted(by: { ($0.label, $0.field) < ($1.label, $1.field) }) {
            let isChosen = included.contains(IncludedField(label: value.label, field: value.field))
            guard isChosen || isIn(value, of: item, own) else { continue }
            let text = isChosen ? value.text : AccessMask.masked(value.text, own: own, others: others)
            lines.append(Line(heading: words(of: value.field.text), text: text))
        }
        return lines
    }

    /// Whether a value is in by itself. What is not listed is out: addresses and how to reach anybody, who told, other
    /// people, the full account, scores and numbers, identifiers, and what agencies said to each other about rights.
    public static func isIn(_ value: AccessItem.Value, of item: AccessItem, _ own: [String]) -> Bool {
        guard !value.text.isEmpty else { return false }
        switch value.label.text {
        case "identity":
            let places = item.places.filter { $0 != .reporter }
            return places.contains { value.field == $0.nameField || value.field.text == "\($0.rawValue)-born" }
                // Whatever the field is called, it is somebody else's name unless it is theirs.
                && (value.field.text.hasSuffix("-born") || AccessMask.isSame(value.text, own))
        case "record", "risk", "consent": return given.contains(value.field)
        default: return false
        }
    }

    private static let given: Set<FieldCode> = [
        "action", "category", "channel", "consent-how", "consent-scope", "consent-state", "declined-because", "due",
        "judged-band", "occurred", "offered-because", "outcome", "rationale", "service", "stage", "status", "summary",
    ]

    /// A code as words: `case-opened` is "case opened".
    private static func words(of code: String) -> String { code.split(separator: "-").joined(separator: " ") }
}

/// Whom a text may speak of beside the person who asks.
public struct OtherPeople: Hashable, Sendable {
    /// Names; each word of one is left out too.
    public var names: Set<String>
    /// Addresses, telephone numbers and the like, left out as they are written.
    public var contacts: Set<String>

    /// Nobody.
    public init(names: Set<String> = [], contacts: Set<String> = []) {
        self.names = names
        self.contacts = contacts
    }
}

/// Leaves out of a text what is not the person's own.
public enum AccessMask {
    /// What stands in the place of somebody else.
    public static let somebody = "[left out: somebody else]"
    /// What stands in the place of a way to reach somebody.
    public static let contact = "[left out: contact details]"

    /// The text without other people's names, and without addresses, telephone numbers, postcodes, e-mail addresses and the
    /// like, whoever's they are.
    ///
    /// - Parameters:
    ///   - own: names that stay.
    ///   - others: what goes, as whole words in whatever case.
    public static func masked(_ text: String, own: [String], others: OtherPeople) -> String {
        var masked = text
        for phrase in others.contacts.sorted(by: isLonger) { masked = replacing(phrase, in: masked, with: contact) }
        for name in others.names.sorted(by: isLonger) where !isSame(name, own) {
            masked = replacing(name, in: masked, with: somebody)
        }
        // A first name or a surname alone is the other person too, unless it is also the person's own.
        let ownWords = Set(own.flatMap(words))
        for word in Set(others.names.flatMap(words)).sorted() where word.count >= 2 && !ownWords.contains(word) {
            masked = replacing(word, in: masked, with: somebody)
        }
        for passage in RiskyWords.passages(in: masked).reversed() {
            switch passage.kind {
            case .telephone, .postcode, .email, .nationalInsurance, .nhsNumber:
                let start = masked.index(masked.startIndex, offsetBy: passage.start)
                let end = masked.index(start, offsetBy: passage.text.count)
                masked.replaceSubrange(start..<end, with: contact)
            case .health, .name: continue
            }
        }
        return masked
    }

    private static func isLonger(_ left: String, _ right: String) -> Bool {
        (right.count, left) < (left.count, right)
    }

    /// Whether a name is one of some, whatever the case and the spaces.
    public static func isSame(_ name: String, _ names: [String]) -> Bool {
        let sought = words(name)
        return !sought.isEmpty && names.contains { words($0) == sought }
    }

    private static func words(_ text: String) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "-" }.map { $0.lowercased() }
    }

    /// Replaces every place where the text stands as whole words.
    private static func replacing(_ passage: String, in text: String, with replacement: String) -> String {
        let sought = Array(passage.lowercased())
        guard !sought.isEmpty else { return text }
        let characters = Array(text)
        var result = ""
        var place = 0
        while place < characters.count {
            let end = place + sought.count
            let isHere =
                end <= characters.count
                && zip(characters[place..<end], sought).allSatisfy { $0.lowercased() == String($1) }
                && !isWord(place > 0 ? characters[place - 1] : nil)
                && !isWord(end < characters.count ? characters[end] : nil)
            if isHere {
                result += replacement
                place = end
            } else {
                result.append(characters[place])
                place += 1
            }
        }
        return result
    }

    private static func isWord(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber } ?? false
    }
}
