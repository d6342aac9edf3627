import DeterministicCBOR
import Foundation
import PartyFiles
import Sealing
public import TallystickPrimitives

/// The form of a backup: a line, the header of its seal, and sealed parts, each with its length before it.
///
/// A part is one byte that says what it is, and its bytes: 0 the name of the file that begins, 1 bytes of that file, 2 the
/// manifest, which is the last.
enum BackupFile {
    static let mark = Array("tallystick-backup 1\n".utf8)

    enum Part: UInt8 {
        case name = 0
        case bytes = 1
        case manifest = 2
    }

    /// Bytes of one file in one part.
    static let byteCount = RecoverySeal.partByteCount - 1

    /// One file of a backup.
    struct Entry: Hashable {
        let name: String
        let size: UInt64
        let hash: Hash256
    }

    /// Which files a backup may hold: nothing that holds a key, and no path.
    static func isTaken(_ name: String) -> Bool {
        let known = [
            "log.sqlite", "witness.sqlite", "enrolment.request", "partnership.tally", "board.fingerprint",
            "cosigner.line", "log.origin",
        ]
        return known.contains(name) || name.wholeMatch(of: /evidence-[0-9a-f]{16}\.txt/) != nil
            || PartyDirectory.isHeardRevocation(name)
    }

    static func manifest(_ entries: [Entry]) -> [UInt8] {
        CBOR.array(entries.map { .array([.text($0.name), .unsigned($0.size), .hash($0.hash)]) }).encoded
    }

    static func entries(in manifest: [UInt8]) throws -> [Entry] {
        try CBOR(decoding: manifest, limit: RecoverySeal.partByteCount).items().map { item in
            let items = try item.items(count: 3)
            return Entry(name: try items[0].string(), size: try items[1].unsigned(), hash: try items[2].hash256())
        }
    }
}

/// Writes a backup, part by part.
struct BackupWriter {
    private let file: FileHandle
    private var sealer: PartSealer
    private var entries: [BackupFile.Entry] = []

    init(_ file: FileHandle, to key: RecoveryKey.Public, entropy: any Entropy) throws {
        self.file = file
        let header: [UInt8]
        (header, sealer) = try RecoverySeal.begin(to: key.bytes, entropy: entropy)
        try file.write(contentsOf: BackupFile.mark)
        try write(header)
    }

    /// Adds a file under a name.
    mutating func add(_ name: String, from path: String) throws {
        try add(.name, Array(name.utf8))
        let source = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? source.close() }
        var hash = RunningHash()
        var size: UInt64 = 0
        while let data = try source.read(upToCount: BackupFile.byteCount), !data.isEmpty {
            let bytes = Array(data)
            hash.update(bytes)
            size += UInt64(bytes.count)
            try add(.bytes, bytes)
        }
        entries.append(BackupFile.Entry(name: name, size: size, hash: hash.value))
    }

    /// Writes the manifest; nothing can follow it.
    mutating func finish() throws -> [BackupFile.Entry] {
        try add(.manifest, BackupFile.manifest(entries))
        return entries
    }

    private mutating func add(_ part: BackupFile.Part, _ bytes: [UInt8]) throws {
        try write(sealer.seal([part.rawValue] + bytes, isLast: part == .manifest))
    }

    private func write(_ bytes: [UInt8]) throws {
        let count = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) }
        try file.write(contentsOf: count + bytes)
    }
}

/// Reads a backup, part by part.
struct BackupReader {
    private let file: FileHandle
    private var opener: PartOpener
    private var next: [UInt8]?

    init(_ file: FileHandle, with key: Sealing.KEMPrivateKey) throws {
        self.file = file
        guard try BackupReader.read(BackupFile.mark.count, from: file) == BackupFile.mark else {
            throw BackupFault.notABackup
        }
        guard let header = try BackupReader.frame(of: file, limit: RecoverySeal.headerByteCount) else {
            throw BackupFault.damaged
        }
        do { opener = try RecoverySeal.open(header, with: key) } catch OpeningFault.unknownKEMKey {
            throw BackupFault.otherKey
        }
        next = try BackupReader.frame(of: file, limit: RecoverySeal.partByteCount + 16)
    }

    /// The next part; nil after the last, which must be the manifest.
    mutating func part() throws -> (part: BackupFile.Part, bytes: [UInt8])? {
        guard let sealed = next else { return nil }
        next = try BackupReader.frame(of: file, limit: RecoverySeal.partByteCount + 16)
        let plain: [UInt8]
        do { plain = try opener.open(sealed, isLast: next == nil) } catch { throw BackupFault.damaged }
        guard let first = plain.first, let part = BackupFile.Part(rawValue: first), (part == .manifest) == (next == nil)
        else { throw BackupFault.damaged }
        return (part, Array(plain.dropFirst()))
    }

    private static func frame(of file: FileHandle, limit: Int) throws -> [UInt8]? {
        let length = try read(4, from: file)
        guard !length.isEmpty else { return nil }
        let count = length.reduce(0) { $0 << 8 | Int($1) }
        guard length.count == 4, count <= limit else { throw BackupFault.damaged }
        let bytes = try read(count, from: file)
        guard bytes.count == count else { throw BackupFault.damaged }
        return bytes
    }

    private static func read(_ count: Int, from file: FileHandle) throws -> [UInt8] {
        Array(try file.read(upToCount: count) ?? Data())
    }
}

/// Why a backup is not made, or not put back.
public enum BackupFault: Error, Hashable, Sendable {
    /// The file is no backup.
    case notABackup
    /// It is sealed to another backup key.
    case otherKey
    /// It does not read to its end, or is not what its manifest says.
    case damaged
    /// There is a file already where the backup is to go.
    case alreadyThere(path: String)
    /// The directory has a log.
    case hasLog(path: String)
    /// The directory is another party's.
    case otherParty(path: String)
    /// Nobody has said which board it is.
    case fingerprintNeeded(found: Hash256)
    /// It is of another board than the one that is pinned, or named.
    case otherBoard(found: Hash256)
}

extension BackupFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notABackup: "this file is no backup of a node; check the name"
        case .otherKey: "this backup is sealed to another backup key; use the one it was made with"
        case .damaged: "this backup is damaged or cut short; nothing was put back. Use another copy of it"
        case .alreadyThere(let path):
            "\(path) is there already, and no backup is written over another; name another file"
        case .hasLog(let path):
            "\(path) has a log, and a log is never replaced; move its log.sqlite elsewhere first, or name another directory"
        case .otherParty(let path): "\(path) is another party's directory than the backup's; name another"
        case .fingerprintNeeded(let found):
            """
            this directory knows no board yet, and anybody who has the public half of the backup key can make a backup: \
            give the board's fingerprint with --fingerprint, as the board says it over another channel. The backup's is \
            \(found.hex)
            """
        case .otherBoard(let found):
            "this backup is of another board: its fingerprint is \(found.hex); nothing was put back. Use another backup"
        }
    }
}
