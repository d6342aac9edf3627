import ArgumentParser
import CommandLineSupport

/// The node's executable.
@main
struct TallystickNode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tallystick-node",
        abstract: "Keeps one agency's log and exchanges with the others through a broker.",
        discussion: """
            A node is founded once: init, then join with the board's file, then found. After that \
            run serves this agency's people, verify checks everything that is stored, and repair \
            mends it.

              tallystick-node init --dir /var/lib/tallystick --agency harbour-homes \\
                  --origin harbour-homes.example/log --passphrase-file /etc/tallystick/passphrase
            """,
        version: ProductVersion.current,
        subcommands: [
            Init.self, Join.self, Found.self, Run.self, Verify.self, Repair.self, Continue.self, BackupKeyGroup.self,
            Backup.self, Restore.self, Rotate.self, Revoke.self, Reaffirm.self, TakeRevocation.self, ListKeys.self,
            ReplaceLocalKey.self, RenewCertificate.self, RenewCosigningKey.self, RecoveryCommands.self,
            CopyRegister.self,
            Migrate.self,
        ])

    static func main() async { await CommandEntry.run(TallystickNode.self) }
}
