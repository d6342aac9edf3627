import DeterministicCBOR
public import TallystickPrimitives

/// Under which rules, for what and on what legal footing a statement shares (DOMAIN §2).
public struct DecisionCodes: Hashable, Sendable {
    /// Hash of the rules bundle decided under; nil only with a gateway that needs none.
    public let bundle: Hash256?
    /// Why it is shared.
    public let purpose: PurposeCode
    /// The statutory power or duty.
    public let gateway: GatewayCode
    /// The lawful basis.
    public let basis: BasisCode
    /// The condition for special category or criminal offence data.
    public let condition: ConditionCode?

    /// The gateway that needs no protocol (PRACTICE P15).
    public static let emergencyGateway: GatewayCode = "emergency"
    /// The gateway of what data protection law has one controller tell another about what it was given (decision 0021).
    public static let dataProtectionGateway: GatewayCode = "data-protection"
    /// The gateways that need no protocol.
    public static let gatewaysWithoutBundle: Set<GatewayCode> = [emergencyGateway, dataProtectionGateway]

    /// States a decision's codes.
    public init(
        bundle: Hash256?, purpose: PurposeCode, gateway: GatewayCode, basis: BasisCode, condition: ConditionCode?
    ) {
        self.bundle = bundle
        self.purpose = purpose
        self.gateway = gateway
        self.basis = basis
        self.condition = condition
    }

    var item: CBOR {
        .array([
            .optional(bundle, CBOR.hash), .code(purpose), .code(gateway), .code(basis),
            .optional(condition, CBOR.code),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 5)
        bundle = try items[0].orNil?.hash256()
        purpose = try items[1].code()
        gateway = try items[2].code()
        basis = try items[3].code()
        condition = try items[4].orNil?.code()
        guard bundle != nil || DecisionCodes.gatewaysWithoutBundle.contains(gateway) else {
            throw CBORShapeError("a rules bundle, unless the gateway is emergency or data-protection")
        }
    }
}
