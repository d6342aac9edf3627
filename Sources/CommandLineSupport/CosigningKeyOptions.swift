public import ArgumentParser
import EventLogs
public import PartyFiles
public import Partnership
import TallystickPrimitives

/// For commands that make a new cosigning key.
public struct CosigningKeyOptions: ParsableArguments {
    @Option(help: "The party's directory.") var dir: String
    @Flag(help: "Give up a key that waits for the board and make another: where the file may have been stolen since.")
    var replaceWaiting = false
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    /// For the parser.
    public init() {}

    /// Makes the key, and says what to do with its line.
    ///
    /// - Parameter roster: who is who, with the board's list, as far as the party has followed it.
    public func run(roster: (PartyDirectory) throws -> Roster) throws {
        try DaemonProcess.harden()
        let directory = PartyDirectory(path: dir)
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        let made = try directory.renewCosigningKey(
            listed: Set(try roster(directory).witnesses.map(\.verifierKey)), replacesWaiting: replaceWaiting,
            passphrase: try passphrase.read(), entropy: SystemEntropy())
        try output.write(
            CosigningKeyAnswer(file: directory.cosignerFile, line: made.line.text, isNew: made.isNew))
    }
}

/// What to carry to the board for a new cosigning key.
struct CosigningKeyAnswer: Answer, Codable {
    let file: String
    let line: String
    let isNew: Bool

    var text: String {
        """
        \(isNew ? "A new key was made." : "No new key was made: this one waits for the board already.")
        Carry to the board: \(file)
        Read out to the board over another channel: \(line)
        In the board's list its key takes the place of the former key; the operator and the word party stay as they were.

        """
    }
}
