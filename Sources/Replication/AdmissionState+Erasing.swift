import EventLogs
import Partnership
import TallystickPrimitives

/// Holds and erasures at admission (decisions 0030, 0031).
///
/// The order of the register decides between them: a HOLD that is registered before somebody's destruction has begun stops
/// it, wherever the two were when they signed.
extension AdmissionState {
    func judge(
        _ hold: HoldControl, of statement: Statement, in circle: CircleControl
    ) throws(AdmissionFault) {
        switch hold {
        case .placed(let held, _):
            try requireKnown(held)
            let told = told(by: statement, in: circle)
            guard !held.addresses.contains(where: { holds.isFull($0, by: statement.origin, telling: told) }) else {
                throw .holdsTooMany
            }
        case .lifted(let event):
            let logs = roster.party(of: statement.origin)?.origins ?? [statement.origin]
            guard holds.stands(event, of: logs) else { throw .holdUnknown }
        }
    }

    func judge(_ erase: EraseControl, of statement: Statement) throws(AdmissionFault) {
        switch erase {
        case .asked(let streams, _):
            try requireKnown(HeldStreams(origin: statement.origin, streams: streams))
        case .answered, .withdrawn: break
        case .begun(let streams):
            try requireKnown(streams)
            guard !streams.addresses.contains(where: holds.isHeld) else { throw .onHold }
        }
    }

    /// What is said to be destroyed was to be destroyed, and of the author's own log it is what the log carries.
    func judge(
        _ erased: ErasedControl, of statement: Statement, at now: Timestamp, records: some AdmissionRecords
    ) throws(AdmissionFault) {
        let stream = StreamAddress(origin: erased.origin, stream: erased.stream)
        guard holds.mayTell(statement, of: stream, at: now) else { throw .erasureNotBegun }
        guard roster.isSameParty(erased.origin, statement.origin) else { return }
        // Else what is held could be destroyed under the name of what is not.
        let placed = logs[erased.origin]?.streams ?? []
        func isOfStream(_ index: LeafIndex) -> Bool {
            index.value < UInt64(placed.count) && placed[Int(index.value)] == erased.stream
        }
        for address in erased.addresses {
            guard isOfStream(address.index), records.descriptor(of: address) != nil else { throw .erasureNotBegun }
        }
        guard erased.grants.allSatisfy(isOfStream) else { throw .erasureNotBegun }
    }

    /// The other of the two that a statement is said to; nil where it is said to nobody.
    func told(by statement: Statement, in circle: CircleControl) -> AgencyCode? {
        let author = roster.party(of: statement.origin)?.code
        return circle.members.first { $0 != author }
    }

    private func requireKnown(_ held: HeldStreams) throws(AdmissionFault) {
        for stream in held.addresses {
            guard stream.stream != .control, streams[stream] != nil else { throw .streamUnknown }
        }
    }
}
