import FoundationEssentials
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
        guard case .object(var members) = try tree(bytes, name) else {
            throw CommandFailure("the form \(name) is no JSON object", hint: example)
        }
        let known = ReportForm.memberNames
        for member in members.keys.sorted() where !known.contains(member) {
            throw CommandFailure(
                "the form \(name) has '\(member)', which no report has",
                hint: "it may have \(known.joined(separator: ", "))")
        }
        // A null says the same as a member left out.
        members = members.filter { $0.value != .null }
        for (member, value) in members.sorted(by: { $0.key < $1.key }) {
            guard case .string = value else {
                throw CommandFailure(
                    "'\(member)' in the form \(name) is no text", hint: "put it in quotation marks")
            }
        }
        guard members["summary"] != nil else {
            throw CommandFailure("the form \(name) has no 'summary'", hint: example)
        }
        if members["officer"] == nil { members["officer"] = .string(try officer()) }
        let whole: [UInt8]
        do { whole = try CommandJSON.bytes(JSONTree.object(members)) } catch { throw CommandFailure(error) }
        return try CommandJSON.decode(ReportForm.self, from: whole)
    }

    private static func tree(_ bytes: [UInt8], _ name: String) throws(CommandFailure) -> JSONTree {
        do { return try JSONDecoder().decode(JSONTree.self, from: Data(bytes)) } catch {
            let place = String(decoding: bytes, as: UTF8.self).isEmpty ? "it is empty" : fault(error)
            throw CommandFailure("the form \(name) is not JSON: \(place)", hint: example)
        }
    }

    /// Where the text stops being JSON, as the decoder says it.
    private static func fault(_ error: any Error) -> String {
        guard case DecodingError.dataCorrupted(let context) = error,
            let cause = context.underlyingError as? CocoaError,
            let words = cause.userInfo["NSDebugDescription"] as? String
        else { return "check its quotation marks, commas and brackets" }
        return words
    }

    private static let example = "see the example in 'tallystick report record --help'"
}
