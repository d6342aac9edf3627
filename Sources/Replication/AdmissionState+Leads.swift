import EventLogs
import Partnership
import TallystickPrimitives

/// Who leads a case, and what a party may still write whose place another takes.
extension AdmissionState {
    /// What a control statement says of leads.
    func judgeLeads(_ control: ControlBody) throws(AdmissionFault) {
        do throws(HandoverFault) {
            switch control {
            case .reassign(let act): try leads.judge(act.decision, in: roster)
            case .successionWord(let said): try leads.judge(said)
            default: break
            }
        } catch { throw .handover(error) }
    }

    /// A step of a handover: by whom it may be, and, where something goes to another agency, that the protocol that the case
    /// is shared under binds the two.
    func judge(
        _ handover: HandoverControl, of statement: Statement, in opened: OpenedCircle, by author: AgencyCode,
        at position: TreeSize
    ) throws(AdmissionFault) {
        guard streams[handover.matter]?.circle != nil else { throw .handover(.unknownCase) }
        do throws(HandoverFault) {
            try leads.judge(handover, by: author, at: position, in: roster)
        } catch { throw .handover(error) }
        let other: AgencyCode?
        switch handover.step {
        case .offer(_, let recipient, _), .release(_, let recipient, _): other = recipient
        case .accept, .decline, .withdraw, .lead: other = leads.lead(of: handover.matter, in: roster)
        }
        guard let other, other == author || opened.control.members.contains(other) else { throw .handover(.recipient) }
        guard other != author, handover.step.givesSomething else { return }
        // Nobody comes to lead what no protocol lets them have: it must bind the two, and give the other something of it.
        guard let bundle = opened.control.bundle, let seen = statement.payload.seen,
            opened.control.labels.keys.contains(where: { opened.control.recipients(of: $0).contains(other) })
        else { throw .noProtocol }
        try requireInForce(bundle, between: author, and: other, since: opened.basis, at: seen.size)
    }

    /// A party whose place another takes opens no case and asks for nothing new; one that has let go of everything writes no
    /// casework. What it owes for what it holds it still says: answers, recalls, corrections, receipts, erasures.
    func judgeWindingUp(
        _ statement: Statement, in circle: CircleControl, by author: AgencyCode, at position: TreeSize
    ) throws(AdmissionFault) {
        guard let since = roster.isWindingUpSince(author, at: position) else { return }
        let kind = statement.payload.kind
        let isClosed = roster.keeper(of: author, at: position) != nil
        if isClosed, kind == .handover || kind == .request { throw .logClosed }
        let isOfACase = circle.bundle != nil || circle.members == [author]
        guard kind == .record || kind == .request, isOfACase else { return }
        if isClosed { throw .logClosed }
        let openedAt = streams[address(of: statement)]?.openedAt ?? position
        if openedAt >= since { throw .partySucceeded }
    }
}

extension HandoverControl.Step {
    /// Whether the case goes, or would go, to another agency by it; the other steps say only what their author will do.
    fileprivate var givesSomething: Bool {
        switch self {
        case .offer, .release: true
        case .accept, .decline, .withdraw, .lead: false
        }
    }
}
