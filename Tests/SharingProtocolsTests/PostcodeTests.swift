import SharingProtocols
import TallystickTesting
import Testing

@Suite("Postcodes are marked in a text before it is shared")
struct PostcodeTests {
    private static let shapes = ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"]

    @Test("in every shape, case and spelling")
    func everyShape() throws {
        try checkProperty { generator in
            func letters(_ shape: String) -> String {
                String(
                    shape.map { place in
                        place == "A"
                            ? generator.element(of: Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
                            : generator.element(of: Array("0123456789"))
                    })
            }
            let outward = generator.bool() ? letters(generator.element(of: Self.shapes)) : "GIR"
            let inward = outward == "GIR" ? "0AA" : letters("9AA")
            let gap = generator.element(of: ["", " ", "  ", "-", " - ", "\u{a0}"])
            let written = outward + gap + inward
            let text = "near \(generator.bool() ? written : written.lowercased()), twice"
            let marks = RiskyWords.passages(in: text).filter { $0.kind == .postcode }
            try #require(marks.count == 1, "\(text)")
            try #require(marks.first?.text.lowercased() == written.lowercased(), "\(text)")
        }
    }

    @Test("and ordinary words are not", arguments: ["on 4 May", "flat 12B", "M1 motorway", "E01025700", "a 9th time"])
    func nothingElse(text: String) {
        #expect(RiskyWords.passages(in: text).allSatisfy { $0.kind != .postcode })
    }
}
