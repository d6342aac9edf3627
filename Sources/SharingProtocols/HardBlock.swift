public import TallystickPrimitives

/// One row of what no protocol can permit (table `hard-blocks`).
public struct HardBlock: Hashable, Sendable {
    /// The name of the row.
    public let code: ClauseCode
    /// The gateways it limits; nil for every one.
    public let gateways: Set<GatewayCode>?
    /// Roles or functions of the sender it is about; nil for every one.
    public let senders: Set<String>?
    /// True where it is only about recipients on the subject's side.
    public let isAboutSubjectSide: Bool
    /// Labels that may not go.
    public let labels: Set<Label>
    /// Data classes of which no field may go.
    public let dataClasses: Set<DataClass>
    /// Fields that may not go.
    public let fields: Set<FieldCode>
    /// The gateways that would work instead, in alphabetical order.
    public let gatewaysThatWork: [GatewayCode]
    /// What a practitioner reads.
    public let sentence: String

    /// Every row, in the order of the table.
    public static let all: [HardBlock] = CodeTables.rows(
        CodeTables.hardBlocks, columns: 9, separator: "|"
    ).compactMap(HardBlock.init(row:))

    private init?(row: [String]) {
        guard let code = ClauseCode(row[0]) else { return nil }
        self.code = code
        gateways = row[1] == "*" ? nil : Set(CodeTables.list(row[1]).compactMap { GatewayCode($0) })
        senders = row[2] == "*" ? nil : Set(CodeTables.list(row[2]))
        isAboutSubjectSide = row[3] == "subject"
        labels = Set(CodeTables.list(row[4]).compactMap { Label($0) })
        dataClasses = Set(CodeTables.list(row[5]).compactMap(DataClass.init(rawValue:)))
        fields = Set(CodeTables.list(row[6]).compactMap { FieldCode($0) })
        gatewaysThatWork = CodeTables.list(row[7]).compactMap { GatewayCode($0) }.sorted()
        sentence = row[8]
    }
}
