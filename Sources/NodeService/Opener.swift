import Casework
import EventLogs
import NodeProjections
import SQLiteStore
import Sealing
import TallystickPrimitives

/// What opening a statement's compartments gave.
struct Opened {
    var fields: EventFields = [:]
    var withheld: [Label] = []
    var faults: [ReasonCode] = []
    var kept: [KeptContentKey] = []
}

/// Where a circle key that came by file belongs.
struct CarriedKeyPlace: Hashable {
    let origin: Origin
    let stream: StreamID
    let label: Label
    let epoch: EpochID

    init(_ statement: Statement, label: Label, epoch: EpochID) {
        origin = statement.origin
        stream = statement.payload.stream
        self.label = label
        self.epoch = epoch
    }
}

/// Opens what this agency may open, with the keys it keeps under its local key.
struct Opener: Sendable {
    let store: NodeStore
    let localKey: LocalKey
    /// This agency's KEM keys: the one in force, and former ones to which content may still come.
    let kemKeys: [Sealing.KEMPrivateKey]
    let agency: AgencyCode
    /// Circle keys that came by file, for what came with them.
    var carriedKeys: [CarriedKeyPlace: CircleKey] = [:]
    /// What was taken back from this agency; one for all copies of this opener.
    let takenBack = TakenBackParts()
    /// What an erasure hides; one for all copies of this opener.
    let hidden = HiddenStreams()

    /// Opens a statement's compartments; what has no key here is withheld, what does not fit is a fault.
    ///
    /// - Parameter keys: the kept content keys, wrapped, where they were read together with the statement.
    func open(
        _ statement: Statement, at index: LeafIndex, compartments: [CarriedCompartment],
        keys: [CompartmentID: [UInt8]]? = nil
    ) -> Opened {
        var result = Opened()
        if hidden.contains(statement, at: index) {
            result.withheld = statement.payload.compartments.map(\.label)
            return result
        }
        let context = SealingContext(origin: statement.origin, event: statement.eventID)
        for descriptor in statement.payload.compartments {
            guard let carried = compartments.first(where: { $0.id == descriptor.id }) else {
                result.withheld.append(descriptor.label)
                continue
            }
            let address = CompartmentAddress(
                origin: statement.origin, index: index, compartment: descriptor.id)
            do {
                let body: CompartmentBody
                if descriptor.reader.isSealed {
                    guard let found = try key(for: descriptor, carried, at: address, of: statement, kept: keys) else {
                        result.withheld.append(descriptor.label)
                        continue
                    }
                    body = try CompartmentSeal.open(
                        carried, descriptor: descriptor, contentKey: found.key, in: context)
                    if !found.isKept {
                        result.kept.append(
                            KeptContentKey(address: address, wrapped: localKey.wrap(found.key)))
                    }
                } else {
                    body = try CompartmentSeal.read(carried, descriptor: descriptor)
                }
                guard takenBack.contains(address) else {
                    result.fields[descriptor.label] = body.fields
                    continue
                }
                // The case stays with it, so that what is shown in its place stands where it stood; and it is said to be here.
                if descriptor.label == "record" {
                    result.fields[descriptor.label] = OpenedFields.recalled(body.fields)
                } else {
                    result.withheld.append(descriptor.label)
                }
            } catch let fault as OpeningFault { result.faults.append(fault.code) } catch {
                result.faults.append("key-store")
            }
        }
        return result
    }

    /// The content key: from what is kept, or by the circle's key.
    func key(
        for descriptor: CompartmentDescriptor, _ carried: CarriedCompartment, at address: CompartmentAddress,
        of statement: Statement, kept: [CompartmentID: [UInt8]]?
    ) throws -> (key: ContentKey, isKept: Bool)? {
        let wrapped =
            if let kept { kept[descriptor.id] } else { try store.contentKey(of: address) }
        if let wrapped { return (try localKey.unwrapContentKey(wrapped), true) }
        guard case .epoch(let epoch) = descriptor.reader else { return nil }
        let stored = try store.circleKey(
            stream: statement.payload.stream, label: descriptor.label, epoch: epoch, origin: statement.origin)
        let circleKey =
            try stored.map(localKey.unwrapCircleKey)
            ?? carriedKeys[CarriedKeyPlace(statement, label: descriptor.label, epoch: epoch)]
        guard let circleKey else { return nil }
        return (try CompartmentSeal.unwrap(carried, descriptor: descriptor, with: circleKey), false)
    }

    /// Whether grants of a stored statement were never opened: a node that stopped between storing them and opening them
    /// catches up at its next start.
    func lacksKeys(in grants: [[UInt8]], of statement: Statement) throws(EventStoreError) -> Bool {
        guard !grants.isEmpty else { return false }
        return try lacksKeys(of: statement)
    }

    private func lacksKeys(of statement: Statement) throws(EventStoreError) -> Bool {
        switch statement.payload.control {
        case .circle(let circle):
            for label in circle.labels.keys where circle.recipients(of: label).contains(agency) {
                let kept = try store.circleKey(
                    stream: statement.payload.stream, label: label, epoch: circle.epoch, origin: statement.origin)
                if kept == nil { return true }
            }
        case .share(let share) where share.recipient == agency:
            for address in share.compartments {
                if try store.contentKey(of: address) == nil { return true }
            }
        default: break
        }
        return false
    }
}
