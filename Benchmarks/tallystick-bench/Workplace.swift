import CommandLineSupport
import Foundation

/// Where a benchmark works: a directory of its own on a disk, the programs beside this one, the
/// project's files.
struct Workplace: Sendable {
    /// An empty directory that only this account may enter; removed afterwards.
    let directory: String
    /// The root of the project: protocols and samples are read from it.
    let project: String
    /// Where the built programs are.
    let programs: String
    /// How many statements are audited.
    let auditStatements: Int

    /// A path in the directory.
    func path(_ name: String) -> String { directory + "/" + name }

    /// An empty directory in the directory.
    func makeDirectory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: path(name), withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        return path(name)
    }

    /// Tells people how far it is; never among the figures.
    func say(_ text: String) { StandardStream.error.write("bench: \(text)\n") }
}

/// Why a benchmark could not measure.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String

    init(_ words: String) { description = words }
}
