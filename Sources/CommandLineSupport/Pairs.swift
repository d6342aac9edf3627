/// Options of the form `NAME=VALUE`.
public enum Pairs {
    /// Values by name.
    /// - Throws: `CommandFailure` with the usage status for another form, and for a name given
    ///   twice.
    public static func texts(_ options: [String]) throws(CommandFailure) -> [String: String] {
        var values: [String: String] = [:]
        for option in options {
            guard let equals = option.firstIndex(of: "="), equals != option.startIndex else {
                throw CommandFailure("'\(option)' is not NAME=VALUE", status: .usage)
            }
            let name = String(option[..<equals])
            guard
                values.updateValue(String(option[option.index(after: equals)...]), forKey: name)
                    == nil
            else { throw CommandFailure("'\(name)' is given twice", status: .usage) }
        }
        return values
    }

    /// Whole numbers by name.
    /// - Throws: as `texts`, and for other values.
    public static func numbers(_ options: [String]) throws(CommandFailure) -> [String: Int] {
        var numbers: [String: Int] = [:]
        for (name, text) in try texts(options) {
            guard let number = Int(text) else {
                throw CommandFailure("'\(name)' needs a whole number", status: .usage)
            }
            numbers[name] = number
        }
        return numbers
    }

    /// Yes or no by name.
    /// - Throws: as `texts`, and for other values.
    public static func answers(_ options: [String]) throws(CommandFailure) -> [String: Bool] {
        var answers: [String: Bool] = [:]
        for (name, text) in try texts(options) {
            guard text == "yes" || text == "no" else {
                throw CommandFailure("'\(name)' needs yes or no", status: .usage)
            }
            answers[name] = text == "yes"
        }
        return answers
    }
}
