public import EventLogs
import Partnership
public import PartyFiles
import SharingProtocols
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

extension BoardMotion {
    /// The motion to enrol whoever wrote a request.
    ///
    /// - Parameters:
    ///   - expires: when the enrolment ends; an auditor's must.
    ///   - scope: what an auditor's mandate covers; nobody else has one.
    /// - Throws: `BoardOfficeError.mandate`, `.alreadyEnded`.
    public static func enrolling(
        _ request: EnrolmentRequest, expires: Timestamp?, scope: String?, now: Timestamp
    ) throws(BoardOfficeError) -> BoardMotion {
        let isAuditor = request.party == .auditor
        guard isAuditor == (scope != nil), !isAuditor || expires != nil else {
            throw .mandate(request.agency)
        }
        if let expires, expires <= now { throw .alreadyEnded(expires) }
        return .enrol(
            Enrolment(
                agency: request.agency, party: request.party, origin: request.origin,
                rootKey: request.rootKey, certificate: request.certificate, expires: expires,
                scope: scope))
    }

    /// The motion to publish a protocol file.
    /// - Throws: `BoardOfficeError.protocolFile` with everything found wrong, each with its place.
    public static func publishing(
        yaml: [UInt8], file: String
    ) throws(BoardOfficeError) -> BoardMotion {
        let terms: SharingProtocol
        do { terms = try SharingProtocol(parsing: yaml, file: file) } catch {
            throw .protocolFile("\(error)")
        }
        let publication = ProtocolPublication(
            code: terms.code, version: UInt64(terms.version),
            bundle: RulesBundle.current(yaml: yaml).hash)
        return .publish(publication, yaml: yaml)
    }

    /// The motion to bring the newest version of a protocol into force.
    /// - Throws: `BoardOfficeError.unknownProtocol`.
    public static func activating(
        _ code: ProtocolCode, from position: TreeSize, on log: BoardLog
    ) throws(BoardOfficeError) -> BoardMotion {
        .activate(
            Activation(bundle: try log.newestPublication(of: code).bundle, position: position))
    }

    /// The motion to replace the witness list.
    ///
    /// One witness a line, `VERIFIER-KEY OPERATOR [party]`; lines that begin with `#` are notes.
    /// - Throws: `BoardOfficeError.witnessKey`.
    public static func listingWitnesses(_ text: String) throws(BoardOfficeError) -> BoardMotion {
        var entries: [WitnessList.Entry] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            entries.append(try entry(first, words, line: number + 1))
        }
        guard entries.count <= Limits.witnessCount else {
            throw .witnessKey(line: Limits.witnessCount + 1)
        }
        return .witnesses(WitnessList(entries: entries))
    }

    /// The motion to revoke a party's key.
    /// - Throws: `BoardOfficeError.notEnrolled`.
    public static func revoking(
        _ keyID: Hash256, of agency: AgencyCode, from position: TreeSize, on log: BoardLog
    ) throws(BoardOfficeError) -> BoardMotion {
        guard log.roster.parties[agency] != nil else { throw .notEnrolled(agency) }
        return .revoke(PartyRevocation(agency: agency, keyID: keyID, compromisedAfter: position))
    }

    /// The motion to put another member's key in the place of one: lost, stolen, or of somebody who has left.
    /// - Throws: `BoardOfficeError.notAMember`, `.memberKey`.
    public static func replacingMember(
        _ keyID: Hash256, by key: [UInt8], on log: BoardLog
    ) throws(BoardOfficeError) -> BoardMotion {
        guard log.board.members[keyID] != nil else { throw .notAMember(keyID: keyID) }
        guard let new = try? VerificationKey(bytes: key), log.board.members[new.keyID] == nil else {
            throw .memberKey
        }
        let kept = log.board.members.filter { $0.key != keyID }.values.map(\.bytes)
        return .members(BoardMembership(threshold: log.board.threshold, keys: kept + [key]))
    }

    /// The motion that one party takes another's place.
    ///
    /// - Throws: `BoardOfficeError.notEnrolled`, `.succession`.
    public static func succeeding(
        _ succession: Succession, on log: BoardLog
    ) throws(BoardOfficeError) -> BoardMotion {
        try check(succession, against: log)
        return .succession(succession)
    }

    private static func check(_ succession: Succession, against log: BoardLog) throws(BoardOfficeError) {
        let named = [succession.predecessor, succession.successor] + [succession.keeper].compactMap(\.self)
        for code in named where log.roster.parties[code]?.enrolment.party != .agency { throw .notEnrolled(code) }
        guard succession.schedule != nil || succession.keeper != nil else { throw .succession(.keeperMissing) }
        guard succession.keeper != succession.predecessor else { throw .succession(.keepsItself) }
        let isWhole = succession.schedule == nil
        let others = log.successions.filter { $0.predecessor == succession.predecessor && $0 != succession }
        guard others.allSatisfy({ !isWhole && $0.schedule != nil }) else { throw .succession(.wholeBefore) }
    }

    /// Refuses what is well signed and still wrong.
    func check(against log: BoardLog) throws(BoardOfficeError) {
        switch self {
        case .enrol, .witnesses, .revoke, .members, .reassign: break
        case .succession(let succession): try BoardMotion.check(succession, against: log)
        case .activate(let activation):
            guard log.publications.contains(where: { $0.bundle == activation.bundle }) else {
                throw .protocolFile("the rules \(activation.bundle) are not on the board's log")
            }
        case .publish(let publication, let yaml):
            guard
                case .publish(publication, _) = try BoardMotion.publishing(
                    yaml: yaml, file: "protocol")
            else { throw .protocolFile("the file is not the one that was signed for") }
            let taken = log.publications.contains {
                $0.code == publication.code && $0.version == publication.version
            }
            if taken {
                throw .versionTaken(publication.code, version: Int(clamping: publication.version))
            }
        }
    }
}

private func entry(
    _ text: String, _ words: [String], line: Int
) throws(BoardOfficeError) -> WitnessList.Entry {
    guard (try? NoteVerifierKey(parsing: text)) != nil, (2...3).contains(words.count),
        words.count == 2 || words[2] == "party"
    else { throw .witnessKey(line: line) }
    return WitnessList.Entry(verifierKey: text, operator: words[1], isParty: words.count == 3)
}
