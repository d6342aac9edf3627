import ArgumentParser
import CommandLineSupport

/// The broker's executable.
@main
struct TallystickBroker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tallystick-broker",
        abstract: "Relays between agencies and registers what it relayed; it can open none of it.",
        discussion: """
            A broker is founded once: init, then join with the board's file, then found. After \
            that run serves the agencies, board takes in the board's newer acts, and verify checks \
            everything that is stored.

              tallystick-broker init --dir /var/lib/tallystick --agency relay \\
                  --origin relay.example/register --passphrase-file /etc/tallystick/passphrase
            """,
        version: ProductVersion.current,
        subcommands: [
            Init.self, Join.self, Found.self, Run.self, TakeBoard.self, Status.self, Verify.self, Restore.self,
            Rotate.self, Revoke.self, ListKeys.self, RenewCertificate.self,
        ])

    static func main() async { await CommandEntry.run(TallystickBroker.self) }
}
