public import EventLogs
import Partnership
public import TallystickPrimitives
import TransparencyLog

/// Whether a volume may be destroyed (PRACTICE P10, decision 0039).
///
/// It is asked twice, of the agency's proposal and of the board's act, and the order of the register decides: a HOLD that is
/// registered before the board's act stops it, wherever the two were when they signed.
extension AdmissionState {
    func judgeVolume(_ control: ControlBody, in origin: Origin, at now: Timestamp) throws(AdmissionFault) {
        switch control {
        case .destroyProposed(let facts): try judge(facts, of: origin, at: now)
        case .destroy(let act):
            guard roster.volumes.fits(act.decision) else { throw .volumeNotProposed }
            try judge(act.decision.facts, of: act.decision.origin, at: now)
        default: break
        }
    }

    private func judge(_ facts: VolumeFacts, of origin: Origin, at now: Timestamp) throws(AdmissionFault) {
        let edge = edge(of: origin)
        guard facts.number < UInt64(edge.volumeRoots.count),
            edge.volumeRoots[Int(facts.number)] == facts.root
        else { throw .volumeRoot }
        if let obstacle = obstacles(to: facts.number, of: origin, at: now).first { throw AdmissionFault(obstacle) }
    }

    /// What stands against destroying a volume of the log, in no order of weight; empty for one that may go.
    public func obstacles(to number: UInt64, of origin: Origin, at now: Timestamp) -> [VolumeObstacle] {
        let edge = edge(of: origin)
        guard let leaves = roster.volumes.width.leaves(of: number), leaves.upperBound <= edge.frontier.size.value else {
            return [.notOver]
        }
        let streams = Set(edge.streams[Int(leaves.lowerBound)..<Int(leaves.upperBound)]).subtracting([.control])
        var found = Set(
            streams.flatMap { facts(of: StreamAddress(origin: origin, stream: $0), at: now).obstacles(at: now) })
        func isInside(_ event: EventID) -> Bool { edge.lasting[event].map { leaves.contains($0.value) } ?? false }
        // A hold that stands must be found by whoever reads the register from its beginning, and so must today's lead.
        if holds.standing(of: origin).contains(where: isInside) || leads.ledBy(origin).contains(where: isInside) {
            found.insert(.inUse)
        }
        return VolumeObstacle.allCases.filter(found.contains)
    }

    private func facts(of stream: StreamAddress, at now: Timestamp) -> VolumeStreamFacts {
        var facts = VolumeStreamFacts()
        facts.isHeld = holds.isHeld(stream)
        facts.isKept = holds.isKept(stream, after: now)
        facts.isErased = holds.hasBegun(stream, by: stream.origin)
        facts.hasContent = streams[stream]?.hasContent ?? false
        facts.newestAt = streams[stream]?.newestAt ?? facts.newestAt
        return facts
    }
}

extension AdmissionFault {
    init(_ obstacle: VolumeObstacle) {
        switch obstacle {
        case .onHold: self = .onHold
        case .kept: self = .volumeKept
        case .notOver: self = .volumeNotOver
        case .inUse: self = .volumeInUse
        }
    }
}

extension AdmissionFault {
    /// The codes by which a judge that lacks a destroyed volume may refuse what was rightly accepted.
    static let ofWhatIsGone = Set<ReasonCode>([
        AdmissionFault.sequence.code, AdmissionFault.noCircle.code, AdmissionFault.epoch.code,
        AdmissionFault.unknownRequest.code, AdmissionFault.shareOfOthers.code, AdmissionFault.recallOfOthers.code,
        AdmissionFault.withdrawalOfOthers.code, AdmissionFault.streamUnknown.code, AdmissionFault.holdUnknown.code,
        AdmissionFault.erasureNotBegun.code, AdmissionFault.circle.code, AdmissionFault.noProtocol.code,
        AdmissionFault.compartmentMismatch.code, AdmissionFault.volumeNotOver.code, AdmissionFault.volumeKept.code,
    ]).union(HandoverFault.allCases.map(\.code))
}
