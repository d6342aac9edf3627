import DeterministicCBOR
public import TallystickPrimitives

/// The control body of a HANDOVER: one step by which the lead of a case goes from one agency to another.
///
/// A case is named by the stream that opened it. It says in the clear what everybody must be able to check who judges who
/// leads: the broker, the others on the case and an auditor. Why, and what is outstanding, is sealed beside it.
public struct HandoverControl: Hashable, Sendable {
    /// One step.
    public enum Step: Hashable, Sendable {
        /// The lead offers the case to an agency.
        ///
        /// - Parameters:
        ///   - lead: by what the author leads; nil where it opened the case.
        ///   - due: by when an answer is asked for.
        case offer(lead: EventAddress?, to: AgencyCode, due: Timestamp?)
        /// An agency accepts an offer; without one it says that it would take the case.
        case accept(offer: EventAddress?)
        /// An agency declines an offer, or takes back that it would take the case unasked.
        case decline(offer: EventAddress)
        /// The lead takes its offer back.
        case withdraw(offer: EventAddress)
        /// The lead lets go: from here on whoever accepted leads.
        ///
        /// - Parameters:
        ///   - lead: by what the author leads; nil where it opened the case.
        ///   - to: who leads from here on.
        ///   - because: their acceptance; or the board's act that makes them the author's successor.
        case release(lead: EventAddress?, to: AgencyCode, because: EventAddress)
        /// Whoever came to lead the case says so where it states it, for those who were not on it before and have seen no
        /// release.
        ///
        /// - Parameter by: by what the author leads.
        case lead(by: EventAddress)
    }

    /// The stream that opened the case.
    public let matter: StreamAddress
    /// The step.
    public let step: Step

    /// States a step.
    public init(matter: StreamAddress, step: Step) {
        self.matter = matter
        self.step = step
    }

    var item: CBOR {
        let parts: [CBOR] =
            switch step {
            case .offer(let lead, let recipient, let due):
                [.text("offer"), .optional(lead, \.item), .code(recipient), .optional(due, CBOR.seconds)]
            case .accept(let offer): [.text("accept"), .optional(offer, \.item)]
            case .decline(let offer): [.text("decline"), offer.item]
            case .withdraw(let offer): [.text("withdraw"), offer.item]
            case .release(let lead, let recipient, let because):
                [.text("release"), .optional(lead, \.item), .code(recipient), because.item]
            case .lead(let by): [.text("lead"), by.item]
            }
        return .array([matter.item] + parts)
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(atMost: 5)
        guard items.count >= 3 else { throw CBORShapeError("a case and a step") }
        matter = try StreamAddress(items[0])
        switch (try items[1].string(), items.count) {
        case ("offer", 5):
            step = .offer(
                lead: try items[2].orNil.map(EventAddress.init), to: try items[3].code(),
                due: try items[4].orNil?.seconds())
        case ("accept", 3): step = .accept(offer: try items[2].orNil.map(EventAddress.init))
        case ("decline", 3): step = .decline(offer: try EventAddress(items[2]))
        case ("withdraw", 3): step = .withdraw(offer: try EventAddress(items[2]))
        case ("release", 5):
            step = .release(
                lead: try items[2].orNil.map(EventAddress.init), to: try items[3].code(),
                because: try EventAddress(items[4]))
        case ("lead", 3): step = .lead(by: try EventAddress(items[2]))
        default: throw CBORShapeError("offer, accept, decline, withdraw, release or lead, with its parts")
        }
    }
}
