public import ArgumentParser
import PartyFiles
import TallystickPrimitives

/// For commands that ask for a renewed TLS certificate.
public struct RenewalOptions: ParsableArguments {
    @Option(help: "The party's directory.") var dir: String
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    /// For the parser.
    public init() {}

    /// Makes the key, the certificate and the request, and says what to do with it.
    public func run() throws {
        try DaemonProcess.harden()
        let directory = PartyDirectory(path: dir)
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        let request = try directory.renewCertificate(
            passphrase: try passphrase.read(), entropy: SystemEntropy(), now: SystemTime().now())
        try output.write(RenewalAnswer(request: directory.renewalFile, requestFingerprint: request.fingerprint.hex))
    }
}

/// What to carry to the board for a renewed certificate.
struct RenewalAnswer: Answer, Codable {
    let request: String
    let requestFingerprint: String

    var text: String {
        "Carry to the board: \(request)\nRead out to the board over another channel: \(requestFingerprint)\n"
    }
}
