import Glibc
public import PartyFiles
public import TallystickPrimitives

/// The hashes of the files of an evidence directory, in the form that `sha256sum --check` reads: 64 hexadecimal digits,
/// two spaces, the file's name below the directory, a line feed.
public struct EvidenceManifest: Sendable {
    /// The file in which it stands.
    public static let name = "MANIFEST.sha256"

    /// The hash of each file by its name, in bytewise order of the names.
    public private(set) var hashes: [(name: String, hash: Hash256)]

    /// Hashes files of a directory.
    /// - Throws: `PartyFileError` for a file that cannot be read.
    public init(of names: [String], in path: String) throws(PartyFileError) {
        hashes = []
        for name in names.sorted(by: EvidenceManifest.precedes) {
            hashes.append((name, Hash256(hashing: try PublicFile.read("\(path)/\(name)"))))
        }
    }

    /// Reads a manifest; nil for anything but such lines, each name once and none that leads out of the directory.
    public init?(decoding bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self), text.hasSuffix("\n") else { return nil }
        hashes = []
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            let name = String(line.dropFirst(66))
            guard line.dropFirst(64).hasPrefix("  "), let hash = Hash256(hex: String(line.prefix(64))),
                EvidenceManifest.isBelow(name), line.prefix(64) == hash.hex
            else { return nil }
            hashes.append((name, hash))
        }
        guard Set(hashes.map(\.name)).count == hashes.count else { return nil }
    }

    /// The bytes.
    public var encoded: [UInt8] { Array(hashes.map { "\($0.hash.hex)  \($0.name)\n" }.joined().utf8) }

    /// What in a directory is not as its manifest says, in words; nothing where there is no manifest.
    public static func faults(in path: String) -> [String] {
        let file = "\(path)/\(name)"
        guard access(file, F_OK) == 0 else { return [] }
        guard let bytes = try? PublicFile.read(file), let manifest = EvidenceManifest(decoding: bytes) else {
            return ["\(name) does not read"]
        }
        let faults = manifest.hashes.compactMap { entry -> String? in
            guard let found = try? PublicFile.read("\(path)/\(entry.name)") else {
                return "\(entry.name) is missing or cannot be read"
            }
            return Hash256(hashing: found) == entry.hash ? nil : "\(entry.name) is not what \(name) says"
        }
        // A file that is no part of the evidence must not come to count as one.
        let files = (try? AuditBundleDirectory(reading: path))?.fileNames ?? []
        let named = Set(manifest.hashes.map(\.name))
        return faults + files.filter { !named.contains($0) }.map { "\($0) is not in \(name)" }
    }

    private static func isBelow(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "/"):
                true
            default: false
            }
        }
        return isPlain && parts.allSatisfy { !["", ".", ".."].contains($0) }
    }

    private static func precedes(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }
}
