import PartyFiles

/// Whom to ring out of hours: a file beside the node's data, so that it can be read while node and broker are down.
public struct ContactFile: Sendable {
    /// The file's name in the node's directory.
    public static let name = "emergency-contacts.txt"
    /// What it says, safe for a terminal.
    public let text: String

    /// Reads it.
    ///
    /// - Throws: `CommandFailure` when there is none, and what reading a file throws.
    public init(in node: NodeAddressOptions) throws {
        let path = "\(try node.directory())/\(ContactFile.name)"
        guard PublicFile.exists(path) else {
            throw CommandFailure(
                "nobody has written down whom to ring: \(path) is not there",
                hint: "ring 999 or 101; have your administrator write the out-of-hours numbers into that file")
        }
        let lines = PlainText.printable(String(decoding: try PublicFile.read(path), as: UTF8.self), keepingLines: true)
        text = lines.hasSuffix("\n") ? lines : lines + "\n"
    }
}
