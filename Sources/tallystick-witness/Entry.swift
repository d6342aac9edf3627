import ArgumentParser
import CommandLineSupport

/// The executable of a witness that is no agency.
@main
struct TallystickWitness: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tallystick-witness",
        abstract: "Cosigns the heads of a partnership's logs, for a body that is no party of it.",
        discussion: """
            Once: init, carry enrolment.request and cosigner.line to the board, then join with the board's file. After \
            that run cosigns each head that continues what this witness cosigned before, and no other. It holds no key \
            that opens anything, and receives no casework.

              tallystick-witness init --dir /var/lib/tallystick-witness --agency county-archive \\
                  --origin archive.example/tallystick --passphrase-file /etc/tallystick/passphrase
            """,
        version: ProductVersion.current,
        subcommands: [
            Init.self, Join.self, Run.self, Status.self, RenewCertificate.self, RenewCosigningKey.self,
            TakeRevocation.self,
        ])

    static func main() async { await CommandEntry.run(TallystickWitness.self) }
}
