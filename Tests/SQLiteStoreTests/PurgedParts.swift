import EventLogs
import TallystickPrimitives

@testable import SQLiteStore

/// Single compartments destroyed as an erasure destroys them.
extension NodeStore {
    func purge(_ compartments: [CompartmentAddress]) throws { try erase(compartments.map(\.alone)) }
}

extension BrokerStore {
    func purge(_ compartments: [CompartmentAddress]) throws { try erase(compartments.map(\.alone)) }
}

extension CompartmentAddress {
    /// It alone, of no stream that has keys.
    fileprivate var alone: ErasedParts {
        ErasedParts(origin: origin, stream: .control, compartments: [self], grants: [])
    }
}
