import Auditing
import CommandLineSupport
import EventLogs
import Glibc
import HTTPTransport
import PartyFiles
import Replication
import SQLiteStore
import TallystickPrimitives

/// Presents an auditor's own log to the broker, so that agencies can seal to the keys in it.
struct OwnLogPresenter {
    let directory: String
    let client: PeerClient

    /// Pushes the log unless the broker has it; does nothing where none is founded.
    func present() async throws {
        guard access(directory + "/log.sqlite", F_OK) == 0 else { return }
        let store = try NodeStore.open(in: directory)
        let statements = try store.readLog(from: LeafIndex(0), limit: Limits.pageStatementCount)
        guard let origin = statements.first?.statement.origin, let note = try store.headNote()
        else { return }
        let heads = try await client.send(method: .get, path: "/v1/heads").successBody()
        guard HeadNotes(decoding: heads)?.notes[origin] != note else { return }
        let carried = statements.map { placed in
            CarriedStatement(
                bytes: placed.statement.bytes, compartments: placed.compartments,
                grants: placed.grants)
        }
        let push = PushRequest(
            origin: origin, firstIndex: LeafIndex(0), statements: carried, headNote: note)
        let answer = try await client.send(method: .post, path: "/v1/push", body: push.encoded)
        _ = try answer.successBody()
    }
}
