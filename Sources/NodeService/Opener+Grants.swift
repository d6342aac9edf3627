import EventLogs
import SQLiteStore
import Sealing
import TallystickPrimitives

extension Opener {
    /// Opens the grants addressed to this agency and keeps the keys in them under the local key.
    ///
    /// - Parameter logs: the logs of its author; of its own log alone where nothing is said.
    /// - Returns: the faults of grants that do not open, or that hold a key which its compartment does not commit to.
    func takeGrants(
        _ grants: [[UInt8]], of statement: Statement, from logs: [Origin] = []
    ) throws(EventStoreError) -> [ReasonCode] {
        var faults: [ReasonCode] = []
        for bytes in grants {
            guard let grant = try? DirectGrant(decoding: bytes), grant.recipient == agency else { continue }
            let contents: GrantContents
            do throws(OpeningFault) { contents = try open(grant, of: statement) } catch {
                faults.append(error.code)
                continue
            }
            faults += try keep(contents, of: statement, from: logs + [statement.origin])
        }
        return faults
    }

    private func open(_ grant: DirectGrant, of statement: Statement) throws(OpeningFault) -> GrantContents {
        guard let key = kemKeys.first(where: { $0.keyID == grant.kemKeyID }) else { throw OpeningFault.unknownKEMKey }
        let contents = try GrantSeal.open(
            grant, with: key, as: agency,
            in: GrantContext(origin: statement.origin, stream: statement.payload.stream, event: statement.eventID))
        if case .circle(let circle) = statement.payload.control { try contents.check(against: circle) }
        return contents
    }

    /// The circle keys that a CIRCLE's grants hold for this agency, kept nowhere: what came by file has not been admitted,
    /// and must neither stand in the way of what is nor take it along when it goes.
    func circleKeys(in grants: [[UInt8]], of statement: Statement) -> [CarriedKeyPlace: CircleKey] {
        guard case .circle = statement.payload.control else { return [:] }
        var keys: [CarriedKeyPlace: CircleKey] = [:]
        for bytes in grants {
            guard let grant = try? DirectGrant(decoding: bytes), grant.recipient == agency,
                let contents = try? open(grant, of: statement), let epoch = contents.epoch
            else { continue }
            for (label, key) in contents.circleKeys {
                keys[CarriedKeyPlace(statement, label: label, epoch: epoch)] = key
            }
        }
        return keys
    }

    /// Keeps what a grant may give: content keys that its SHARE names and that fit their commitments, circle keys of the
    /// epoch that its CIRCLE opens. A key that is kept already is never replaced by what a grant says.
    private func keep(
        _ contents: GrantContents, of statement: Statement, from logs: [Origin]
    ) throws(EventStoreError) -> [ReasonCode] {
        if case .share(let share) = statement.payload.control {
            return try keepShared(contents, share: share, from: logs)
        }
        guard let epoch = contents.epoch, case .circle = statement.payload.control else { return [] }
        try store.keepCircleKeys(
            contents.circleKeys.map { label, key in
                KeptCircleKey(
                    origin: statement.origin, stream: statement.payload.stream, label: label, epoch: epoch,
                    wrapped: localKey.wrap(key))
            })
        return []
    }

    private func keepShared(
        _ contents: GrantContents, share: ShareControl, from logs: [Origin]
    ) throws(EventStoreError) -> [ReasonCode] {
        var kept: [KeptContentKey] = []
        var faults: [ReasonCode] = []
        for address in share.compartments where logs.contains(address.origin) {
            guard
                let given = contents.contentKeys.first(where: {
                    $0.origin == address.origin && $0.compartment == address.compartment
                }),
                try store.contentKey(of: address) == nil,
                let descriptor = try descriptor(of: address)
            else { continue }
            guard descriptor.keyCommitment == given.key.commitment else {
                faults.append(Opener.otherKey)
                continue
            }
            kept.append(
                KeptContentKey(address: address, wrapped: localKey.wrap(given.key)))
        }
        try store.keepContentKeys(kept)
        return faults
    }

    private func descriptor(of address: CompartmentAddress) throws(EventStoreError) -> CompartmentDescriptor? {
        guard let received = try store.received(origin: address.origin, index: address.index),
            let described = try? Statement(decoding: received.bytes).payload.compartments
        else { return nil }
        return described.first { $0.id == address.compartment }
    }

    // MARK: What was due

    /// A grant holds a key to which its compartment does not commit.
    static let otherKey: ReasonCode = "key-commitment"
    /// This agency is due something and has been given no key that opens it.
    static let missingKey: ReasonCode = "key-missing"

    /// Whether the broker may have stopped giving what a share gave: then nothing is missing that is due. Clocks differ.
    private func isOver(_ share: ShareControl, at now: Timestamp) -> Bool {
        share.expires.map { $0 <= now.adding(seconds: Limits.clockAheadSeconds) } ?? false
    }

    /// Whether a circle or a share leaves this agency without the key of something it says is for it.
    ///
    /// Without a finding, the report that the statement was received would prove the delivery of what nobody here can open.
    /// - Returns: a finding for the whole statement, at the most; none where a grant held a wrong key, which is one already.
    func missingKeys(
        in statement: Statement, after faults: [ReasonCode], at now: Timestamp
    ) throws(EventStoreError) -> [ReasonCode] {
        switch statement.payload.control {
        case .circle(let circle):
            for label in circle.labels.keys where circle.recipients(of: label).contains(agency) {
                let kept = try store.circleKey(
                    stream: statement.payload.stream, label: label, epoch: circle.epoch, origin: statement.origin)
                if kept == nil { return [Opener.missingKey] }
            }
        case .share(let share) where share.recipient == agency && !isOver(share, at: now):
            // One wrong key is one key too few.
            var missing = 0 - faults.count { $0 == Opener.otherKey }
            for address in share.compartments {
                guard try store.contentKey(of: address) == nil else { continue }
                // What was never sealed has no key.
                if try descriptor(of: address)?.reader.isSealed == false { continue }
                missing += 1
            }
            if missing > 0 { return [Opener.missingKey] }
        default: break
        }
        return []
    }
}
