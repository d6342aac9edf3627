import SharingProtocols
public import TallystickPrimitives

/// Why the board's office does not do what it was asked; nothing was written.
public enum BoardOfficeError: Error, Hashable, Sendable {
    /// A board has 1 to 32 members, and between 1 and all of them must sign.
    case threshold(needed: Int, members: Int)
    /// As many passphrases as members are needed, or one for all.
    case passphraseCount(given: Int, members: Int)
    /// The log in the directory does not begin with a board's genesis.
    case notABoard(path: String)
    /// The head is not signed by the log's key.
    case headNotSigned(path: String)
    /// The bytes are no proposal.
    case notAProposal
    /// The proposal was written for another board.
    case otherBoard(expected: Hash256, found: Hash256)
    /// The key is none of this board's.
    case notAMember(keyID: Hash256)
    /// A new member's key is none, or is a member's already.
    case memberKey
    /// Nobody of this code is enrolled.
    case notEnrolled(AgencyCode)
    /// No succession between these parties as it is worded.
    case succession(SuccessionProblem)
    /// The member's signature in the proposal does not fit.
    case badSignature(keyID: Hash256)
    /// Only an auditor's enrolment has a scope, and it needs one and an end.
    case mandate(AgencyCode)
    /// The enrolment would have ended before it begins.
    case alreadyEnded(Timestamp)
    /// A witness's verifier key does not read.
    case witnessKey(line: Int)
    /// The protocol file is not valid; the text has every fault with its place.
    case protocolFile(String)
    /// This version of the protocol is on the log already.
    case versionTaken(ProtocolCode, version: Int)
    /// No such protocol is on the board's log.
    case unknownProtocol(ProtocolCode)
    /// The text that came with a proposal is not the one that it is signed for, or none came.
    case otherText(Hash256)
    /// The log is longer than one partnership file holds.
    case tooLong(limit: Int)
}

extension BoardOfficeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .threshold(let needed, let members):
            "\(needed) of \(members) is no board; between 1 and all of at most 32 members must sign"
        case .passphraseCount(let given, let members):
            "\(given) member passphrase files for \(members) members; give one for each, or one"
        case .notABoard(let path): "the log in \(path) is not a board's; check --dir"
        case .headNotSigned(let path):
            "the log in \(path) ends in a head that its key did not sign; restore it from a backup"
        case .notAProposal:
            "this file is no proposal; use the file that a command with --propose wrote"
        case .otherBoard(let expected, let found):
            "this proposal is for the board \(found), not for \(expected); do not sign it"
        case .notAMember(let keyID): "the key \(keyID) is none of this board's; check --member-key"
        case .memberKey:
            "the new key is none, or is a member's already; give the line that 'tallystick board member-key' wrote"
        case .notEnrolled(let agency): "nobody is enrolled as \(agency); 'tallystick board status' lists who is"
        case .succession(let problem): problem.description
        case .badSignature(let keyID):
            "the signature of the member \(keyID) does not fit this proposal; have it signed again"
        case .mandate(let agency):
            "\(agency): an auditor needs --scope and --expires, and no other party has a scope"
        case .alreadyEnded(let end):
            "the enrolment would have ended at \(end) already; check --expires"
        case .witnessKey(let line):
            "line \(line) of the list does not read; write: VERIFIER-KEY OPERATOR [party]"
        case .protocolFile(let text): "the protocol file is not valid:\n\(text)"
        case .versionTaken(let code, let version):
            "\(code) version \(version) is on the log already; raise the version in the file"
        case .unknownProtocol(let code):
            "no protocol \(code) is on the board's log; publish it first"
        case .otherText(let bundle):
            """
            the protocol's text in this proposal is not the one with the rules \(bundle) that would be signed for, or this \
            program is of another release than the office's; do not sign it, and ask the office for a new proposal
            """
        case .tooLong(let limit):
            "the board's log has more than \(limit) entries, which is the most one file carries"
        }
    }
}

/// Why no succession can be as it is worded.
public enum SuccessionProblem: Hashable, Sendable, CustomStringConvertible {
    /// Everything goes, and nobody is named who answers for the log that stays.
    case keeperMissing
    /// The predecessor would answer for its own log.
    case keepsItself
    /// The whole of it, beside another succession of the same predecessor.
    case wholeBefore

    public var description: String {
        switch self {
        case .keeperMissing:
            "name with --keeper who answers for the predecessor's log and holds its keys when everything has gone"
        case .keepsItself: "the predecessor cannot be the keeper of its own log; name another agency with --keeper"
        case .wholeBefore:
            "the predecessor has another successor already; where several take its place, each act has a --schedule"
        }
    }
}
