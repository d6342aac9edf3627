import EventLogs
import Partnership
import Replication
public import SharingProtocols
public import TallystickPrimitives

/// Whether everything that was given to another agency was permitted by a protocol in force, and by
/// which clause.
///
/// It asks the decision function again without keys, at each statement's own place. What only the
/// content could tell (fields, consent) is for the recipients' own checks.
public struct Conformance: AuditObserver {
    /// Something given by one statement to one agency under one label.
    public struct Gift: Hashable, Sendable {
        /// The log of the statement that gives.
        public let log: Origin
        /// Its index.
        public let index: LeafIndex
        /// Its register position.
        public let position: UInt64
        /// Who gives.
        public let sender: AgencyCode
        /// Who receives.
        public let recipient: AgencyCode
        /// What is given.
        public let label: Label
        /// Whether by a share of its own, and not to the circle.
        public let isDirect: Bool
        /// What permitted it.
        public let permission: Permission
    }

    /// What permitted a gift.
    public enum Permission: Hashable, Sendable {
        /// Clauses of a protocol, or the emergency route.
        case clauses([ClauseReference])
        /// The recipient is an auditor with the board's mandate.
        case mandate
        /// Nothing, for this reason.
        case nothing(ReasonCode)
    }

    /// A protocol by code and version.
    public struct ProtocolVersion: Hashable, Comparable, Sendable {
        /// Its code.
        public let code: ProtocolCode
        /// Its version.
        public let version: Int

        public static func < (left: ProtocolVersion, right: ProtocolVersion) -> Bool {
            (left.code, left.version) < (right.code, right.version)
        }
    }

    /// A statement that the register refused.
    public struct Refused: Hashable, Sendable {
        /// Its log.
        public let log: Origin
        /// Its index.
        public let index: LeafIndex
        /// Its register position.
        public let position: UInt64
        /// Why.
        public let reason: ReasonCode
    }

    /// Everything given, in register order.
    public private(set) var gifts: [Gift] = []
    /// Everything refused, in register order.
    public private(set) var refused: [Refused] = []

    /// A signature under a protocol that lacks an office.
    public struct Incomplete: Hashable, Sendable {
        /// The log of the party that signed.
        public let log: Origin
        /// The index of the statement.
        public let index: LeafIndex
        /// The rules signed.
        public let bundle: Hash256
        /// The offices that have not signed.
        public let missing: [OfficeCode]
    }

    /// Signatures that lack an office to the end, and so put nothing in force, in the order of logs.
    public var incomplete: [Incomplete] {
        unfinished.values.flatMap(\.values).sorted { ($0.log, $0.index) < ($1.log, $1.index) }
    }
    private var unfinished: [Origin: [Hash256: Incomplete]] = [:]

    /// Starts with nothing.
    public init() {}

    public mutating func take(_ step: AuditStep) {
        if case .refused(let reason) = step.record.verdict {
            refused.append(
                Refused(
                    log: step.record.origin, index: step.record.index, position: step.position,
                    reason: reason))
            return
        }
        guard let author = step.author else { return }
        takeSignature(step, by: author)
        for recipient in step.deliveries.keys.sorted() {
            guard let delivery = step.deliveries[recipient] else { continue }
            let asking = ConformanceQuestion(step: step, sender: author, recipient: recipient)
            for label in asking.circleLabels(of: delivery) {
                add(
                    label, by: step, author, recipient, isDirect: false,
                    asking.permission(of: label))
            }
            let shared = Set(delivery.shared.compactMap { step.sharedLabels[$0] })
            for label in shared.sorted() {
                let permission = asking.permission(ofDirect: label, until: delivery.sharedUntil)
                add(label, by: step, author, recipient, isDirect: true, permission)
            }
        }
        takeUndue(step, by: author)
    }

    /// A share that the register accepted, and that nothing permitted when its author wrote it, is named although nobody
    /// is due what it gives: whoever accepted it may have delivered it too.
    private mutating func takeUndue(_ step: AuditStep, by author: AgencyCode) {
        guard case .share(let share) = step.statement.payload.control,
            step.deliveries[share.recipient]?.shared.isEmpty != false
        else { return }
        let asking = ConformanceQuestion(step: step, sender: author, recipient: share.recipient)
        for label in Set(share.compartments.compactMap { step.sharedLabels[$0] }).sorted() {
            let permission = asking.permission(ofDirect: label, until: share.expires)
            guard case .nothing = permission else { continue }
            add(label, by: step, author, share.recipient, isDirect: true, permission)
        }
    }

    /// A signature without an office that must sign, until that office signs too or it is taken back.
    private mutating func takeSignature(_ step: AuditStep, by author: AgencyCode) {
        let log = step.record.origin
        switch step.statement.payload.control {
        case .adopt(let bundle, _):
            let required = step.roster.protocols[bundle]?.requiredOffices(of: author) ?? []
            let signed = step.roster.parties[author]?.adoptions[bundle]?.offices(at: TreeSize(step.position + 1))
            let missing = required.subtracting(signed ?? []).sorted()
            unfinished[log, default: [:]][bundle] =
                missing.isEmpty
                ? nil : Incomplete(log: log, index: step.record.index, bundle: bundle, missing: missing)
        case .endAdoption(let bundle, _, _): unfinished[log]?[bundle] = nil
        default: break
        }
    }

    private mutating func add(
        _ label: Label, by step: AuditStep, _ sender: AgencyCode, _ recipient: AgencyCode,
        isDirect: Bool,
        _ permission: Permission
    ) {
        gifts.append(
            Gift(
                log: step.record.origin, index: step.record.index, position: step.position,
                sender: sender,
                recipient: recipient, label: label, isDirect: isDirect, permission: permission))
    }

    /// One finding for each statement that gave something without permission.
    public var findings: [AuditFinding] {
        var found: [AuditFinding] = []
        for gift in gifts {
            guard case .nothing(let reason) = gift.permission else { continue }
            let finding = AuditFinding(
                log: gift.log, index: gift.index, kind: .outsideProtocol(reason))
            if !found.contains(finding) { found.append(finding) }
        }
        for signature in incomplete {
            found += signature.missing.map {
                AuditFinding(log: signature.log, index: signature.index, kind: .officeMissing($0))
            }
        }
        return found
    }

    /// How many gifts rest on each protocol.
    public var countsByProtocol: [ProtocolVersion: Int] {
        gifts.reduce(into: [:]) { counts, gift in
            guard case .clauses(let clauses) = gift.permission else { return }
            for version in Set(clauses.compactMap(ProtocolVersion.init)) {
                counts[version, default: 0] += 1
            }
        }
    }

    /// How many gifts each agency received.
    public var countsByRecipient: [AgencyCode: Int] {
        gifts.reduce(into: [:]) { $0[$1.recipient, default: 0] += 1 }
    }
}

extension Conformance.ProtocolVersion {
    init?(_ clause: ClauseReference) {
        guard let code = clause.protocolCode, let version = clause.version else { return nil }
        self.code = code
        self.version = version
    }
}
