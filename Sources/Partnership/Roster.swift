public import EventLogs
public import SignedStatements
public import TallystickPrimitives

/// Who is who: the fold of every control statement in register order, checked from a pinned fingerprint.
///
/// Every node, the broker and the auditor fold the same statements and reach the same roster; nobody takes another's
/// word for it. A statement is first judged with `verify`, then folded with `fold`.
public struct Roster: Sendable {
    /// SHA-256 of the board's genesis statement, pinned out of band.
    public let fingerprint: Hash256
    /// The board, once its genesis has been folded.
    public private(set) var board: Board?
    /// The parties by code.
    public internal(set) var parties: [AgencyCode: Party] = [:]
    /// The published protocols by the hash of their bundle.
    public internal(set) var protocols: [Hash256: PublishedProtocol] = [:]
    /// Where in the register somebody ended an adoption last: what was in force there and before still is, if nobody did.
    public internal(set) var newestEnding: TreeSize?
    /// Where in the register a signature or an activation came last: a version that is in force may have been replaced there.
    public internal(set) var newestSigning: TreeSize?
    /// What the offices of the parties have said of a published protocol, by its bundle.
    public internal(set) var consultations: [Hash256: Consultation] = [:]
    /// Published rules that this program cannot decide by, by their bundle.
    public internal(set) var lackedRules: [Hash256: LackedRules] = [:]
    /// From where on in the register this program cannot follow: rules that it lacks decide from there.
    public internal(set) var lack: (from: TreeSize, rules: LackedRules)?
    /// The parties that take others' places, by the board's act.
    public internal(set) var successions: [EventID: SuccessionState] = [:]
    /// The current witness list.
    public private(set) var witnesses: [WitnessList.Entry] = []
    var agencyByOrigin: [Origin: AgencyCode] = [:]
    /// The revoked keys of each log, with the register position from which their signatures are void.
    public internal(set) var revocations: [Origin: [Hash256: TreeSize]] = [:]
    /// What each log stands by of what its revoked keys signed: indexes, by key.
    public private(set) var reaffirmed: [Origin: [Hash256: IndexRuns]] = [:]
    /// The statements by which each log announced its keys, for whoever must show whose a signature is.
    public private(set) var keyStatements: [Origin: [[UInt8]]] = [:]
    /// What counted of each party at earlier positions.
    var histories: [AgencyCode: PartyHistory] = [:]

    /// The board and its log.
    public struct Board: Hashable, Sendable {
        /// The board's log.
        public let origin: Origin
        /// The keys and the threshold.
        public let genesis: BoardGenesis
        /// How many members must sign an act now.
        public fileprivate(set) var threshold: Int
        let statementKey: VerificationKey
        /// The key of the log's heads.
        public let logKey: VerificationKey
        /// The members' keys now.
        public fileprivate(set) var members: [Hash256: VerificationKey]
    }

    /// The newest of the broker's statements that stand in the register itself.
    public internal(set) var registerOwnHead: StreamHead?

    /// Starts with nothing but the pinned fingerprint.
    public init(fingerprint: Hash256) { self.fingerprint = fingerprint }

    /// Knows the board and who is enrolled, and nothing else: what a newcomer starts from, before the register.
    ///
    /// Protocols and activations are left out, because they count from their register position only.
    /// - Parameter statements: the board's log from its genesis, without gaps.
    public static func bootstrap(
        fingerprint: Hash256, statements: [Statement], now: Timestamp
    ) throws(RosterFault) -> Roster {
        var roster = Roster(fingerprint: fingerprint)
        for (number, statement) in statements.enumerated() {
            try roster.verify(statement, index: LeafIndex(UInt64(number)), at: .empty, now: now)
            switch statement.payload.kind {
            case .genesis, .enrol, .witnesses, .members: try roster.fold(statement, at: .empty, compartments: [])
            default: break
            }
        }
        return roster
    }

    /// The party that has a log.
    public func party(of origin: Origin) -> Party? { agencyByOrigin[origin].flatMap { parties[$0] } }

    /// The parties of a kind, by code.
    public func parties(_ kind: PartyKind) -> [Party] {
        parties.values.filter { $0.enrolment.party == kind }.sorted { $0.code < $1.code }
    }

    /// The broker's log, if a broker is enrolled; a second is never enrolled beside it, so that the register stays
    /// the log it is.
    public private(set) var registerOrigin: Origin?

    // MARK: Judging

    /// Checks who signed a statement and whether they might, at its place in register order.
    ///
    /// - Parameters:
    ///   - index: its index in its log.
    ///   - position: its register position.
    ///   - now: when it is judged; enrolments and the terms of keys end.
    ///   - checked: its signature as somebody has checked it already. It counts only where it is by the very key that the
    ///     roster gives now; otherwise the signature is checked here.
    public func verify(
        _ statement: Statement, index: LeafIndex, at position: TreeSize, now: Timestamp,
        checked: VerifiedStatement? = nil
    ) throws(RosterFault) {
        try verify(statement, index: index, at: position, now: now, signature: .unlessChecked(checked))
    }

    /// Checks the same of a statement that this party verified before it stored it, but for the signature of one that
    /// changes nothing of who is who (decision 0012).
    ///
    /// What binds its bytes to what was verified is for the caller to check.
    public func verifyStored(
        _ statement: Statement, index: LeafIndex, at position: TreeSize, now: Timestamp
    ) throws(RosterFault) {
        try verify(
            statement, index: index, at: position, now: now,
            signature: statement.payload.kind.isControl ? .unlessChecked(nil) : .verifiedWhenStored)
    }

    /// What is to be done about a signature.
    enum SignatureCheck {
        case unlessChecked(VerifiedStatement?)
        case verifiedWhenStored
    }

    private func verify(
        _ statement: Statement, index: LeafIndex, at position: TreeSize, now: Timestamp, signature: SignatureCheck
    ) throws(RosterFault) {
        let origin = statement.origin
        if board == nil || board?.origin == origin {
            try verifyBoardStatement(statement, index: index, signature: signature)
            return
        }
        guard let party = party(of: origin) else {
            return try verifyContinuation(statement, index: index, at: position, now: now, signature: signature)
        }
        guard party.origin == origin else { throw .logContinued(origin) }
        guard party.isEnrolled(at: now) else { throw .enrolmentEnded(party.code) }
        guard !statement.payload.kind.isBoardAct else { throw .wrongLogForKind(statement.payload.kind) }
        guard (index.value == 0) == statement.payload.kind.isFirst, statement.payload.kind != .continues else {
            throw .genesisOutOfPlace(origin)
        }
        try verifySignature(of: statement, by: party, at: position, now: now, signature: signature)
        if case .genesis(let genesis) = statement.payload.control {
            guard genesis.boardFingerprint == fingerprint, genesis.party == party.enrolment.party,
                genesis.rootKey == party.enrolment.rootKey
            else { throw .genesisContradictsEnrolment(party.code) }
        } else if case .boardGenesis = statement.payload.control {
            throw .genesisContradictsEnrolment(party.code)
        }
        if case .keyset(let entries) = statement.payload.control {
            try checkKeys(entries)
            try party.checkNew(entries)
        }
        if let ended = statement.payload.control.takenBack?.endedLog, party.closedLog(ended) == nil {
            throw .endedLogOfOthers(ended)
        }
        try verifyRevocation(statement.payload.control, of: party, at: index)
        try verifySuccession(statement.payload.control, of: party, at: position)
        if case .adopt(let bundle, _) = statement.payload.control, party.adoptions[bundle]?.canBeSigned == false {
            throw .adoptionLimit(bundle)
        }
    }

    private func verifyRevocation(
        _ control: ControlBody, of party: Party, at index: LeafIndex
    ) throws(RosterFault) {
        switch control {
        // Nobody revokes another's key, nor the root key that signs the revocation.
        case .revoke(let revoke):
            guard party.heldKeys.contains(revoke.keyID) else { throw .unknownKey(keyID: revoke.keyID) }
        case .boardRevoke: throw .wrongLogForKind(.revoke)
        case .reaffirm(let reaffirm):
            guard isEverRevoked(reaffirm.keyID, of: party.origin) else { throw .unknownKey(keyID: reaffirm.keyID) }
            // Nobody stands by what is not written yet.
            guard reaffirm.indexes.allSatisfy({ $0.upperBound < index.value }) else { throw .reaffirmAhead }
            let known = reaffirmed[party.origin]?.values.reduce(0) { $0 + $1.runs.count } ?? 0
            guard known + reaffirm.indexes.count <= Limits.reaffirmedTotalCount else { throw .reaffirmLimit }
        default: break
        }
    }

    private func verifySignature(
        of statement: Statement, by party: Party, at position: TreeSize, now: Timestamp, signature: SignatureCheck
    ) throws(RosterFault) {
        let key = try party.key(
            for: statement, among: party.heldSigningKeys.filter { $0.role == .statement }, at: now)
        guard !isRevoked(key.keyID, of: party.origin, at: position) else { throw .revokedKey(keyID: key.keyID) }
        guard statement.isSigned(by: key, signature) else { throw .badSignature }
    }

    private func verifyBoardStatement(
        _ statement: Statement, index: LeafIndex, signature: SignatureCheck
    ) throws(RosterFault) {
        guard let board else {
            guard statement.hash == fingerprint else {
                throw .fingerprintMismatch(expected: fingerprint, actual: statement.hash)
            }
            let founding = try Roster.founding(from: statement)
            guard statement.isSigned(by: founding.statementKey, signature) else { throw .badSignature }
            return
        }
        let keyID = statement.signed.header.keyID
        guard keyID == board.statementKey.keyID else { throw .unknownKey(keyID: keyID) }
        guard statement.isSigned(by: board.statementKey, signature) else { throw .badSignature }
        let payload = statement.payload
        switch payload.control {
        case .boardGenesis:
            guard index.value == 0, statement.hash == fingerprint else { throw .genesisOutOfPlace(board.origin) }
        case .enrol(let act):
            try board.checkThreshold(act, of: statement)
            try check(act.decision)
        case .witnesses(let act): try board.checkThreshold(act, of: statement)
        case .protocol(let act): try board.checkThreshold(act, of: statement)
        case .activate(let act): try board.checkThreshold(act, of: statement)
        case .boardRevoke(let act):
            try board.checkThreshold(act, of: statement)
            let keyID = act.decision.keyID
            guard parties[act.decision.agency] != nil else { throw .unknownKey(keyID: keyID) }
        case .members(let act):
            try board.checkThreshold(act, of: statement)
            for key in act.decision.keys { _ = try parsedKey(key) }
        case .succession(let act):
            try board.checkThreshold(act, of: statement)
            try check(act.decision)
        case .reassign(let act): try board.checkThreshold(act, of: statement)
        default: throw .wrongLogForKind(payload.kind)
        }
    }

    private func check(_ enrolment: Enrolment) throws(RosterFault) {
        _ = try parsedKey(enrolment.rootKey)
        if let known = parties[enrolment.agency],
            known.enrolment.origin != enrolment.origin || known.enrolment.rootKey != enrolment.rootKey
                || known.enrolment.party != enrolment.party
        {
            throw .enrolmentConflict(enrolment.agency)
        }
        if let owner = agencyByOrigin[enrolment.origin], owner != enrolment.agency {
            throw .enrolmentConflict(enrolment.agency)
        }
        // A name under which another's log would go on is not given away.
        if parties[enrolment.agency] == nil {
            let next = enrolment.origin.continued.flatMap { agencyByOrigin[$0] }
            guard party(goingOnIn: enrolment.origin) == nil, next == nil else {
                throw .enrolmentConflict(enrolment.agency)
            }
        }
        guard enrolment.origin != board?.origin else { throw .enrolmentConflict(enrolment.agency) }
        // Everyone takes the broker's log for the register: a second broker would put another in its place.
        let isSecondBroker = enrolment.party == .broker && parties(.broker).contains { $0.code != enrolment.agency }
        guard !isSecondBroker else { throw .enrolmentConflict(enrolment.agency) }
    }

    private func checkKeys(_ entries: [KeySetEntry]) throws(RosterFault) {
        for entry in entries where entry.role != .kem { _ = try parsedKey(entry.key) }
    }

    // MARK: Folding

    /// Takes in a statement that `verify` has let through.
    ///
    /// - Parameter compartments: the clear compartments that travel with it; a published protocol's bytes are among them.
    /// - Throws: `bundleMismatch` when a publication's bytes are missing or wrong; nothing has changed then.
    public mutating func fold(
        _ statement: Statement, at position: TreeSize, compartments: [CarriedCompartment]
    ) throws(RosterFault) {
        switch statement.payload.control {
        case .boardGenesis:
            // Whoever has read the board's whole log beforehand knows its members of today, and follows its acts from here
            // on with those of their own time.
            board = try Roster.founding(from: statement)
        case .genesis:
            if let code = agencyByOrigin[statement.origin] { parties[code]?.hasGenesis = true }
        case .keyset(let entries):
            keyStatements[statement.origin, default: []].append(statement.bytes)
            if let code = agencyByOrigin[statement.origin] {
                parties[code]?.take(entries, at: position)
                histories[code, default: PartyHistory()].take(
                    keys: parties[code]?.heldSigningKeys ?? [], at: position)
                let signing = entries.filter { $0.role != .kem }.compactMap { try? VerificationKey(bytes: $0.key) }
                parties[code]?.heldKeys.formUnion(signing.map(\.keyID))
            }
        case .revoke(let revoke):
            // It counts in its own party's logs only: anybody may announce another's public key, and would otherwise
            // silence its owner.
            if let code = agencyByOrigin[statement.origin] { take(revoke, of: code, at: position) }
        case .boardRevoke(let act):
            let decision = act.decision
            let revoke = RevokeControl(keyID: decision.keyID, compromisedAfter: decision.compromisedAfter)
            take(revoke, of: decision.agency, at: position)
        case .reaffirm(let reaffirm):
            for run in reaffirm.indexes {
                reaffirmed[statement.origin, default: [:]][reaffirm.keyID, default: IndexRuns()].insert(run)
            }
        case .continues(let continues): goOn(from: continues, in: statement.origin, at: position)
        case .members(let act):
            board?.threshold = act.decision.threshold
            board?.members = try keysByID(act.decision.keys)
        case .enrol(let act): try enrol(act.decision, at: position)
        case .witnesses(let act): witnesses = act.decision.entries
        case .protocol, .activate, .adopt, .endAdoption, .consulted:
            try foldProtocol(statement, at: position, compartments: compartments)
        case .succession, .successionWord: foldSuccession(statement, at: position)
        case .record, .share, .request, .answer, .withdraw, .recall, .purged, .erased, .erase, .hold, .access,
            .received, .circle, .handover, .reassign:
            break
        }
    }

    /// Takes a revocation that stands; a later one may only reach further back.
    private mutating func take(_ revoke: RevokeControl, of code: AgencyCode, at position: TreeSize) {
        guard let party = parties[code] else { return }
        for origin in party.origins {
            let earlier = revocations[origin]?[revoke.keyID] ?? revoke.compromisedAfter
            revocations[origin, default: [:]][revoke.keyID] = min(earlier, revoke.compromisedAfter)
        }
        histories[code, default: PartyHistory()].take(
            revocationOf: revoke.keyID, after: revoke.compromisedAfter, at: position)
    }

    private mutating func enrol(_ enrolment: Enrolment, at position: TreeSize) throws(RosterFault) {
        if let known = parties[enrolment.agency] {
            if known.enrolment.party == .broker { parties[enrolment.agency]?.formerCertificate = known.certificate }
            parties[enrolment.agency]?.enrolment = enrolment
        } else {
            parties[enrolment.agency] = Party(enrolment, rootKey: try parsedKey(enrolment.rootKey))
        }
        histories[enrolment.agency, default: PartyHistory()].take(enrolmentUntil: enrolment.expires, at: position)
        agencyByOrigin[enrolment.origin] = enrolment.agency
        if enrolment.party == .broker { registerOrigin = parties(.broker).first?.origin }
    }

    private static func founding(from statement: Statement) throws(RosterFault) -> Board {
        guard case .boardGenesis(let genesis) = statement.payload.control else {
            throw .genesisOutOfPlace(statement.origin)
        }
        return Board(
            origin: statement.origin, genesis: genesis, threshold: genesis.threshold,
            statementKey: try parsedKey(genesis.statementKey), logKey: try parsedKey(genesis.logKey),
            members: try keysByID(genesis.boardKeys))
    }
}

extension Roster.Board {
    /// At least the threshold of different board members must have signed exactly this decision for this event.
    fileprivate func checkThreshold<Decision>(
        _ act: BoardAct<Decision>, of statement: Statement
    ) throws(RosterFault) {
        let bytes = BoardAct.bytesToSign(
            act.decision, origin: origin, event: statement.eventID, kind: statement.payload.kind)
        let valid = act.signatures.filter { entry in
            members[entry.keyID]?.isValid(signature: entry.signature, over: bytes) ?? false
        }
        guard valid.count >= threshold else {
            throw .thresholdNotMet(valid: valid.count, needed: threshold)
        }
    }
}

extension Statement {
    /// Whether a key signed this; a check made before counts if it was of these bytes under this key.
    func isSigned(by key: VerificationKey, _ check: Roster.SignatureCheck) -> Bool {
        switch check {
        case .verifiedWhenStored: return true
        case .unlessChecked(let checked?) where checked.key == key && checked.statement == signed: return true
        case .unlessChecked: break
        }
        return (try? signed.verified(by: key)) != nil
    }
}

private func keysByID(_ keys: [[UInt8]]) throws(RosterFault) -> [Hash256: VerificationKey] {
    var found: [Hash256: VerificationKey] = [:]
    for bytes in keys {
        let key = try parsedKey(bytes)
        found[key.keyID] = key
    }
    return found
}

private func parsedKey(_ bytes: [UInt8]) throws(RosterFault) -> VerificationKey {
    do { return try VerificationKey(bytes: bytes) } catch { throw .badKey(error) }
}
