import DeterministicCBOR
public import EventLogs
public import Partnership
public import Replication
public import TallystickPrimitives

/// The board's log as a file: what a newcomer needs, with the fingerprint pinned out of band, to know who is who.
public struct PartnershipFile: Hashable, Sendable {
    /// The board's statements from its genesis, with their public compartments.
    public let statements: [CarriedStatement]
    /// The board's signed head.
    public let headNote: [UInt8]

    /// States a file.
    public init(statements: [CarriedStatement], headNote: [UInt8]) {
        self.statements = statements
        self.headNote = headNote
    }

    /// The file's bytes.
    public var encoded: [UInt8] {
        let push = PushRequest(
            origin: PartnershipFile.boardOrigin, firstIndex: LeafIndex(0), statements: statements, headNote: headNote)
        return CBOR.array([.text(PartnershipFile.mark), .bytes(push.encoded)]).encoded
    }

    /// Reads a file; nothing in it is verified yet.
    public init(decoding bytes: [UInt8]) throws(PartyFileError) {
        do {
            let items = try CBOR(decoding: bytes, limit: Limits.requestByteCount).items(count: 2)
            guard items[0] == .text(PartnershipFile.mark) else { throw CBORShapeError("a partnership file") }
            let push = try PushRequest(decoding: try items[1].byteString())
            statements = push.statements
            headNote = push.headNote
        } catch { throw .notAPartnershipFile }
    }

    /// The board's statements, read.
    public func boardStatements() throws(PartyFileError) -> [Statement] {
        var result: [Statement] = []
        for carried in statements {
            do { result.append(try Statement(decoding: carried.bytes)) } catch { throw .notAPartnershipFile }
        }
        return result
    }

    /// Who is who, if the file is that of the pinned board and every act stands.
    public func bootstrap(fingerprint: Hash256, now: Timestamp) throws(PartnershipFileFault) -> Roster {
        let statements: [Statement]
        do { statements = try boardStatements() } catch { throw .file(error) }
        do { return try Roster.bootstrap(fingerprint: fingerprint, statements: statements, now: now) } catch {
            throw .roster(error)
        }
    }

    private static let mark = "tallystick/partnership/v1"
    // A push names its log; in the file the genesis does.
    private static let boardOrigin: Origin = {
        guard let origin = Origin("board") else { preconditionFailure("'board' is an origin") }
        return origin
    }()
}

/// Why a partnership file is not believed.
public enum PartnershipFileFault: Error, Hashable, Sendable {
    /// It does not read.
    case file(PartyFileError)
    /// It reads, but does not stand.
    case roster(RosterFault)
}

extension PartnershipFileFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .roster(.fingerprintMismatch(let expected, let actual)):
            "\(PartyFileError.otherPartnership(expected: expected, found: actual))"
        case .roster(let fault):
            "the partnership file does not stand (\(fault.code)); ask the board for a new export"
        }
    }
}
