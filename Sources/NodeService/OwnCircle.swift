package import EventLogs
package import Sealing
package import TallystickPrimitives

/// The circle in force in one of this agency's own streams, with the keys to seal for it.
package struct OwnCircle: Sendable {
    let control: CircleControl
    let keys: [Label: CircleKey]
    /// The codes under which the circle was opened, and under which its owner goes on.
    var decision: DecisionCodes?

    /// The size of the register whose protocols made it what it is.
    let basis: TreeSize

    package init(
        control: CircleControl, keys: [Label: CircleKey], decision: DecisionCodes? = nil, basis: TreeSize
    ) {
        self.control = control
        self.basis = basis
        self.keys = keys
        self.decision = decision
    }

    /// Whether anybody but this agency is in it.
    var isShared: Bool { control.members.count > 1 }

    /// The circle as it is used for an event of which one label stays here.
    func keepingHome(_ label: Label) -> OwnCircle {
        OwnCircle(control: control, keys: keys.filter { $0.key != label }, decision: decision, basis: basis)
    }

    /// How a compartment of a label is sealed here: for those due it, or for this agency alone.
    func reader(for label: Label) -> SealingReader {
        keys[label].map { .epoch(control.epoch, $0) } ?? .home
    }
}
