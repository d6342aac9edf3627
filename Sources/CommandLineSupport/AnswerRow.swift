/// Something of which commands show lists.
public protocol AnswerRow: Encodable {
    /// The list for people.
    static func text(of rows: [Self]) -> String
}

extension Array: Answer where Element: AnswerRow {
    /// The list for people.
    public var text: String { Element.text(of: self) }
}
