public import DeterministicCBOR
public import SharingProtocols
public import TallystickPrimitives

/// One line of the visibility view. It names no stream, no log and no place in the register.
public struct VisibilityEntry: Hashable, Sendable {
    /// Who leads; nil where the contact must be asked.
    public let agency: AgencyCode?
    /// The ward or LSOA.
    public let area: String?
    /// The category; nil where too few cases have it.
    public let category: CategoryCode?
    /// The week.
    public let week: String?

    /// What stands in the place of a lead that is not shown.
    public static let askTheContact = "ask the contact"

    /// Who leads, in words.
    public var shownAgency: String { agency?.text ?? VisibilityEntry.askTheContact }

    /// det([shown agency, area / null, category / null, week / null]), one item of the view's answer.
    public var item: CBOR {
        .array([
            .text(shownAgency), .optional(area, CBOR.text), .optional(category, CBOR.code),
            .optional(week, CBOR.text),
        ])
    }

    /// States an entry.
    public init(agency: AgencyCode?, area: String?, category: CategoryCode?, week: String?) {
        self.agency = agency
        self.area = area
        self.category = category
        self.week = week
    }
}
