public import ArgumentParser
import PartyFiles
import TallystickPrimitives

/// For commands that make a new cosigning key.
public struct CosigningKeyOptions: ParsableArguments {
    @Option(help: "The party's directory.") var dir: String
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    /// For the parser.
    public init() {}

    /// Makes the key, and says what to do with its line.
    public func run() throws {
        try DaemonProcess.harden()
        let directory = PartyDirectory(path: dir)
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        let line = try directory.renewCosigningKey(passphrase: try passphrase.read(), entropy: SystemEntropy())
        try output.write(CosigningKeyAnswer(file: directory.cosignerFile, line: line.text))
    }
}

/// What to carry to the board for a new cosigning key.
struct CosigningKeyAnswer: Answer, Codable {
    let file: String
    let line: String

    var text: String {
        """
        Carry to the board, to stand in the place of the former line: \(file)
        Read out to the board over another channel: \(line)

        """
    }
}
