public import ArgumentParser

/// Which node a command asks, and on whose behalf.
public struct NodeAddressOptions: ParsableArguments, Sendable {
    /// The node's directory.
    @Option(help: "The node's directory; TALLYSTICK_NODE if left out.")
    public var node: String?

    /// The asking person.
    @Option(help: "Who you are, as your agency knows you; TALLYSTICK_OFFICER if left out.")
    public var officer: String?

    /// For the parser.
    public init() {}

    /// The connection to the node.
    /// - Throws: `CommandFailure` with the usage status when no node is named.
    public func connection() throws(CommandFailure) -> DaemonConnection {
        DaemonConnection(directory: try directory())
    }

    /// The node's directory.
    /// - Throws: `CommandFailure` with the usage status when no node is named.
    public func directory() throws(CommandFailure) -> String {
        guard let directory = node ?? Environment.value("TALLYSTICK_NODE") else {
            throw CommandFailure(
                "no node is named", status: .usage,
                hint: "give --node DIR, or set TALLYSTICK_NODE to the node's directory")
        }
        return directory
    }

    /// The person on whose behalf the node is asked; it is recorded with what they see and do.
    /// - Throws: `CommandFailure` with the usage status when nobody is named.
    public func person() throws(CommandFailure) -> String {
        guard let person = officer ?? Environment.value("TALLYSTICK_OFFICER") else {
            throw CommandFailure(
                "it is not said who you are", status: .usage,
                hint: "give --officer, or set TALLYSTICK_OFFICER to your staff number")
        }
        return person
    }
}

/// The options of every command that asks a node.
public struct NodeCommandOptions: ParsableArguments, Sendable {
    /// Which node, and on whose behalf.
    @OptionGroup public var address: NodeAddressOptions
    /// How to write.
    @OptionGroup public var output: OutputOptions

    /// For the parser.
    public init() {}

    /// The person on whose behalf the node is asked.
    public func person() throws(CommandFailure) -> String { try address.person() }

    /// Reads an answer and writes it.
    public func show<Shown: Answer & Decodable>(
        _ type: Shown.Type, from path: String, query: [String: String] = [:]
    ) async throws {
        try write(type, try await address.connection().get(path, query: query))
    }

    /// Submits a form, and writes the answer.
    public func submit<Shown: Answer & Decodable>(
        _ form: some Encodable, to path: String, showing type: Shown.Type
    ) async throws {
        try write(type, try await address.connection().post(path, form))
    }

    /// For programs everything that came is written, whether this release knows it or not.
    private func write<Shown: Answer & Decodable>(_ type: Shown.Type, _ body: [UInt8]) throws {
        switch output.format {
        case .text: StandardStream.output.write(try CommandJSON.decode(type, from: body).text)
        case .json:
            let tree = try CommandJSON.decode(JSONTree.self, from: body)
            StandardStream.output.write(try CommandJSON.text(tree))
        }
    }
}
