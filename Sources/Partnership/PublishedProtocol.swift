public import EventLogs
public import SharingProtocols
public import TallystickPrimitives

/// A protocol on the board's log: its bundle, its terms and since when it is active.
public struct PublishedProtocol: Sendable {
    /// What the board published.
    public let publication: ProtocolPublication
    /// The YAML, the code tables and the version of the decision function.
    public let bundle: RulesBundle
    /// The validated terms.
    public let terms: SharingProtocol
    private var activeFrom: TreeSize?

    /// The field of the public compartment that holds the bundle's bytes.
    public static let bundleField: FieldCode = "bundle"
    /// The label of that compartment.
    public static let bundleLabel: Label = "bundle"

    /// Finds the bundle among the compartments, checks its hash against the publication, and reads its terms.
    init(
        _ publication: ProtocolPublication, in statement: Statement, compartments: [CarriedCompartment]
    ) throws(RosterFault) {
        let descriptors = statement.payload.compartments.filter { $0.reader == .public }
        for descriptor in descriptors {
            guard let carried = compartments.first(where: { $0.id == descriptor.id }),
                carried.mismatch(with: descriptor) == nil, let body = try? carried.clearBody(),
                body.fieldRoot == descriptor.fieldRoot, let item = body.fields[PublishedProtocol.bundleField],
                let bundle = try? RulesBundle(decoding: item), bundle.hash == publication.bundle,
                let terms = try? bundle.sharingProtocol()
            else { continue }
            self.publication = publication
            self.bundle = bundle
            self.terms = terms
            return
        }
        throw .bundleMismatch(publication.bundle)
    }

    mutating func activate(from position: TreeSize, admittedAt: TreeSize) {
        let start = max(position, TreeSize(admittedAt.value + 1))
        activeFrom = min(activeFrom ?? start, start)
    }

    /// Whether the bundle has been brought into force for a register position.
    public func isActive(at position: TreeSize) -> Bool { activeFrom.map { $0 <= position } ?? false }
}
