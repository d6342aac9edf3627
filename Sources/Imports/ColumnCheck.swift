/// What every value of one column must look like, in every row, wanted or not.
///
/// Rows of a damaged export often keep their number of fields and are shifted by some columns:
/// only the types of the columns show it.
struct ColumnCheck: Hashable, Sendable {
    /// The column's place in `ImportMapping.columns`.
    let column: Int
    let rule: Rule
    /// A missing value is a fault, not merely absent.
    let refusesMissing: Bool

    enum Rule: Hashable, Sendable {
        case words(Set<String>)
        case integer(ClosedRange<Double>)
        case decimal(ClosedRange<Double>)
        case date(DatePattern)
        case shapes([ShapePattern])
        case hexadecimal(digits: Int)
        case text(bytesMax: Int)
    }

    /// The fault of a present value; nil when it is sound.
    func problem(with value: String, in name: String) -> RowProblem? {
        switch rule {
        case .words(let words):
            return words.contains(value) ? nil : .unknownWord(column: name)
        case .integer(let range):
            guard let number = DecimalText.integer(of: value) else {
                return .badNumber(column: name)
            }
            return range.contains(Double(number)) ? nil : .outOfRange(column: name)
        case .decimal(let range):
            guard let number = DecimalText.value(of: value) else { return .badNumber(column: name) }
            return range.contains(number) ? nil : .outOfRange(column: name)
        case .date(let pattern):
            return pattern.canonical(value) == nil ? .badDate(column: name) : nil
        case .shapes(let shapes):
            return shapes.contains { $0.matches(value) } ? nil : .badShape(column: name)
        case .hexadecimal(let digits):
            let isHexadecimal = value.utf8.count == digits && value.allSatisfy(\.isHexDigit)
            return isHexadecimal ? nil : .badShape(column: name)
        case .text(let bytesMax):
            return value.utf8.count <= bytesMax ? nil : .tooLong(column: name)
        }
    }
}
