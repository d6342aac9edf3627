import FoundationEssentials

/// A form as a person writes it, a JSON object of texts: every fault is named in words that help to mend it, and never by
/// what the form holds.
public enum TextForm {
    /// Decodes the form's bytes.
    ///
    /// - Parameters:
    ///   - name: what the failures call the form.
    ///   - what: what it is a form of, such as `report`.
    ///   - known: the members that it may have.
    ///   - example: where to see one.
    /// - Returns: its texts by member; a null says the same as a member left out.
    /// - Throws: `CommandFailure`.
    public static func decode(
        _ bytes: [UInt8], named name: String, of what: String, known: [String], example: String
    ) throws(CommandFailure) -> [String: String] {
        guard case .object(let members) = try tree(bytes, name, example) else {
            throw CommandFailure("the form \(name) is no JSON object", hint: example)
        }
        for member in members.keys.sorted() where !known.contains(member) {
            throw CommandFailure(
                "the form \(name) has '\(member)', which no \(what) has",
                hint: "it may have \(known.joined(separator: ", "))")
        }
        var texts: [String: String] = [:]
        for (member, value) in members.sorted(by: { $0.key < $1.key }) where value != .null {
            guard case .string(let text) = value else {
                throw CommandFailure(
                    "'\(member)' in the form \(name) is no text", hint: "put it in quotation marks")
            }
            texts[member] = text
        }
        return texts
    }

    private static func tree(_ bytes: [UInt8], _ name: String, _ example: String) throws(CommandFailure) -> JSONTree {
        do { return try JSONDecoder().decode(JSONTree.self, from: Data(bytes)) } catch {
            let place = bytes.isEmpty ? "it is empty" : fault(error)
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
}
