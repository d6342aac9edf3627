import Auditing
import CommandLineSupport
import PartyFiles
import Partnership
import Replication
import TransparencyLog

/// The newest head of the register that a copy holds, as the broker gave it. Its signature is for who verifies the copy.
struct RegisterHead {
    let note: [UInt8]
    let claimed: TreeHead

    init(note: [UInt8]?, named name: String) throws {
        guard let note, let head = try? UnverifiedTreeHead(parsing: note).claimed else {
            throw CommandFailure(
                "\(name) has no head of this register", status: .usage,
                hint: "give the directory of an earlier copy of the same register, or a file with its head note")
        }
        self.note = note
        claimed = head
    }

    init(of copy: AuditBundleDirectory, roster: Roster, named name: String) throws {
        let heads = HeadNotes(decoding: try copy.headNotes())
        try self.init(note: roster.registerOrigin.flatMap { heads?.notes[$0] }, named: name)
    }
}
