/// The shape of a code: `#` is a digit, `@` a capital letter A to Z, anything else itself.
///
/// `E01######` is a lower layer super output area of England.
struct ShapePattern: Hashable, Sendable {
    private let units: [UInt8]

    init(_ text: String) { units = Array(text.utf8) }

    func matches(_ text: String) -> Bool {
        let given = text.utf8
        return given.count == units.count
            && zip(given, units).allSatisfy { unit, wanted in
                switch wanted {
                case UInt8(ascii: "#"): (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(unit)
                case UInt8(ascii: "@"): (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(unit)
                default: unit == wanted
                }
            }
    }
}
