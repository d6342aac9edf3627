import DeterministicCBOR
public import EventLogs
import Partnership
import SharingProtocols
import SignedStatements
import TallystickPrimitives

/// What a board can be asked to decide: one of eight acts.
public enum BoardMotion: Hashable, Sendable {
    /// A party comes in, or its enrolment is renewed.
    case enrol(Enrolment)
    /// The list of witnesses is replaced.
    case witnesses(WitnessList)
    /// A protocol goes on the log, with the bytes of its file.
    case publish(ProtocolPublication, yaml: [UInt8])
    /// A published protocol comes into force.
    case activate(Activation)
    /// A party's key is not to be believed.
    case revoke(PartyRevocation)
    /// The board's members are replaced.
    case members(BoardMembership)
    /// A party takes another's place.
    case succession(Succession)
    /// Cases whose lead cannot let go are given to others.
    case reassign(Reassignment)

    /// The kind of statement it becomes.
    var kind: StatementKind {
        switch self {
        case .enrol: .enrol
        case .witnesses: .witnesses
        case .publish: .protocol
        case .activate: .activate
        case .revoke: .revoke
        case .members: .members
        case .succession: .succession
        case .reassign: .reassign
        }
    }

    /// The bytes that each member signs.
    func bytesToSign(origin: Origin, event: EventID) -> [UInt8] {
        switch self {
        case .enrol(let decision):
            BoardAct.bytesToSign(decision, origin: origin, event: event, kind: kind)
        case .witnesses(let decision):
            BoardAct.bytesToSign(decision, origin: origin, event: event, kind: kind)
        case .publish(let decision, _):
            BoardAct.bytesToSign(decision, origin: origin, event: event, kind: kind)
        case .activate(let decision):
            BoardAct.bytesToSign(decision, origin: origin, event: event, kind: kind)
        case .revoke(let decision):
            BoardAct.bytesToSign(decision, origin: origin, event: event, kind: kind)
        case .members(let decision):
            BoardAct.bytesToSign(decision, origin: origin, event: event, kind: kind)
        case .succession(let decision):
            BoardAct.bytesToSign(decision, origin: origin, event: event, kind: kind)
        case .reassign(let decision):
            BoardAct.bytesToSign(decision, origin: origin, event: event, kind: kind)
        }
    }

    /// The draft with the given signers' signatures.
    func draft(
        origin: Origin, event: EventID, signers: [any Signer], entropy: any Entropy
    ) throws -> StatementDraft {
        switch self {
        case .enrol(let decision):
            return try BoardActs.enrol(decision, origin: origin, event: event, signers: signers)
        case .witnesses(let decision):
            return try BoardActs.witnesses(decision, origin: origin, event: event, signers: signers)
        case .publish(let decision, let yaml):
            let body = CompartmentBody(
                seed: entropy.bytes(count: 32),
                fields: [PublishedProtocol.bundleField: RulesBundle.current(yaml: yaml).encoded])
            return try BoardActs.publish(
                decision, bundle: body, compartment: CompartmentID(from: entropy), origin: origin,
                event: event, signers: signers)
        case .activate(let decision):
            return try BoardActs.activate(decision, origin: origin, event: event, signers: signers)
        case .revoke(let decision):
            return try BoardActs.revoke(decision, origin: origin, event: event, signers: signers)
        case .members(let decision):
            return try BoardActs.members(decision, origin: origin, event: event, signers: signers)
        case .succession(let decision):
            return try BoardActs.succession(decision, origin: origin, event: event, signers: signers)
        case .reassign(let decision):
            return try BoardActs.reassign(decision, origin: origin, event: event, signers: signers)
        }
    }

    /// What is decided, in one line for whoever is asked to sign.
    public var summary: String {
        switch self {
        case .enrol(let enrolment):
            let end = enrolment.expires.map { " until \($0)" } ?? ""
            return
                "enrol \(enrolment.party.rawValue) \(enrolment.agency), log \(enrolment.origin)\(end)"
        case .witnesses(let list): return "witnesses: \(list.entries.count)"
        case .publish(let publication, _):
            return
                "publish \(publication.code) version \(publication.version), rules \(publication.bundle)"
        case .activate(let activation):
            return
                "activate rules \(activation.bundle) from register position \(activation.position)"
        case .revoke(let revocation):
            return """
                revoke key \(revocation.keyID) of \(revocation.agency) from register position \
                \(revocation.compromisedAfter)
                """
        case .members(let membership):
            let keys = membership.keys.compactMap { try? VerificationKey(bytes: $0).keyID.hex }
            return "board of \(keys.count), \(membership.threshold) to sign: \(keys.joined(separator: ", "))"
        case .succession(let succession): return succession.summary
        case .reassign(let reassignment): return reassignment.summary
        }
    }
}

extension Succession {
    /// What is decided, in one line.
    var summary: String {
        let what =
            schedule.map { "what schedule \($0.hash) names, \($0.caseCount) cases at the most" } ?? "everything"
        let keeper = keeper.map { "; \($0) keeps the log of \(predecessor)" } ?? ""
        return "\(successor) takes the place of \(predecessor) from register position \(position), for \(what)\(keeper)"
    }
}

extension Reassignment {
    /// What is decided, in as many lines as there are cases.
    var summary: String {
        let lines = moves.map { "\n  case \($0.matter.stream) of \($0.matter.origin) to \($0.recipient)" }
        return "give \(moves.count) cases to other leads (\(reason)):" + lines.joined()
    }
}
