import BenchmarkFigures
import CommandLineSupport

/// Figures as a table for people; remarks and references in words below it.
struct FigureTable {
    let figures: [Figure]

    init(_ figures: [Figure]) { self.figures = figures }

    var text: String {
        let table = TextTable(
            ["Figure", "Value", "Unit", "Reference", "Ratio", "Bar", "Holds"],
            figures.map { figure in
                [
                    figure.name, number(figure.value), figure.unit, number(figure.reference),
                    number(figure.ratio), figure.bar?.description ?? "-",
                    figure.holds ? "yes" : "NO",
                ]
            })
        let notes = figures.flatMap { figure in
            [
                figure.referenceCommand.map { "\(figure.name) is compared with: \($0)" },
                figure.remark.map { "\(figure.name): \($0)" },
            ].compactMap(\.self)
        }
        return table.text + (notes.isEmpty ? "" : "\n") + notes.map { $0 + "\n" }.joined()
    }

    private func number(_ value: Double?) -> String {
        guard let value else { return "-" }
        let rounded = Figure.rounded(value)
        let isWhole = rounded == rounded.rounded() && abs(rounded) < 1e15
        return isWhole ? String(Int64(rounded)) : String(rounded)
    }
}
