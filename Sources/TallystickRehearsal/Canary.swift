import Foundation

/// Words that stand in sealed content and must be readable in no file at rest.
public enum Canary {
    /// In the full account of the report.
    public static let account = "CANARY-7F3A-the-full-account"

    /// Whether some file under a directory holds the words.
    public static func isFound(_ words: String, under directory: String) throws -> Bool {
        let needle = Data(words.utf8)
        guard let files = FileManager.default.enumerator(atPath: directory) else { return false }
        for case let name as String in files {
            let path = directory + "/" + name
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            if data.range(of: needle) != nil { return true }
        }
        return false
    }
}
