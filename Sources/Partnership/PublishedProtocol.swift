import DeterministicCBOR
public import EventLogs
public import SharingProtocols
public import TallystickPrimitives

/// A protocol on the board's log: its bundle, its terms and since when it is active.
public struct PublishedProtocol: Hashable, Sendable {
    /// What the board published.
    public let publication: ProtocolPublication
    /// The YAML, the code tables and the version of the decision function.
    public let bundle: RulesBundle
    /// The validated terms.
    public let terms: SharingProtocol
    /// Whether every local choice has an owner and a value: before that no signature puts anything in force.
    public let isSettled: Bool
    /// The register position of the publication.
    public internal(set) var publishedAt = TreeSize.empty
    private let offices: [AgencyCode: Set<OfficeCode>]
    /// From which register position on it is active; nil while the board has not activated it.
    public private(set) var activeFrom: TreeSize?

    /// The field of the public compartment that holds the bundle's bytes.
    public static let bundleField: FieldCode = "bundle"
    /// The label of that compartment.
    public static let bundleLabel: Label = "bundle"

    /// What a publication turns out to be.
    enum Reading {
        /// Rules that this program decides by.
        case published(PublishedProtocol)
        /// Rules of a later program.
        case lacked(LackedRules)
    }

    /// Finds the bundle among the compartments, checks its hash against the publication, and reads its terms.
    static func read(
        _ publication: ProtocolPublication, in statement: Statement, compartments: [CarriedCompartment]
    ) throws(RosterFault) -> Reading {
        for descriptor in statement.payload.compartments where descriptor.reader == .public {
            guard let carried = compartments.first(where: { $0.id == descriptor.id }),
                carried.mismatch(with: descriptor) == nil, let body = try? carried.clearBody(),
                body.fieldRoot == descriptor.fieldRoot, let item = body.fields[bundleField],
                let reading = read(publication, item)
            else { continue }
            return reading
        }
        throw .bundleMismatch(publication.bundle)
    }

    private static func read(_ publication: ProtocolPublication, _ item: CBOR) -> Reading? {
        func lacked(_ lack: LackedRules.Lack) -> Reading {
            .lacked(
                LackedRules(
                    code: publication.code, version: publication.version, bundle: publication.bundle, lack: lack))
        }
        if let format = RulesBundle.otherFormat(of: item) { return lacked(.format(format)) }
        guard let bundle = try? RulesBundle(decoding: item), bundle.hash == publication.bundle else { return nil }
        do throws(RulesBundleError) {
            return .published(PublishedProtocol(publication, bundle, try bundle.sharingProtocol()))
        } catch {
            switch error {
            case .otherDecisionFunction(let version): return lacked(.decisionFunction(version))
            case .otherTable(let name): return lacked(.table(name))
            case .malformed, .protocolFile: return nil
            }
        }
    }

    private init(_ publication: ProtocolPublication, _ bundle: RulesBundle, _ terms: SharingProtocol) {
        self.publication = publication
        self.bundle = bundle
        self.terms = terms
        isSettled = terms.openChoices.isEmpty
        offices = terms.parties.reduce(into: [:]) { $0[$1.agency] = Set($1.offices) }
    }

    mutating func activate(from position: TreeSize, admittedAt: TreeSize) {
        let start = max(position, TreeSize(admittedAt.value + 1))
        activeFrom = min(activeFrom ?? start, start)
    }

    /// Whether the bundle has been brought into force for a register position.
    public func isActive(at position: TreeSize) -> Bool { activeFrom.map { $0 <= position } ?? false }

    /// The offices whose signatures bind a party; none for who is not one.
    public func requiredOffices(of agency: AgencyCode) -> Set<OfficeCode> { offices[agency] ?? [] }

    /// Whether its review has passed and it says that sharing stops then: nothing that is admitted later goes by it.
    ///
    /// The register's time counts, which is the same for everybody, and no author's clock.
    public func hasLapsed(at admittedAt: Timestamp) -> Bool {
        terms.review.afterwards == .stop && terms.review.isOverdue(at: admittedAt)
    }
}
