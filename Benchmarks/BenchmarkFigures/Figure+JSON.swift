import Foundation

extension Figure {
    /// The figure as one line of JSON: eight keys in alphabetical order, null for what there is
    /// none of, numbers to five significant digits.
    public var jsonLine: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(Line(self)), as: UTF8.self)
        }
    }

    /// A number to five significant digits: more would be noise.
    public static func rounded(_ number: Double) -> Double {
        Double(String(format: "%.5g", number)) ?? number
    }
}

private struct Line: Encodable {
    let figure: Figure

    init(_ figure: Figure) { self.figure = figure }

    private enum Key: String, CodingKey {
        case name, value, unit, reference, referenceCommand, ratio, bar, holds
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(figure.name, forKey: .name)
        try container.encode(figure.value.map(Figure.rounded), forKey: .value)
        try container.encode(figure.unit, forKey: .unit)
        try container.encode(figure.reference.map(Figure.rounded), forKey: .reference)
        try container.encode(figure.referenceCommand, forKey: .referenceCommand)
        try container.encode(figure.ratio.map(Figure.rounded), forKey: .ratio)
        try container.encode(figure.bar?.description, forKey: .bar)
        try container.encode(figure.holds, forKey: .holds)
    }
}
