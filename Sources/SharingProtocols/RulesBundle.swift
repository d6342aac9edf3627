public import DeterministicCBOR
public import TallystickPrimitives

/// Why bytes are not a rules bundle that this program can decide by.
public enum RulesBundleError: Error, Hashable, Sendable {
    /// The bytes are not one item of strict CBOR, or not of a bundle's shape.
    case malformed(expected: String)
    /// The bundle is for another version of the decision function; the program must be updated.
    case otherDecisionFunction(Int)
    /// A code table differs from the program's, or is missing or unknown.
    case otherTable(String)
    /// The protocol file in the bundle is not valid.
    case protocolFile(ProtocolProblems)
}

/// A protocol file together with everything else that decides: the code tables and the version
/// of the decision function (WIRE §4).
public struct RulesBundle: Hashable, Sendable {
    /// The bytes of the protocol file.
    public let yaml: [UInt8]
    /// The code tables by name.
    public let tables: [String: [UInt8]]
    /// The version of the decision function.
    public let decisionFunctionVersion: Int
    /// The hash by which decisions and adoptions name the bundle.
    public let hash: Hash256

    /// The bundle of a protocol file with this program's tables and decision function.
    public static func current(yaml: [UInt8]) -> RulesBundle {
        RulesBundle(
            yaml: yaml, tables: CodeTables.all,
            decisionFunctionVersion: ShareDecisions.functionVersion)
    }

    /// The bundle as one item, for a public compartment.
    public var encoded: CBOR {
        .array([
            .unsigned(1), .unsigned(UInt64(decisionFunctionVersion)), .bytes(yaml),
            .map(of: tables.map { (.text($0.key), .bytes($0.value)) }),
        ])
    }

    /// Reads a bundle from an item; whether this program can decide by it shows in
    /// `sharingProtocol()`.
    /// - Throws: `RulesBundleError.malformed`.
    public init(decoding item: CBOR) throws(RulesBundleError) {
        do throws(CBORShapeError) {
            let items = try item.items(count: 4)
            guard try items[0].unsigned() == 1 else {
                throw CBORShapeError("a rules bundle of format 1")
            }
            var tables: [String: [UInt8]] = [:]
            for pair in try items[3].entries().pairs {
                tables[try pair.key.string()] = try pair.value.byteString()
            }
            let yaml = try items[2].byteString()
            let size = tables.values.reduce(yaml.count) { $0 + $1.count }
            guard size <= Limits.rulesBundleByteCount else {
                throw CBORShapeError("at most \(Limits.rulesBundleByteCount) bytes of rules")
            }
            self.init(
                yaml: yaml, tables: tables, decisionFunctionVersion: try items[1].count())
        } catch {
            throw .malformed(expected: error.expected)
        }
    }

    /// The format of a bundle that this program cannot read, however the rest of it looks; nil for one that it can.
    public static func otherFormat(of item: CBOR) -> UInt64? {
        guard case .array(let items) = item, case .unsigned(let format)? = items.first, format != 1 else { return nil }
        return format
    }

    /// The protocol, once it is sure that this program decides it as its parties do.
    /// - Throws: `RulesBundleError`, every case but `malformed`.
    public func sharingProtocol() throws(RulesBundleError) -> SharingProtocol {
        guard decisionFunctionVersion == ShareDecisions.functionVersion else {
            throw .otherDecisionFunction(decisionFunctionVersion)
        }
        let own = CodeTables.all
        for name in Set(tables.keys).union(own.keys).sorted() where tables[name] != own[name] {
            throw .otherTable(name)
        }
        do {
            return try SharingProtocol(parsing: yaml, file: "rules bundle \(hash.hex.prefix(12))")
        } catch {
            throw .protocolFile(error)
        }
    }

    init(yaml: [UInt8], tables: [String: [UInt8]], decisionFunctionVersion: Int) {
        self.yaml = yaml
        self.tables = tables
        self.decisionFunctionVersion = decisionFunctionVersion
        let hashes = tables.map { (CBOR.text($0.key), CBOR.hash(Hash256(hashing: $0.value))) }
        let preimage = CBOR.array([
            .unsigned(1), .unsigned(UInt64(decisionFunctionVersion)), .bytes(yaml),
            .map(of: hashes),
        ])
        hash = Hash256(hashing: preimage.encoded)
    }
}

extension RulesBundleError: CustomStringConvertible {
    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .malformed(let expected):
            "these bytes are not a rules bundle: expected \(expected); fetch it again"
        case .otherDecisionFunction(let version):
            "the rules need version \(version) of the decision function; update this program"
        case .otherTable(let name):
            "the code table \(name.prefix(40)) is not this program's; update this program"
        case .protocolFile(let problems):
            "the protocol file in the bundle is not valid:\n\(problems)"
        }
    }
}
