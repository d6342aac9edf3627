import TallystickPrimitives

/// Names that a file declares in one place and uses in others.
enum NameScope: String, Sendable {
    case roles, agencies, purposes, gateways, conditions, caveats, labels, events, choices
}

/// What may stand at one key of a protocol file.
indirect enum ValueShape: Sendable {
    /// Words for people.
    case text
    /// A code of any sort.
    case code
    /// A code of one kind of the code tables; `event`, `field` and `hard-block` are kinds too.
    case known(String)
    /// A code that the file declares elsewhere.
    case named(NameScope)
    /// One of some words.
    case choice([String])
    /// A whole number.
    case number(ClosedRange<Int>)
    /// A day.
    case date
    /// A list of roles, or the word `all`.
    case roles
    /// A list; an empty one only where it says so.
    case list(ValueShape, mayBeEmpty: Bool)
    /// A section with keys of its own.
    case section(SectionGrammar)

    static func list(of shape: ValueShape) -> ValueShape { .list(shape, mayBeEmpty: false) }

    /// The codes that may stand here, where the tables say so; nil where they do not.
    var knownCodes: [String]? {
        switch self {
        case .known("event"): EventCatalogue.current.eventTypes.map(\.text)
        case .known("field"): EventCatalogue.current.allFields.map(\.text)
        case .known("pointer-field"): EventCatalogue.current.fields(under: .pointer).map(\.text)
        case .known("hard-block"): HardBlock.all.map(\.code.text)
        case .known("gateway"): CodeBook.current.codes("gateway").filter { $0 != GatewayCode.emergency.text }
        case .known(let kind): CodeBook.current.codes(kind)
        case .text, .code, .named, .choice, .number, .date, .roles, .list, .section: nil
        }
    }
}

/// One key of a section.
struct KeyGrammar: Sendable {
    let name: String
    let shape: ValueShape
    let isRequired: Bool
    /// What it is for, as an editor shows it.
    let meaning: String

    static func required(_ name: String, _ shape: ValueShape, _ meaning: String) -> KeyGrammar {
        KeyGrammar(name: name, shape: shape, isRequired: true, meaning: meaning)
    }

    static func optional(_ name: String, _ shape: ValueShape, _ meaning: String) -> KeyGrammar {
        KeyGrammar(name: name, shape: shape, isRequired: false, meaning: meaning)
    }
}

/// The keys of one section: the parser and the schema for editors are both made from it.
struct SectionGrammar: Sendable {
    /// What the section is, for diagnostics.
    let name: String
    let keys: [KeyGrammar]

    init(_ name: String, _ keys: [KeyGrammar]) {
        self.name = name
        self.keys = keys
    }

    func shape(of key: String) -> ValueShape? { keys.first { $0.name == key }?.shape }

    /// Where a clause gets its force from, and the choice it rests on.
    static let force: [KeyGrammar] = [
        .required("standing", .choice(of: ClauseStanding.self), "law, norm or local: where it gets its force from."),
        .optional("choice", .named(.choices), "The local choice it rests on; needed where the standing is local."),
    ]
}

extension ValueShape {
    static func choice<Choice: RawRepresentable & CaseIterable>(of type: Choice.Type) -> ValueShape
    where Choice.RawValue == String { .choice(Choice.allCases.map(\.rawValue)) }
}
