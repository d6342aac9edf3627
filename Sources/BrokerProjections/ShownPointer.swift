import DeterministicCBOR
import EventLogs
import SharingProtocols
import TallystickPrimitives

/// What remains of a pointer once the protocol's rules have been applied: all that is ever stored.
struct ShownPointer: Hashable, Sendable {
    let area: String?
    let category: CategoryCode
    let week: String?
    /// Nil is shown as "ask the contact".
    let lead: AgencyCode?

    /// Applies the rules; nil when nothing may be shown.
    ///
    /// - Parameter author: who made the pointer; a sensitive author is not given away by naming
    ///   another lead.
    init?(_ body: CompartmentBody, rules: PointerRules, author: AgencyCode) {
        func take<Value>(_ field: FieldCode, _ read: (String) -> Value?) -> Value? {
            guard rules.fields.contains(field), case .text(let text)? = body.fields[field],
                let value = read(text)
            else { return nil }
            return value
        }
        // Without a category nobody can tell whether it is one of those that must not be shown.
        guard let category = take("pointer-category", { CategoryCode($0) }),
            !rules.excludes(category)
        else { return nil }
        self.category = category
        area = take("pointer-area") { PointerShape.isArea($0) ? $0 : nil }
        week = take("pointer-week") { PointerShape.isWeek($0) ? $0 : nil }
        let stated = take("pointer-lead") { AgencyCode($0) }
        let isSensitive = !rules.sensitiveLeads.isDisjoint(with: [author, stated ?? author])
        lead = isSensitive ? nil : stated
    }
}
