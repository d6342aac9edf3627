import EventLogs
import Partnership
import TallystickPrimitives

/// How a board stands, for people and programs.
public struct BoardStatus: Hashable, Sendable, Codable {
    /// A party on the log.
    public struct Party: Hashable, Sendable, Codable {
        /// Its code.
        public let code: String
        /// What it is.
        public let kind: String
        /// Its log.
        public let origin: String
        /// When its enrolment ends, RFC 3339.
        public let expires: String?
        /// What an auditor's mandate covers.
        public let scope: String?
    }

    /// A protocol on the log.
    public struct Publication: Hashable, Sendable, Codable {
        /// Its code.
        public let code: String
        /// Its version.
        public let version: UInt64
        /// The hash of its rules bundle.
        public let bundle: String
        /// The register positions that it was activated for.
        public let activatedFrom: [UInt64]
    }

    /// The board's log.
    public let origin: String
    /// SHA-256 of its genesis: what everybody pins.
    public let fingerprint: String
    /// How many statements the log has.
    public let size: Int
    /// How many members the board has.
    public let members: Int
    /// How many of them must sign.
    public let threshold: Int
    /// The identifiers of the members' keys.
    public let memberKeys: [String]
    /// The keys of parties that the board has revoked, with the register position from which they are void.
    public let revocations: [String]
    /// Who takes whose place, and cases given by the board.
    public let successions: [String]
    /// The parties by code.
    public let parties: [Party]
    /// The verifier keys of the witnesses.
    public let witnesses: [String]
    /// The protocols, oldest publication first.
    public let protocols: [Publication]

    /// Reads the status off a log.
    public init(_ log: BoardLog) {
        origin = log.board.origin.text
        fingerprint = log.fingerprint.hex
        size = log.statements.count
        members = log.board.members.count
        threshold = log.board.threshold
        memberKeys = log.board.members.keys.map(\.hex).sorted()
        revocations = log.statements.compactMap { placed in
            guard case .boardRevoke(let act) = placed.statement.payload.control else { return nil }
            let decision = act.decision
            return "\(decision.keyID) of \(decision.agency), from register position \(decision.compromisedAfter)"
        }
        successions = log.statements.compactMap { placed in
            switch placed.statement.payload.control {
            case .succession(let act): "act \(placed.statement.eventID): \(act.decision.summary)"
            case .reassign(let act): "act \(placed.statement.eventID): \(act.decision.summary)"
            default: nil
            }
        }
        parties = log.roster.parties.values.sorted { $0.code < $1.code }.map { party in
            Party(
                code: party.code.text, kind: party.enrolment.party.rawValue,
                origin: party.origin.text,
                expires: party.enrolment.expires?.description, scope: party.enrolment.scope)
        }
        witnesses = log.roster.witnesses.map(\.verifierKey)
        let activations = log.activations
        protocols = log.publications.map { publication in
            Publication(
                code: publication.code.text, version: publication.version,
                bundle: publication.bundle.hex,
                activatedFrom: activations.filter { $0.bundle == publication.bundle }
                    .map(\.position.value))
        }
    }

    /// The status as text.
    public var text: String {
        var lines = [
            "Board log \(origin)", "Fingerprint \(fingerprint)",
            "\(size) entries; \(threshold) of \(members) members must sign",
        ]
        lines += memberKeys.map { "  member \($0)" }
        lines.append(parties.isEmpty ? "No party is enrolled." : "Parties:")
        lines += parties.map { party in
            let end = party.expires.map { ", until \($0)" } ?? ""
            let scope = party.scope.map { ", for \($0)" } ?? ""
            return "  \(party.code) (\(party.kind)), log \(party.origin)\(end)\(scope)"
        }
        lines += revocations.map { "Revoked: key \($0)" }
        lines += successions
        lines.append("Witnesses: \(witnesses.count)")
        lines.append(protocols.isEmpty ? "No protocol is published." : "Protocols:")
        lines += protocols.map { entry in
            let positions = entry.activatedFrom.map(String.init).joined(separator: ", ")
            let force =
                positions.isEmpty
                ? "not activated" : "activated from register position \(positions)"
            return "  \(entry.code) version \(entry.version), \(force), rules \(entry.bundle)"
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
