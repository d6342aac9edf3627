import ArgumentParser
import CommandLineSupport

/// Names of people are never taken from a command line: whoever is on the machine sees them in the list of processes.
enum NamedPerson {
    /// Refuses names that were given as options.
    ///
    /// - Parameter options: what was given, by the option's name.
    /// - Throws: words that say how to give them.
    static func refuse(_ options: KeyValuePairs<String, [String]>, example: String) throws {
        for (name, values) in options where !values.isEmpty {
            throw ValidationError(
                """
                a name is not given with --\(name): everybody on this machine could see it, and it stays in the history. Write \
                it into a file, \(example), and give that with --form FILE; or give --form - and the same on standard input
                """)
        }
    }

    /// A name that must be in the form.
    static func needed(_ text: String?, _ member: String) throws -> String {
        guard let text else {
            throw CommandFailure(
                "'\(member)' is missing", status: .usage,
                hint: "write it into the file that --form names, or to standard input with --form -")
        }
        return text
    }

    /// The names in a text, one between two semicolons or on a line of its own.
    static func list(_ text: String?) -> [String] {
        (text ?? "").split { $0 == ";" || $0.isNewline }.map { $0.trimming() }.filter { !$0.isEmpty }
    }
}

extension Substring {
    fileprivate func trimming() -> String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
