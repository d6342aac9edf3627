import Partnership
import SignedStatements
public import TallystickPrimitives

/// A motion on its way to being an act: carried by file from member to member, each of whom signs
/// it where their key is.
public struct BoardProposal: Hashable, Sendable {
    /// The board it is put to.
    public let fingerprint: Hash256
    /// The board's log.
    public let origin: Origin
    /// The event that the act will be; every signature covers it.
    public let event: EventID
    /// What is to be decided.
    public let motion: BoardMotion
    /// What is to be read before signing, where it is about a protocol. It is for reading alone: no signature covers it,
    /// and `readingToSign()` says whether it is what is signed for.
    public let reading: ProposalReading?
    /// The members' signatures so far, by key.
    public private(set) var signatures: [Hash256: [UInt8]]

    init(
        fingerprint: Hash256, origin: Origin, event: EventID, motion: BoardMotion,
        reading: ProposalReading?, signatures: [Hash256: [UInt8]] = [:]
    ) {
        self.fingerprint = fingerprint
        self.origin = origin
        self.event = event
        self.motion = motion
        self.reading = reading
        self.signatures = signatures
    }

    /// Puts a motion to a board.
    public init(_ motion: BoardMotion, to log: BoardLog, entropy: any Entropy) {
        self.init(
            fingerprint: log.fingerprint, origin: log.board.origin, event: EventID(from: entropy),
            motion: motion, reading: ProposalReading(motion, on: log))
    }

    /// Adds a member's signature.
    ///
    /// Whether the key is a member's is checked when the act is committed: a member away from the
    /// office has the proposal and the pinned fingerprint only.
    /// - Parameter fingerprint: the board that the member knows.
    /// - Throws: `BoardOfficeError.otherBoard`.
    public mutating func sign(by member: BoardMember, of fingerprint: Hash256) throws {
        guard fingerprint == self.fingerprint else {
            throw BoardOfficeError.otherBoard(expected: fingerprint, found: self.fingerprint)
        }
        let bytes = motion.bytesToSign(origin: origin, event: event)
        signatures[member.key.publicKey.keyID] = try member.key.sign(bytes)
    }
}

/// Gives back a signature that was made elsewhere, for the one text it was made for.
struct RecordedSigner: Signer {
    let publicKey: VerificationKey
    let signature: [UInt8]

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        guard publicKey.isValid(signature: signature, over: bytes) else {
            throw BoardOfficeError.badSignature(keyID: publicKey.keyID)
        }
        return signature
    }
}
