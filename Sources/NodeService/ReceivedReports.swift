import EventLogs
import Replication
import TallystickPrimitives

/// RECEIVED: what this node tells each author it has got, in a stream of the two alone (WIRE §4).
struct ReceivedReports {
    /// Findings in one report: with the longest origins they still fit one statement; more wait for the next.
    static let findingCount = 48

    let ownOrigin: Origin
    let agency: AgencyCode

    /// Whether a statement obliges its receiver to report: control statements are everybody's, and a report on a report
    /// would never end.
    static func isDue(for statement: Statement) -> Bool {
        !statement.payload.kind.isControl && statement.payload.kind != .received
    }

    /// Whose turn it is to write about one author.
    static func turn(about author: Origin) -> String { "received/\(author)" }

    /// The stream of the reports about one author. Derived, so that a restored node finds it again.
    func stream(about author: Origin) -> StreamID { ReceivedReports.stream(of: ownOrigin, about: author) }

    /// The stream of one agency's reports about another.
    static func stream(of reporter: Origin, about author: Origin) -> StreamID {
        let bytes = Hash256(hashing: Array("tallystick/received/\(reporter)/\(author)".utf8)).bytes
        guard let stream = StreamID(bytes: bytes.prefix(16)) else {
            preconditionFailure("sixteen bytes are a stream")
        }
        return stream
    }

    /// The drafts that report on an author up to a register head.
    ///
    /// - Parameter opening: the sequence at which the stream must be opened first; nil where it is open.
    func drafts(
        about author: Origin, code: AgencyCode, head: SeenHead, findings: [ReceivedFinding], opening: UInt64?,
        entropy: any Entropy
    ) -> [StatementDraft] {
        let control = ReceivedControl(
            registerSize: head.size, registerRoot: head.root,
            findings: Array(findings.prefix(ReceivedReports.findingCount)))
        return self.drafts([.received(control)], about: author, code: code, opening: opening, entropy: entropy)
    }

    /// Why something was destroyed that was given until a day.
    static let expiredReason: ReasonCode = "expired"

    /// The drafts that tell an author what was destroyed of what it gave, and why.
    func drafts(
        destroyed: [CompartmentID], because reason: ReasonCode, of author: Origin, code: AgencyCode, opening: UInt64?,
        entropy: any Entropy
    ) -> [StatementDraft] {
        let controls = stride(from: 0, to: destroyed.count, by: Limits.purgedCount).map { start in
            ControlBody.purged(
                compartments: Array(destroyed[start..<min(destroyed.count, start + Limits.purgedCount)]),
                reason: reason, backupsBy: nil)
        }
        return drafts(controls, about: author, code: code, opening: opening, entropy: entropy)
    }

    /// The drafts that tell an author what was destroyed of its log by an erasure.
    func drafts(
        erased: [ErasedControl], of author: Origin, code: AgencyCode, opening: UInt64?, entropy: any Entropy
    ) -> [StatementDraft] {
        drafts(erased.map(ControlBody.erased), about: author, code: code, opening: opening, entropy: entropy)
    }

    private func drafts(
        _ controls: [ControlBody], about author: Origin, code: AgencyCode, opening: UInt64?, entropy: any Entropy
    ) -> [StatementDraft] {
        let stream = stream(about: author)
        var all = controls
        if let opening {
            let circle = CircleControl(
                epoch: EpochID(from: entropy), members: [agency, code].sorted(), labels: [:], fromSequence: opening,
                bundle: nil, reason: "received")
            all.insert(.circle(circle), at: 0)
        }
        return all.enumerated().map { place, control in
            StatementDraft(
                eventID: EventID(from: entropy), stream: stream,
                expectedVersion: place == 0 ? opening.map(ExpectedVersion.init(before:)) ?? .any : .any,
                control: control)
        }
    }
}
