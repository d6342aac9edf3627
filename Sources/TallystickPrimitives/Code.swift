/// A short name from a table: `[a-z0-9-]{1,32}`.
///
/// Agencies, labels, purposes, gateways and fields are codes of different types, so that none can stand for another.
public struct Code<Tag>: Hashable, Comparable, Sendable {
    /// The text of the code.
    public let text: String

    /// Accepts 1 to 32 characters of `a-z`, `0-9` and `-`; nil for anything else.
    public init?(_ text: String) {
        let units = text.utf8Span.span
        guard (1...Limits.codeLength).contains(units.count) else { return nil }
        for place in units.indices where !isCodeUnit(units[place]) { return nil }
        self.text = text
    }

    public static func < (left: Code, right: Code) -> Bool { left.text < right.text }
}

extension Code: CustomStringConvertible {
    public var description: String { text }
}

extension Code: ExpressibleByUnicodeScalarLiteral, ExpressibleByExtendedGraphemeClusterLiteral,
    ExpressibleByStringLiteral
{
    /// For codes written in the program's own source; a misspelt one stops the program at once.
    public init(stringLiteral text: String) {
        guard let code = Code(text) else { preconditionFailure("a code in the source must match [a-z0-9-]{1,32}") }
        self = code
    }
}

private func isCodeUnit(_ unit: UInt8) -> Bool {
    switch unit {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
    default: false
    }
}

/// Marks an agency's code.
public enum AgencyTag: Sendable {}
/// Marks a compartment's label.
public enum LabelTag: Sendable {}
/// Marks a field's code.
public enum FieldTag: Sendable {}
/// Marks an event type's code.
public enum EventTypeTag: Sendable {}
/// Marks a protocol's code.
public enum ProtocolTag: Sendable {}
/// Marks the code of a protocol's party role (not of a key or an enrolment).
public enum PartyRoleTag: Sendable {}
/// Marks a purpose's code.
public enum PurposeTag: Sendable {}
/// Marks a gateway's code: the statutory power or duty.
public enum GatewayTag: Sendable {}
/// Marks a lawful basis's code (UK GDPR Art 6 or DPA 2018 Part 3).
public enum BasisTag: Sendable {}
/// Marks a condition's code (UK GDPR Art 9/10, DPA 2018 Sch 1 or 8).
public enum ConditionTag: Sendable {}
/// Marks a caveat's code.
public enum CaveatTag: Sendable {}
/// Marks a reason's code.
public enum ReasonTag: Sendable {}
/// Marks the code of an office that signs (data protection officer, Caldicott guardian).
public enum OfficeTag: Sendable {}

/// An enrolled party.
public typealias AgencyCode = Code<AgencyTag>
/// What decides who receives a compartment.
public typealias Label = Code<LabelTag>
/// One value in a compartment.
public typealias FieldCode = Code<FieldTag>
/// The registered type of an event, sealed inside its record compartment.
public typealias EventTypeCode = Code<EventTypeTag>
/// A sharing protocol.
public typealias ProtocolCode = Code<ProtocolTag>
/// A party's role under a protocol, such as `landlord`.
public typealias PartyRole = Code<PartyRoleTag>
/// Why information is shared.
public typealias PurposeCode = Code<PurposeTag>
/// The statutory power or duty to share under.
public typealias GatewayCode = Code<GatewayTag>
/// The lawful basis of processing.
public typealias BasisCode = Code<BasisTag>
/// The condition for special category or criminal offence data.
public typealias ConditionCode = Code<ConditionTag>
/// A restriction that travels with a compartment.
public typealias CaveatCode = Code<CaveatTag>
/// Why something was refused, withdrawn, recalled or erased.
public typealias ReasonCode = Code<ReasonTag>
/// An office that signs an adoption.
public typealias OfficeCode = Code<OfficeTag>
