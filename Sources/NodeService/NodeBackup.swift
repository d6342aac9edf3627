import EventLogs
import Foundation
public import KeyFiles
import PartyFiles
import Partnership
import SQLiteStore
import Sealing
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// What a backup holds, or what was put back.
public struct BackupSummary: Codable, Hashable, Sendable {
    /// Whose.
    public let agency: String
    /// The log.
    public let log: String
    /// The board's fingerprint, for comparison with what the board says over another channel.
    public let fingerprint: String
    /// How many statements of it.
    public let size: Int
    /// The files, by name.
    public let files: [String]
}

/// Makes a backup of a node, while it runs or not: the log with everything beside it, and what is public. It holds no key
/// of the node's: content in it opens with `party.key` only, which is kept elsewhere (DESIGN §9).
public enum NodeBackup {
    /// Writes a backup, sealed to a recovery key.
    ///
    /// - Parameters:
    ///   - path: the node's directory.
    ///   - file: where to; nothing may be there.
    public static func write(
        of path: String, to file: String, for key: RecoveryKey.Public, entropy: any Entropy
    ) throws -> BackupSummary {
        let directory = PartyDirectory(path: path)
        let request = try directory.enrolment()
        let fingerprint = try directory.partnership().fingerprint
        guard !PublicFile.exists(file) else { throw BackupFault.alreadyThere(path: file) }
        let copies = LeftoverCopies.backup(in: path)
        try? FileManager.default.removeItem(atPath: copies)
        try PublicFile.makeDirectory(copies)
        defer { try? FileManager.default.removeItem(atPath: copies) }
        for kind in StoreSnapshot.File.allCases {
            try StoreSnapshot.take(kind, in: path, to: copies)
        }
        _ = try OwnGrants.leaveOut(of: copies, for: request.agency)
        // What does not read now would not when it is needed.
        let size = try NodeBackup.size(of: copies, request.log)
        let temporary = file + ".new"
        try PublicFile.write([], to: temporary)
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
        defer { try? output.close() }
        var writer = try BackupWriter(output, to: key, entropy: entropy)
        for kind in StoreSnapshot.File.allCases { try writer.add(kind.rawValue, from: "\(copies)/\(kind.rawValue)") }
        for name in try PublicFile.names(in: path) where BackupFile.isTaken(name) {
            guard StoreSnapshot.File(rawValue: name) == nil else { continue }
            try writer.add(name, from: "\(path)/\(name)")
        }
        let entries = try writer.finish()
        try output.synchronize()
        try PublicFile.move(temporary, to: file)
        return BackupSummary(
            agency: request.agency.text, log: request.log.text, fingerprint: fingerprint.hex, size: size,
            files: entries.map(\.name))
    }

    /// The size of a log whose end is whole.
    static func size(of directory: String, _ origin: Origin) throws -> Int {
        let edge = try NodeStore.open(in: directory).verifyRightEdge()
        guard let newest = edge.newest, newest.origin == origin else {
            throw EventStoreError.damaged(StoredDamage(part: "log", index: nil))
        }
        return Int(clamping: edge.frontier.size.value)
    }
}

/// Puts a backup back.
public enum NodeRestore {
    /// Puts a backup into a directory that has no log; what else is there stays.
    ///
    /// The node starts from it without writing its log, whatever the second store says, until others have said what they
    /// hold.
    /// Whoever has the public half of the backup key can make a backup, so the board in it is not believed because it is in
    /// it: it is the one that the directory has pinned, or that is named here.
    /// - Parameters:
    ///   - privateKey: the recovery key's file.
    ///   - fingerprint: the board's, as the board says it over another channel; needed where the directory has none.
    public static func run(
        from file: String, into path: String, recoveryKey privateKey: String, passphrase: SecretBytes,
        fingerprint: Hash256? = nil
    ) throws -> BackupSummary {
        let directory = PartyDirectory(path: path)
        let key = try RecoveryKey.open(privateKey, passphrase: passphrase)
        try PublicFile.makeDirectory(path)
        guard !PublicFile.exists(path + "/log.sqlite") else { throw BackupFault.hasLog(path: path) }
        let arriving = LeftoverCopies.restore(in: path)
        try? FileManager.default.removeItem(atPath: arriving)
        try PublicFile.makeDirectory(arriving)
        defer { try? FileManager.default.removeItem(atPath: arriving) }
        let names = try unpack(file, with: key, into: arriving)
        guard names.contains("log.sqlite"), names.contains("enrolment.request") else { throw BackupFault.damaged }
        let request = try PartyDirectory(path: arriving).enrolment()
        // Only the certificate changes in an agency's life; what the directory has is newer.
        if PublicFile.exists(directory.enrolmentFile), try !directory.enrolment().isSameParty(as: request) {
            throw BackupFault.otherParty(path: path)
        }
        let pinned = try check(PartyDirectory(path: arriving), of: request, against: directory, or: fingerprint)
        let size = try NodeBackup.size(of: arriving, request.log)
        // Closing a store leaves its files whole; what an earlier one left beside it would spoil this one.
        for name in ["log.sqlite-wal", "log.sqlite-shm", "views.sealed"] { PublicFile.remove("\(path)/\(name)") }
        try PublicFile.write([], to: directory.restoredMark)
        // The log is last: until it is there, the same is done again.
        for name in names.filter({ $0 != "log.sqlite" }) + ["log.sqlite"] {
            // What the party has itself is newer.
            guard !PublicFile.exists("\(path)/\(name)") else { continue }
            try PublicFile.move("\(arriving)/\(name)", to: "\(path)/\(name)")
        }
        return BackupSummary(
            agency: request.agency.text, log: request.log.text, fingerprint: pinned.hex, size: size, files: names)
    }

    /// Holds the board of a backup against the one that is pinned.
    private static func check(
        _ arrived: PartyDirectory, of request: EnrolmentRequest, against directory: PartyDirectory,
        or named: Hash256?
    ) throws -> Hash256 {
        guard let (partnership, found) = try? arrived.partnership() else { throw BackupFault.damaged }
        let known = [try directory.pinnedFingerprint(), named].compactMap(\.self)
        guard !known.isEmpty else { throw BackupFault.fingerprintNeeded(found: found) }
        guard known.allSatisfy({ $0 == found }) else { throw BackupFault.otherBoard(found: found) }
        // No act of the board's depends on the time at which it is read.
        let roster = try partnership.bootstrap(fingerprint: found, now: Timestamp(milliseconds: 0))
        guard roster.parties[request.agency].map({ $0.rootKey.bytes == request.rootKey }) ?? true else {
            throw BackupFault.damaged
        }
        return found
    }

    /// Writes every file of a backup; what they are is compared with the manifest.
    private static func unpack(
        _ file: String, with key: Sealing.KEMPrivateKey, into directory: String
    ) throws -> [String] {
        let source = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        defer { try? source.close() }
        var reader = try BackupReader(source, with: key)
        var entries: [BackupFile.Entry] = []
        var manifest: [UInt8]?
        var output: UnpackedFile?
        while let (part, bytes) = try reader.part() {
            switch part {
            case .name, .manifest:
                if let output { entries.append(try output.finish()) }
                output = nil
                if part == .manifest { manifest = bytes }
                guard part == .name else { continue }
                let name = String(decoding: bytes, as: UTF8.self)
                guard BackupFile.isTaken(name), !entries.contains(where: { $0.name == name }) else {
                    throw BackupFault.damaged
                }
                output = try UnpackedFile(name, in: directory)
            case .bytes:
                guard output != nil else { throw BackupFault.damaged }
                try output?.write(bytes)
            }
        }
        guard let manifest, let stated = try? BackupFile.entries(in: manifest), stated == entries else {
            throw BackupFault.damaged
        }
        return entries.map(\.name)
    }
}

/// A file of a backup on its way to the disk.
private struct UnpackedFile {
    private let name: String
    private let file: FileHandle
    private var size: UInt64 = 0
    private var hash = RunningHash()

    init(_ name: String, in directory: String) throws {
        self.name = name
        let path = "\(directory)/\(name)"
        try PublicFile.write([], to: path)
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    mutating func write(_ bytes: [UInt8]) throws {
        size += UInt64(bytes.count)
        hash.update(bytes)
        try file.write(contentsOf: bytes)
    }

    func finish() throws -> BackupFile.Entry {
        try file.synchronize()
        try file.close()
        return BackupFile.Entry(name: name, size: size, hash: hash.value)
    }
}
