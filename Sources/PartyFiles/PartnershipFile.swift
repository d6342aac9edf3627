import DeterministicCBOR
public import EventLogs
public import Partnership
public import Replication
public import TallystickPrimitives
import TransparencyLog

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
        // At least one part: a file without acts is still a file.
        let starts =
            statements.isEmpty ? [0] : Array(stride(from: 0, to: statements.count, by: PartnershipFile.partCount))
        let parts = starts.map { start in
            let end = min(start + PartnershipFile.partCount, statements.count)
            let push = PushRequest(
                origin: PartnershipFile.boardOrigin, firstIndex: LeafIndex(UInt64(start)),
                statements: Array(statements[start..<end]), headNote: headNote)
            return CBOR.bytes(push.encoded)
        }
        return CBOR.array([.text(PartnershipFile.mark)] + parts).encoded
    }

    /// Reads a file; nothing in it is verified yet.
    public init(decoding bytes: [UInt8]) throws(PartyFileError) {
        do {
            let items = try CBOR(decoding: bytes, limit: Limits.publicFileByteCount).items()
            guard items.first == .text(PartnershipFile.mark) else { throw CBORShapeError("a partnership file") }
            var statements: [CarriedStatement] = []
            var note: [UInt8]?
            for item in items.dropFirst() {
                let part = try PushRequest(decoding: try item.byteString())
                let isFull = statements.count.isMultiple(of: PartnershipFile.partCount)
                guard part.origin == PartnershipFile.boardOrigin, isFull,
                    part.firstIndex == LeafIndex(UInt64(statements.count)), part.headNote == note ?? part.headNote,
                    part.statements.allSatisfy(\.grants.isEmpty)
                else { throw CBORShapeError("a board's log from its beginning") }
                statements += part.statements
                note = part.headNote
            }
            guard let note else { throw CBORShapeError("a board's log") }
            self.statements = statements
            headNote = note
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

    /// Who is who, if the file is that of the pinned board, every act stands, and nothing in it is other than what the
    /// board signed: no statement, no compartment, no head.
    public func bootstrap(fingerprint: Hash256, now: Timestamp) throws(PartnershipFileFault) -> Roster {
        let read: [Statement]
        do { read = try boardStatements() } catch { throw .file(error) }
        let roster: Roster
        do { roster = try Roster.bootstrap(fingerprint: fingerprint, statements: read, now: now) } catch {
            throw .roster(error)
        }
        for (place, statement) in read.enumerated() {
            guard isWhole(statements[place].compartments, of: statement) else {
                throw .compartment(LeafIndex(UInt64(place)))
            }
        }
        guard isHead(over: read, of: roster) else { throw .head }
        return roster
    }

    /// Whether these are the compartments that the statement describes, all of them and no others.
    private func isWhole(_ compartments: [CarriedCompartment], of statement: Statement) -> Bool {
        let described = statement.payload.compartments
        return compartments.count == described.count
            && zip(compartments, described).allSatisfy { $0.mismatch(with: $1) == nil }
    }

    private func isHead(over read: [Statement], of roster: Roster) -> Bool {
        guard let board = roster.board,
            let head = try? SignedTreeHead(verifying: headNote, origin: board.origin, key: board.logKey).head
        else { return false }
        var edge = TreeFrontier()
        for statement in read { edge.append(statement.leafHash) }
        return head.size == edge.size && head.root == edge.root
    }

    /// Acts in one part of a file: what one push may hold.
    private static let partCount = Limits.pageStatementCount
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
    /// What came with an act of the board is not what the board signed.
    case compartment(LeafIndex)
    /// The head is not the board's, or not that of these acts.
    case head
}

extension PartnershipFileFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .roster(.fingerprintMismatch(let expected, let actual)):
            "\(PartyFileError.otherPartnership(expected: expected, found: actual))"
        case .roster(let fault):
            "the partnership file does not stand (\(fault.code)); ask the board for a new export"
        case .compartment(let index):
            "the partnership file is damaged: what came with act \(index) is not what the board signed; "
                + "ask the board for a new export"
        case .head:
            "the partnership file is damaged: its head is not the board's for these acts; ask the board for a new export"
        }
    }
}
