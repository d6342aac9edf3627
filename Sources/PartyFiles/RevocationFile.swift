import DeterministicCBOR
public import EventLogs
public import Partnership
import SignedStatements
public import TallystickPrimitives

/// Revocations carried by file: the very statements that an agency's root key signed.
///
/// The file is believed for what signed it and not for how it came. What the board revoked comes in its export, where
/// every act can be judged by the members of its time.
public enum RevocationFile {
    /// The bytes of a file with an agency's REVOKEs, in the order of its log.
    public static func encoded(_ statements: some Sequence<Statement>) -> [UInt8] {
        CBOR.array([.text(mark)] + statements.map { .bytes($0.bytes) }).encoded
    }

    /// Reads a file: one statement at least.
    /// - Throws: `PartyFileError.notARevocation`.
    public static func statements(decoding bytes: [UInt8]) throws(PartyFileError) -> [Statement] {
        do {
            let items = try CBOR(decoding: bytes, limit: Limits.cborByteCount)
                .items(atMost: Limits.heardRevocationCount + 1)
            guard items.count > 1, items[0] == .text(mark) else { throw CBORShapeError("revocations") }
            return try items.dropFirst().map { try Statement(decoding: try $0.byteString()) }
        } catch { throw .notARevocation }
    }

    /// What a statement of an agency revokes, if its root key signed it.
    /// - Throws: `PartyFileError.notARevocation`.
    public static func verified(_ statement: Statement, by roster: Roster) throws(PartyFileError) -> HeardRevocation {
        guard let party = roster.party(of: statement.origin), statement.payload.kind == .revoke,
            case .revoke(let revoke) = statement.payload.control, statement.payload.stream == .control,
            (try? statement.signed.verified(by: party.rootKey)) != nil
        else { throw .notARevocation }
        return HeardRevocation(agency: party.code, origin: party.origin, revoke: revoke, statement: statement)
    }

    /// What the board revokes in a file whose every act has been judged: each by the members of its own time.
    ///
    /// - Parameter roster: from `PartnershipFile.bootstrap` of this very file.
    /// - Throws: `PartyFileError.notARevocation` where it revokes nothing.
    public static func revocations(
        in file: PartnershipFile, by roster: Roster
    ) throws(PartyFileError) -> [HeardRevocation] {
        let found = try file.boardStatements().compactMap { statement -> HeardRevocation? in
            guard case .boardRevoke(let act) = statement.payload.control,
                let party = roster.parties[act.decision.agency]
            else { return nil }
            return HeardRevocation(
                agency: party.code, origin: party.origin,
                revoke: RevokeControl(keyID: act.decision.keyID, compromisedAfter: act.decision.compromisedAfter),
                statement: statement)
        }
        guard !found.isEmpty else { throw .notARevocation }
        return found
    }

    private static let mark = "tallystick/revocation/v1"
}

/// A revocation that came by file and was judged when it came.
public struct HeardRevocation: Sendable {
    /// Whose key.
    public let agency: AgencyCode
    /// The log whose signatures it voids.
    public let origin: Origin
    /// The key, and from where on.
    public let revoke: RevokeControl
    /// What says so: the agency's statement, or the board's.
    public let statement: Statement

    /// The bytes under which a party keeps it: with the log, which an act of the board does not name.
    var kept: [UInt8] { CBOR.array([.text(HeardRevocation.mark), .origin(origin), .bytes(statement.bytes)]).encoded }

    /// Reads what was kept, and holds it against what never changes: an agency's root key, and the key of the board's
    /// office. Who was on the board when it was judged is not asked again.
    ///
    /// - Returns: nil for what does not read or is not signed.
    static func revocation(
        keptAs bytes: [UInt8], by roster: Roster
    ) -> (origin: Origin, revoke: RevokeControl)? {
        guard let items = try? CBOR(decoding: bytes, limit: Limits.cborByteCount).items(count: 3),
            items[0] == .text(mark), let origin = try? items[1].origin(), let bytes = try? items[2].byteString(),
            let statement = try? Statement(decoding: bytes)
        else { return nil }
        func isSigned(by keys: [VerificationKey]) -> Bool {
            keys.contains { (try? statement.signed.verified(by: $0)) != nil }
        }
        switch statement.payload.control {
        case .revoke(let revoke):
            // An agency that was enrolled since this party joined is not known yet at a start.
            guard statement.origin == origin, roster.party(of: origin).map({ isSigned(by: [$0.rootKey]) }) ?? true
            else { return nil }
            return (origin, revoke)
        case .boardRevoke(let act):
            guard roster.board?.origin == statement.origin, isSigned(by: roster.statementKeys(of: statement.origin))
            else { return nil }
            let decision = act.decision
            return (origin, RevokeControl(keyID: decision.keyID, compromisedAfter: decision.compromisedAfter))
        default: return nil
        }
    }

    private static let mark = "tallystick/heard-revocation/v1"
}
