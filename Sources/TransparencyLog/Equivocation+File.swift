public import TallystickPrimitives

/// The evidence file, as `docs/evidence-file.md` describes it byte by byte.
extension Equivocation {
    /// The file's bytes.
    public var file: [UInt8] {
        var lines = [
            Equivocation.mark, "\(Word.first) \(smaller.bytes.count)", "\(Word.second) \(larger.bytes.count)",
        ]
        if let beginning {
            lines.append("\(Word.root) \(Equivocation.text(beginning.root.bytes))")
            lines += beginning.proof.map { "\(Word.proof) \(Equivocation.text($0.bytes))" }
        }
        lines += keyStatements.map { "\(Word.keys) \(Equivocation.text($0))" }
        return Array((lines.joined(separator: "\n") + "\n\n").utf8) + smaller.bytes + larger.bytes
    }

    /// Reads a file; nothing in it is verified.
    public init(reading file: [UInt8]) throws(EquivocationFault) {
        guard file.count <= Limits.evidenceByteCount, let end = Equivocation.endOfHeader(file),
            let lines = NoteText.lines(Array(file[..<end])), lines.first == Array(Equivocation.mark.utf8),
            let first = Equivocation.value(of: .first, in: lines, at: 1).flatMap(NoteText.decimal),
            let second = Equivocation.value(of: .second, in: lines, at: 2).flatMap(NoteText.decimal)
        else { throw .malformed }
        var rest = lines.dropFirst(3)
        let root = try Equivocation.hashes(.root, from: &rest)
        let proof = try Equivocation.hashes(.proof, from: &rest)
        guard root.count <= 1, proof.count <= WitnessRequest.proofLimit, !root.isEmpty || proof.isEmpty else {
            throw .malformed
        }
        var statements: [[UInt8]] = []
        for line in rest {
            guard let bytes = Equivocation.value(of: .keys, in: [line], at: 0).flatMap(Base64.decode),
                bytes.count <= Limits.statementByteCount, statements.count < Limits.evidenceKeyStatementCount
            else { throw .malformed }
            statements.append(bytes)
        }
        let notes = Array(file[(end + 1)...])
        guard first <= UInt64(notes.count), UInt64(notes.count) - first == second,
            let smaller = try? UnverifiedTreeHead(parsing: Array(notes[..<Int(first)])),
            let larger = try? UnverifiedTreeHead(parsing: Array(notes[Int(first)...]))
        else { throw .malformed }
        self.init(
            smaller: smaller, larger: larger, beginning: root.first.map { Beginning(root: $0, proof: proof) },
            keyStatements: statements)
    }

    private static let mark = "tallystick equivocation v1"

    /// What a line of the header begins with.
    private enum Word: String, CustomStringConvertible {
        case first, second, root, proof, keys

        var description: String { rawValue }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: Base64.encode(bytes), as: UTF8.self) }

    /// Where the blank line stands; the header's last line feed is before it.
    private static func endOfHeader(_ file: [UInt8]) -> Int? {
        file.indices.dropFirst().first { file[$0] == NoteText.lineFeed && file[$0 - 1] == NoteText.lineFeed }
    }

    private static func value(of word: Word, in lines: [[UInt8]], at place: Int) -> [UInt8]? {
        let opening = Array("\(word) ".utf8)
        guard place < lines.count, lines[place].starts(with: opening) else { return nil }
        return Array(lines[place].dropFirst(opening.count))
    }

    /// Takes the lines that begin with a word.
    private static func hashes(
        _ word: Word, from lines: inout ArraySlice<[UInt8]>
    ) throws(EquivocationFault) -> [Hash256] {
        var found: [Hash256] = []
        while let line = lines.first, let text = value(of: word, in: [line], at: 0) {
            guard let hash = Base64.decode(text).flatMap({ Hash256(bytes: $0) }) else { throw .malformed }
            found.append(hash)
            lines = lines.dropFirst()
        }
        return found
    }
}

extension Limits {
    /// Bytes of an evidence file: two notes, a proof, and the statements that announced the keys.
    public static let evidenceByteCount = 512 << 10
    /// Statements in an evidence file that announced the keys of its heads.
    public static let evidenceKeyStatementCount = 16
}
