public import TallystickPrimitives

/// One field of one event type: where it is kept and what sort of information it is.
public struct CatalogueField: Hashable, Sendable {
    /// The field.
    public let field: FieldCode
    /// The one label that decides who receives it.
    public let label: Label
    /// Its data class.
    public let dataClass: DataClass
}

/// Which event types exist, and the label of each of their fields (table `event-fields`).
///
/// Deny by default begins here: a field that is not in the catalogue can go nowhere.
public struct EventCatalogue: Sendable {
    /// The catalogue this version of the program decides by.
    public static let current = EventCatalogue(table: CodeTables.eventFields)

    private let fieldsByType: [EventTypeCode: [CatalogueField]]
    private let entries: [EventTypeCode: [FieldCode: CatalogueField]]
    private let labelsByField: [FieldCode: Set<Label>]

    /// Every event type, in alphabetical order.
    public var eventTypes: [EventTypeCode] { fieldsByType.keys.sorted() }

    /// Every field code, in alphabetical order.
    public var allFields: [FieldCode] { labelsByField.keys.sorted() }

    /// The fields of an event type, its own first and then the common ones; nil for no such type.
    public func fields(of type: EventTypeCode) -> [CatalogueField]? { fieldsByType[type] }

    /// The fields that an event type keeps under a label; empty where it keeps none.
    public func fields(of type: EventTypeCode, under label: Label) -> [FieldCode] {
        (fieldsByType[type] ?? []).filter { $0.label == label }.map(\.field)
    }

    /// Label and data class of a field of an event type; nil where the type has no such field.
    public func entry(_ field: FieldCode, in type: EventTypeCode) -> CatalogueField? {
        entries[type]?[field]
    }

    /// The fields of an event type by their code; nil for no such type.
    func index(of type: EventTypeCode) -> [FieldCode: CatalogueField]? { entries[type] }

    /// The labels that an event type can have compartments for, in alphabetical order.
    public func labels(of type: EventTypeCode) -> [Label] {
        Set((fieldsByType[type] ?? []).map(\.label)).sorted()
    }

    /// The labels that a field has in any event type, in alphabetical order.
    public func labels(ofField field: FieldCode) -> [Label] {
        (labelsByField[field] ?? []).sorted()
    }

    /// Every field that stands under a label in any event type, in alphabetical order.
    public func fields(under label: Label) -> [FieldCode] {
        labelsByField.filter { $0.value.contains(label) }.keys.sorted()
    }

    /// Every field that stands under a label in any of some event types, in alphabetical order.
    public func fields(under label: Label, in types: Set<EventTypeCode>) -> [FieldCode] {
        Set(types.flatMap { fields(of: $0, under: label) }).sorted()
    }

    init(table: String) {
        var own: [EventTypeCode: [CatalogueField]] = [:]
        var common: [CatalogueField] = []
        var labelsByField: [FieldCode: Set<Label>] = [:]
        for row in CodeTables.rows(table, columns: 4, separator: " ") {
            guard let field = FieldCode(row[1]), let label = Label(row[2]),
                let dataClass = DataClass(rawValue: row[3])
            else { continue }
            let entry = CatalogueField(field: field, label: label, dataClass: dataClass)
            labelsByField[field, default: []].insert(label)
            if row[0] == "*" {
                common.append(entry)
            } else if let type = EventTypeCode(row[0]) {
                own[type, default: []].append(entry)
            }
        }
        fieldsByType = own.mapValues { $0 + common }
        entries = fieldsByType.mapValues { fields in
            Dictionary(fields.map { ($0.field, $0) }) { first, _ in first }
        }
        self.labelsByField = labelsByField
    }
}
