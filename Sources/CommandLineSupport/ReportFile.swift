public import NodeInterface

/// A report's form as a person writes it: every fault is named in words that help to mend it.
public enum ReportFile {
    /// Reads the form.
    ///
    /// - Parameters:
    ///   - path: where it is; `-` is standard input.
    ///   - officer: who records it when the form does not say.
    /// - Throws: `PartyFileError` when the file does not read; `CommandFailure` naming the member
    ///   that is missing, unknown or no text, and never what it holds.
    public static func read(
        _ path: String, officer: () throws(CommandFailure) -> String
    ) throws -> ReportForm {
        try decode(try FormFile.read(path), named: path == "-" ? "of standard input" : path, officer: officer)
    }

    /// Decodes the form's bytes; `name` is what the failures call it.
    /// - Throws: `CommandFailure`.
    public static func decode(
        _ bytes: [UInt8], named name: String, officer: () throws(CommandFailure) -> String
    ) throws(CommandFailure) -> ReportForm {
        var texts = try TextForm.decode(
            bytes, named: name, of: "report", known: ReportForm.memberNames, example: example)
        guard texts["summary"] != nil else {
            throw CommandFailure("the form \(name) has no 'summary'", hint: example)
        }
        if texts["officer"] == nil { texts["officer"] = try officer() }
        let whole: [UInt8]
        do { whole = try CommandJSON.bytes(texts) } catch { throw CommandFailure(error) }
        return try CommandJSON.decode(ReportForm.self, from: whole)
    }

    private static let example = "see the example in 'tallystick report record --help'"
}
