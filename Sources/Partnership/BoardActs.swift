public import EventLogs
public import SignedStatements
public import TallystickPrimitives

/// What the board does: drafts for its log, each carrying the members' signatures.
public enum BoardActs {
    /// The draft that founds a partnership.
    ///
    /// - Parameters:
    ///   - members: the board members' public keys.
    ///   - threshold: how many must sign an act.
    public static func genesis(
        members: [VerificationKey], threshold: Int, statementKey: VerificationKey, logKey: VerificationKey,
        event: EventID
    ) -> StatementDraft {
        let genesis = BoardGenesis(
            threshold: threshold, boardKeys: members.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) },
            statementKey: statementKey.bytes, logKey: logKey.bytes)
        return StatementDraft(
            eventID: event, stream: .control, expectedVersion: .noStream, control: .boardGenesis(genesis))
    }

    /// The draft of an enrolment.
    public static func enrol(
        _ enrolment: Enrolment, origin: Origin, event: EventID, signers: [any Signer]
    ) throws -> StatementDraft {
        let act = try signed(enrolment, origin: origin, event: event, kind: .enrol, signers: signers)
        return draft(.enrol(act), event: event)
    }

    /// The draft of a witness list.
    public static func witnesses(
        _ list: WitnessList, origin: Origin, event: EventID, signers: [any Signer]
    ) throws -> StatementDraft {
        let act = try signed(list, origin: origin, event: event, kind: .witnesses, signers: signers)
        return draft(.witnesses(act), event: event)
    }

    /// The draft that publishes a protocol, with its bundle as a public compartment.
    public static func publish(
        _ publication: ProtocolPublication, bundle body: CompartmentBody, compartment: CompartmentID, origin: Origin,
        event: EventID, signers: [any Signer]
    ) throws -> StatementDraft {
        let act = try signed(publication, origin: origin, event: event, kind: .protocol, signers: signers)
        let content = CarriedCompartment.clearContent(body)
        let descriptor = CompartmentDescriptor(
            id: compartment, label: PublishedProtocol.bundleLabel, paddedLength: ByteCount(content.count),
            contentHash: Hash256(hashing: content), wrapHash: nil, keyCommitment: nil, fieldRoot: body.fieldRoot,
            reader: .public, caveats: [], expires: nil)
        return StatementDraft(
            eventID: event, stream: .control, expectedVersion: .any, control: .protocol(act),
            descriptors: [descriptor],
            compartments: [CarriedCompartment(id: compartment, content: content, wrap: nil)])
    }

    /// The draft that brings a bundle into force.
    public static func activate(
        _ activation: Activation, origin: Origin, event: EventID, signers: [any Signer]
    ) throws -> StatementDraft {
        let act = try signed(activation, origin: origin, event: event, kind: .activate, signers: signers)
        return draft(.activate(act), event: event)
    }

    /// The draft that revokes a party's key.
    public static func revoke(
        _ revocation: PartyRevocation, origin: Origin, event: EventID, signers: [any Signer]
    ) throws -> StatementDraft {
        let act = try signed(revocation, origin: origin, event: event, kind: .revoke, signers: signers)
        return draft(.boardRevoke(act), event: event)
    }

    /// The draft that replaces the board's members, signed by those who are until now.
    public static func members(
        _ membership: BoardMembership, origin: Origin, event: EventID, signers: [any Signer]
    ) throws -> StatementDraft {
        let act = try signed(membership, origin: origin, event: event, kind: .members, signers: signers)
        return draft(.members(act), event: event)
    }

    /// The draft by which one party takes another's place.
    public static func succession(
        _ succession: Succession, origin: Origin, event: EventID, signers: [any Signer]
    ) throws -> StatementDraft {
        let act = try signed(succession, origin: origin, event: event, kind: .succession, signers: signers)
        return draft(.succession(act), event: event)
    }

    /// The draft that gives cases whose lead cannot let go to agencies that would take them.
    public static func reassign(
        _ reassignment: Reassignment, origin: Origin, event: EventID, signers: [any Signer]
    ) throws -> StatementDraft {
        let act = try signed(reassignment, origin: origin, event: event, kind: .reassign, signers: signers)
        return draft(.reassign(act), event: event)
    }

    private static func draft(_ control: ControlBody, event: EventID) -> StatementDraft {
        StatementDraft(eventID: event, stream: .control, expectedVersion: .any, control: control)
    }

    private static func signed<Decision>(
        _ decision: Decision, origin: Origin, event: EventID, kind: StatementKind, signers: [any Signer]
    ) throws -> BoardAct<Decision> {
        let bytes = BoardAct.bytesToSign(decision, origin: origin, event: event, kind: kind)
        var signatures: [Hash256: [UInt8]] = [:]
        for signer in signers { signatures[signer.publicKey.keyID] = try signer.sign(bytes) }
        return BoardAct(decision: decision, signatures: signatures)
    }
}
