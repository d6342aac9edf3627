public import Foundation

/// Files of the demonstration, readable by their owner alone.
public enum SmallFile {
    /// Writes a file with mode 0600 from its first moment.
    public static func write(_ data: Data, to path: String) throws {
        let isMade = FileManager.default.createFile(
            atPath: path, contents: data, attributes: [.posixPermissions: 0o600])
        guard isMade else { throw StepFailure("\(path) cannot be written") }
    }
}
