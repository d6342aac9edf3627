import EventLogs
public import Replication
public import TallystickPrimitives
import TransparencyLog

/// What somebody holds of a register that was lost: an agency its own entries and every leaf, an auditor nearly all.
/// Nothing of it is believed until it leads to a head that the register signed.
public protocol RegisterCopy: Sendable {
    /// What messages call it.
    var name: String { get }
    /// How many pages it has.
    var pageCount: Int { get }

    /// One page, counted from 0.
    func page(_ number: Int) throws -> FeedPage
    /// The newest heads that it has, of whichever logs.
    func headNotes() throws -> [Origin: [UInt8]]
}

/// The board's log as a copy: its statements stand wherever the register has them.
struct BoardStatements {
    let origin: Origin
    let statements: [CarriedStatement]
    let headNote: [UInt8]
}

/// Where every part of a register was found.
struct RegisterParts {
    private struct Place {
        let copy: Int
        let page: Int
        let entry: Int
    }

    private let copies: [any RegisterCopy]
    private let board: BoardStatements
    private var places: [UInt64: [Place]] = [:]
    private var found: [UInt64: (leaf: [UInt8], copy: Int)] = [:]
    /// Every head that any copy has, by log.
    private(set) var heads: [Origin: [[UInt8]]] = [:]
    private var read: [(copy: Int, page: Int, content: FeedPage)] = []

    /// Goes through every copy once.
    ///
    /// - Throws: `RegisterRestoreFault.copiesDiffer`; what a copy throws.
    init(_ copies: [any RegisterCopy], board: BoardStatements, register: Origin) throws {
        self.copies = copies
        self.board = board
        heads[board.origin, default: []].append(board.headNote)
        for (number, copy) in copies.enumerated() {
            for (origin, note) in try copy.headNotes() { heads[origin, default: []].append(note) }
            for page in 0..<copy.pageCount {
                let content = try copy.page(page)
                if !content.headNote.isEmpty { heads[register, default: []].append(content.headNote) }
                try add(content.leaves, from: content.from, of: number)
                for (place, entry) in content.entries.enumerated() where entry.position == entry.statementPosition {
                    places[entry.position, default: []].append(Place(copy: number, page: page, entry: place))
                }
            }
        }
    }

    private mutating func add(_ leaves: [[UInt8]], from: TreeSize, of copy: Int) throws {
        for (offset, leaf) in leaves.enumerated() {
            let (position, isTooFar) = from.value.addingReportingOverflow(UInt64(offset))
            guard !isTooFar else { return }
            if let known = found[position] {
                guard known.leaf == leaf else {
                    throw RegisterRestoreFault.copiesDiffer(
                        position: position, copies[known.copy].name, copies[copy].name)
                }
            } else {
                found[position] = (leaf, copy)
            }
        }
    }

    /// The leaf at a position; nil where no copy has it.
    func leaf(_ position: UInt64) -> [UInt8]? { found[position]?.leaf }

    /// Whether any copy has the statement that a leaf is about.
    func hasStatement(_ record: AdmissionRecord, at position: UInt64) -> Bool {
        places[position] != nil || (record.origin == board.origin && record.index.value < board.statements.count)
    }

    /// The statement at a position with all that any copy has beside it.
    mutating func statement(_ record: AdmissionRecord, at position: UInt64) throws -> CarriedStatement? {
        var held: [CarriedStatement] = []
        for place in places[position] ?? [] { held.append(try entry(place).statement) }
        if record.origin == board.origin, record.index.value < board.statements.count {
            held.append(board.statements[Int(record.index.value)])
        }
        let fitting = held.filter { MerkleTree.leafHash($0.bytes) == record.leafHash }
        guard let first = fitting.first, let statement = try? Statement(decoding: first.bytes) else { return nil }
        var compartments: [CarriedCompartment] = []
        var grants: [[UInt8]] = []
        for other in fitting {
            // One copy that was changed must not stand in the way of a sound one.
            compartments += other.compartments.filter { new in
                !compartments.contains { $0.id == new.id } && statement.mayCarry(new)
            }
            grants += other.grants.filter { !grants.contains($0) }
        }
        return CarriedStatement(bytes: first.bytes, compartments: compartments, grants: grants)
    }

    /// Copies are read from their beginning to their end: one page of each is kept.
    private mutating func entry(_ place: Place) throws -> FeedEntry {
        if let kept = read.first(where: { $0.copy == place.copy && $0.page == place.page }) {
            return kept.content.entries[place.entry]
        }
        let content = try copies[place.copy].page(place.page)
        read.removeAll { $0.copy == place.copy }
        read.append((place.copy, place.page, content))
        return content.entries[place.entry]
    }
}

extension Statement {
    /// Whether a part is the one that the statement describes; of one that it does not describe, a share may say more.
    fileprivate func mayCarry(_ part: CarriedCompartment) -> Bool {
        guard let described = payload.compartments.first(where: { $0.id == part.id }) else { return true }
        return described.contentHash == Hash256(hashing: part.content)
            && described.wrapHash == part.wrap.map { Hash256(hashing: $0) }
    }
}
