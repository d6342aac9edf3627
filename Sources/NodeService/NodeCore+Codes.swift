import Casework
import HTTPTransport
import NodeInterface
import Partnership
import SharingProtocols
import TallystickPrimitives

/// What people type where there is a list to choose from, or a shape to keep to. A slip of the fingers is caught here: what
/// is recorded under a code that nobody looks for is not found, and a rule that names the right one does not hold for it.
extension NodeCore {
    /// The kind of behaviour: one of the book's, or one that a protocol here makes a rule for.
    func category(_ text: String?) throws(ProblemDetails) -> CategoryCode? {
        guard let text else { return nil }
        let ruled = roster.protocols.values.flatMap { $0.terms.pointer?.excludedCategories ?? [] }
        if let code = CategoryCode(text),
            CategoryBook.covers(code) || ruled.contains(where: { code == $0 || text.hasPrefix($0.text + "-") })
        {
            return code
        }
        throw NodeProblem.unknownCategory(text, of: Set(CategoryBook.codes.map(\.text) + ruled.map(\.text)).sorted())
    }

    /// The area: a ward or LSOA by its code or name, and nothing finer, for it goes further than an address may.
    func area(_ text: String?) throws(ProblemDetails) -> String? {
        guard let text else { return nil }
        guard PointerShape.isArea(text), AreaShape.isWhole(text) else { throw NodeProblem.badArea(text) }
        return text
    }

    /// That a look-up asks for something that can be found.
    func check(_ form: VisibilityForm) throws {
        _ = try area(form.area)
        _ = try category(form.category)
    }
}

/// Whether what looks like the code of an area is a whole one.
enum AreaShape {
    /// The codes of wards, electoral divisions and LSOAs are a letter of a nation and eight digits (ONS, GSS coding); a
    /// name of a ward has no digits next to its first letter.
    static func isWhole(_ text: String) -> Bool {
        let units = Array(text.uppercased().utf8)
        let nations = "EWSN".utf8
        guard let first = units.first, nations.contains(first), units.dropFirst().first.map(isDigit) == true else {
            return true
        }
        return units.count == 9 && units.dropFirst().allSatisfy(isDigit)
    }

    private static func isDigit(_ unit: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(unit) }
}
