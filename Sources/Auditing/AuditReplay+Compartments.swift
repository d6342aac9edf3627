import EventLogs
import Replication
import TallystickPrimitives

extension AuditReplay {
    /// Compares what travels with a statement with what the statement says of it.
    ///
    /// - Returns: the places of the compartments that are as described, and the hashes of those that are not
    ///   here: they were judged when they were, and what is wrong with them now is a finding of its
    ///   own.
    mutating func examine(
        _ submission: Submission, record: AdmissionRecord
    ) -> (carried: [Int], vouched: Set<Hash256>) {
        let statement = submission.statement
        var carried: [CompartmentID: Int] = [:]
        var seen: Set<CompartmentID> = []
        let described = statement.payload.compartments
        let sharedHome = homeCompartments(sharedBy: statement)
        for (place, compartment) in submission.compartments.enumerated() {
            let descriptor = (described + sharedHome).first { $0.id == compartment.id }
            guard let descriptor, seen.insert(compartment.id).inserted else {
                report(.compartmentForeign, log: record.origin, index: record.index)
                continue
            }
            switch submission.mismatch(ofCompartmentAt: place, with: descriptor) {
            case nil: carried[compartment.id] = place
            case .wrap?: report(.wrap(descriptor.label), log: record.origin, index: record.index)
            case .content?, .otherCompartment?:
                report(
                    .compartmentContent(descriptor.label), log: record.origin, index: record.index)
            }
        }
        var vouched: Set<Hash256> = []
        for descriptor in described
        where descriptor.reader != .home && carried[descriptor.id] == nil {
            vouched.insert(descriptor.contentHash)
            if !seen.contains(descriptor.id), record.verdict.isAccepted {
                noteMissing(descriptor, of: record)
            }
        }
        let travelling = described.filter { $0.reader != .home } + sharedHome
        return (travelling.compactMap { carried[$0.id] }, vouched)
    }

    /// What was kept at home travels with the share that first gives it; it may have been left out
    /// here.
    private func homeCompartments(sharedBy statement: Statement) -> [CompartmentDescriptor] {
        guard case .share(let share) = statement.payload.control else { return [] }
        let own = Set(statement.payload.compartments.map(\.id))
        var known: Set<CompartmentID> = []
        return share.compartments.compactMap { descriptors[$0] }.filter {
            $0.reader == .home && !own.contains($0.id) && known.insert($0.id).inserted
        }
    }

    private mutating func noteMissing(
        _ descriptor: CompartmentDescriptor, of record: AdmissionRecord
    ) {
        let address = CompartmentAddress(
            origin: record.origin, index: record.index, compartment: descriptor.id)
        missing[address] = MissingCompartment(label: descriptor.label, expires: descriptor.expires)
    }

    /// Names what is still missing at the end: neither destroyed by its author's word nor past its
    /// time.
    mutating func reportMissing() {
        let ordered = missing.sorted {
            ($0.key.origin, $0.key.index) < ($1.key.origin, $1.key.index)
        }
        for (address, part) in ordered {
            if let expires = part.expires, expires <= fetchedAt {
                tally.erasedCompartmentCount += 1
            } else if let hole = log(address.origin).newestHole, hole > address.index {
                // The statement that is missing may be the word of its author that it is destroyed.
                tally.unjudgedCount += 1
            } else {
                report(.compartmentMissing(part.label), log: address.origin, index: address.index)
            }
        }
    }
}
