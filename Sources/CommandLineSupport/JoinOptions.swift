public import ArgumentParser
import PartyFiles
import TallystickPrimitives

/// What every party gives to pin the board.
public struct JoinOptions: ParsableArguments, Sendable {
    @Option(help: "This party's directory.") var dir: String
    @Option(help: "The file that the board exported.") var partnership: String
    @Option(help: "The board's fingerprint, 64 hexadecimal digits.") var fingerprint: String
    @OptionGroup var output: OutputOptions

    /// For the argument parser.
    public init() {}

    /// Pins the board by its fingerprint, keeps its log, and says so.
    public func join() throws {
        let office = PartyOffice(directory: dir, now: SystemTime().now())
        try output.write(try office.join(file: partnership, fingerprint: fingerprint))
    }
}
