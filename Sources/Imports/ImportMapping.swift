public import TallystickPrimitives

/// How one agency's export becomes reports: a YAML file that the agency's own people can read.
///
/// Unknown keys, anchors, tags and words that YAML
/// could take for something else are refused with file, line and column.
public struct ImportMapping: Hashable, Sendable {
    /// What the mapping is called in diagnostics.
    public let name: String
    let layout: FileLayout
    let rules: RowRules

    /// Reads a mapping file.
    /// - Parameters:
    ///   - yaml: the file's bytes, UTF-8.
    ///   - file: its name, for diagnostics only.
    ///   - knownFields: when given, every field code must be one of these.
    /// - Throws: everything that is wrong with it.
    public init(
        parsing yaml: [UInt8], file: String, knownFields: Set<FieldCode>? = nil
    ) throws(ImportMappingProblems) {
        var reader = MappingReader(file: file, knownFields: knownFields)
        guard let mapping = reader.read(yaml) else {
            throw ImportMappingProblems(problems: reader.walk.problems)
        }
        self = mapping
    }

    init(name: String, layout: FileLayout, rules: RowRules) {
        self.name = name
        self.layout = layout
        self.rules = rules
    }

    /// The file format it reads.
    public var format: Format { layout.format }

    /// The columns (JSON: keys) that a file must have.
    public var columns: [String] { layout.columns }

    /// The field codes that it fills, sorted.
    public var fieldCodes: [FieldCode] {
        var codes = Set(rules.fields.map(\.code)).union(rules.fields.compactMap(\.givenCode))
        if rules.coordinates != nil { codes.formUnion([.latitude, .longitude]) }
        return codes.sorted()
    }

    /// File formats that can be read.
    public enum Format: String, CaseIterable, Hashable, Sendable {
        /// RFC 4180 and its relatives with another delimiter or line end.
        case csv
        /// An array of flat objects (RFC 8259).
        case json
    }
}

/// How the file's bytes become values.
struct FileLayout: Hashable, Sendable {
    var format: ImportMapping.Format
    var columns: [String]
    var delimiter = UInt8(ascii: ",")
    var encoding = FileEncoding.utf8
    var trimsSpaces = false
    var allowsLineBreaks = false
}

/// How a row's values become fields.
struct RowRules: Hashable, Sendable {
    var missingMarkers: Set<String> = []
    var conditions: [RowCondition] = []
    var checks: [ColumnCheck] = []
    var coordinates: CoordinateRule?
    var fields: [FieldRule] = []
    var requiredFields: Set<FieldCode> = []
}

extension FieldCode {
    static let latitude: FieldCode = "latitude"
    static let longitude: FieldCode = "longitude"
}
