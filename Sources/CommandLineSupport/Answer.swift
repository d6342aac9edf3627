import FoundationEssentials

/// Something that a command can show to people and to programs.
public protocol Answer: Encodable {
    /// The answer for people: whole lines of plain British English.
    var text: String { get }
}

extension Answer {
    /// The answer as it is written.
    /// - Throws: what encoding throws.
    public func written(as format: OutputFormat) throws -> String {
        switch format {
        case .text: text
        case .json: try CommandJSON.text(self)
        }
    }
}

/// JSON as commands write and read it.
public enum CommandJSON {
    /// Encodes with keys in alphabetical order, and a line feed at the end.
    public static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    /// Encodes for a daemon.
    public static func bytes(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    /// Decodes what a daemon answered.
    /// - Throws: `CommandFailure`, without anything of what was answered.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(CommandFailure) -> Value {
        do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
            throw CommandFailure(
                "the daemon's answer does not read as a \(type)",
                hint: "use the command line and the daemon of the same release")
        }
    }
}
