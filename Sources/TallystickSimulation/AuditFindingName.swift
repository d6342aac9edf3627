import Auditing

extension AuditFinding.Kind {
    /// The kind's name without what it carries.
    var name: String { String("\(self)".prefix { $0 != "(" }) }
}
