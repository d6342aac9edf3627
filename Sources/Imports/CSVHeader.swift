/// Where the mapping's columns stand in one file.
struct CSVHeader: Hashable, Sendable {
    /// For each of the mapping's columns its field in the record.
    let positions: [Int]
    /// How many fields every record must have.
    let fieldCount: Int

    /// Finds the columns among the header's names, which must match exactly.
    init(names: [String], layout: FileLayout) throws(ImportFileProblem) {
        let names = layout.trimsSpaces ? names.map { $0.trimmingSpaces() } : names
        let missing = layout.columns.filter { !names.contains($0) }
        guard missing.isEmpty else {
            let isHeader = missing.count < layout.columns.count
            let evidence = ImportFileProblem.HeaderEvidence(
                wanted: layout.columns, found: isHeader ? names : [], foundCount: names.count)
            throw .missingColumns(missing, header: evidence)
        }
        let repeated = layout.columns.filter { wanted in
            names.count { $0 == wanted } > 1
        }
        guard repeated.isEmpty else { throw .repeatedColumns(repeated) }
        positions = layout.columns.compactMap { names.firstIndex(of: $0) }
        fieldCount = names.count
    }
}
