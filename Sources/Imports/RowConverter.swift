import TallystickPrimitives

/// Turns the values of one record into fields, or finds why they cannot be trusted.
struct RowConverter: Sendable {
    private let layout: FileLayout
    private let rules: RowRules

    init(_ mapping: ImportMapping) {
        layout = mapping.layout
        rules = mapping.rules
    }

    /// The fields of a record; nil when the mapping's `where` leaves it out.
    ///
    /// Checks come before the filter: a shifted row would otherwise vanish as "not wanted".
    /// - Parameter values: one for each of the mapping's columns; nil where JSON has none.
    func fields(of values: [String?]) throws(RowProblem) -> [FieldCode: String]? {
        let values = values.map { $0.map(trimmed) }
        for (column, value) in values.enumerated() { try checkText(value, column) }
        for check in rules.checks { try apply(check, to: values[check.column]) }
        for condition in rules.conditions where values[condition.column] != condition.word {
            return nil
        }
        var fields = try point(values)
        for rule in rules.fields { try fill(rule, from: values, into: &fields) }
        for code in rules.requiredFields.sorted() where fields[code] == nil {
            throw .missingRequired(column: sourceName(of: code))
        }
        return fields
    }
}

private extension RowConverter {
    func trimmed(_ value: String) -> String {
        guard layout.trimsSpaces else { return value }
        return value.trimmingSpaces()
    }

    func isMissing(_ value: String?, _ markers: Set<String> = []) -> Bool {
        guard let value, !value.isEmpty else { return true }
        return rules.missingMarkers.contains(value) || markers.contains(value)
    }

    func checkText(_ value: String?, _ column: Int) throws(RowProblem) {
        guard let value else { return }
        let name = layout.columns[column]
        guard value.utf8.count <= ImportLimits.valueByteCount else { throw .tooLong(column: name) }
        // The tokenizer has already judged line breaks; tabs harm nobody.
        let isControl = { (unit: UInt8) in
            (unit < 0x20 && ![0x09, 0x0a, 0x0d].contains(unit)) || unit == 0x7f
        }
        guard !value.utf8.contains(where: isControl) else {
            throw .controlCharacter(column: name)
        }
    }

    func apply(_ check: ColumnCheck, to value: String?) throws(RowProblem) {
        let name = layout.columns[check.column]
        if let value, !isMissing(value) {
            if let problem = check.problem(with: value, in: name) { throw problem }
        } else if check.refusesMissing {
            throw .missingRequired(column: name)
        }
    }

    /// Latitude and longitude as written; none when both are missing or both are zero, which is
    /// how exports write "not recorded" (the real 0°, 0° lies in the Gulf of Guinea).
    func point(_ values: [String?]) throws(RowProblem) -> [FieldCode: String] {
        guard let rule = rules.coordinates else { return [:] }
        let latitude = isMissing(values[rule.latitude]) ? nil : values[rule.latitude]
        let longitude = isMissing(values[rule.longitude]) ? nil : values[rule.longitude]
        if latitude == nil && longitude == nil { return [:] }
        let northing = try degrees(latitude, rule.latitude)
        let easting = try degrees(longitude, rule.longitude)
        if northing == 0 && easting == 0 { return [:] }
        guard rule.latitudes.contains(northing) else {
            throw .outOfRange(column: layout.columns[rule.latitude])
        }
        guard rule.longitudes.contains(easting) else {
            throw .outOfRange(column: layout.columns[rule.longitude])
        }
        return [.latitude: latitude ?? "", .longitude: longitude ?? ""]
    }

    func degrees(_ text: String?, _ column: Int) throws(RowProblem) -> Double {
        let name = layout.columns[column]
        guard let text else { throw .missingRequired(column: name) }
        guard let value = DecimalText.value(of: text) else { throw .badNumber(column: name) }
        return value
    }

    func fill(
        _ rule: FieldRule, from values: [String?], into fields: inout [FieldCode: String]
    ) throws(RowProblem) {
        guard let given = given(rule, values) else { return }
        let name = sourceName(of: rule.code)
        guard given.utf8.count <= rule.bytesMax else { throw .tooLong(column: name) }
        switch rule.transform {
        case .none:
            fields[rule.code] = given
        case .date(let pattern):
            guard let date = pattern.canonical(given) else { throw .badDate(column: name) }
            fields[rule.code] = date
        case .shapes(let shapes):
            guard shapes.contains(where: { $0.matches(given) }) else {
                throw .badShape(column: name)
            }
            fields[rule.code] = given
        case .table(let words, let otherwise, let givenCode):
            guard let word = words[given] ?? otherwise else { throw .unknownWord(column: name) }
            fields[rule.code] = word
            fields[givenCode] = given
        }
    }

    func given(_ rule: FieldRule, _ values: [String?]) -> String? {
        switch rule.source {
        case .constant(let text): return text
        case .columns(let places, let joiner):
            let present = places.compactMap { place in
                isMissing(values[place], rule.missingMarkers) ? nil : values[place]
            }
            return present.isEmpty ? nil : present.joined(separator: joiner)
        }
    }

    /// The columns that a field comes from, for diagnostics.
    func sourceName(of code: FieldCode) -> String {
        if let point = rules.coordinates, code == .latitude || code == .longitude {
            return layout.columns[code == .latitude ? point.latitude : point.longitude]
        }
        let rule = rules.fields.first { $0.code == code || $0.givenCode == code }
        guard let rule, case .columns(let places, _) = rule.source else { return code.text }
        return places.map { layout.columns[$0] }.joined(separator: ", ")
    }
}

extension String {
    /// Without spaces, tabs and no-break spaces at both ends.
    func trimmingSpaces() -> String {
        let isSpace = { (character: Character) in
            character == " " || character == "\t" || character == "\u{a0}"
        }
        let start = drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(start[...last])
    }
}
