import Glibc
import PartyFiles
import Replication
public import TallystickPrimitives

/// A fetched copy made into evidence: the same files, the receipts of parties, what was found, and a manifest.
///
/// docs/bundle.md describes it byte by byte, for programs that are not ours.
public struct EvidenceDirectory: Sendable {
    /// The directory, readable like a fetched copy.
    public let copy: AuditBundleDirectory
    private var names: [String]

    /// Copies what was fetched, byte for byte, into a new directory, with receipts beside it.
    ///
    /// - Parameters:
    ///   - source: what `audit fetch` made, or an evidence directory.
    ///   - receipts: admission proofs to add to those that the source has.
    ///   - path: a directory that is not there yet.
    public init(of source: AuditBundleDirectory, adding receipts: [[UInt8]], at path: String) throws {
        try AuditBundleDirectory.make(path)
        names = ["bundle.json", "heads.cbor", "partnership.tally"]
        names += (0..<source.pageCount).map { AuditBundleDirectory.pageName($0) }
        if try source.cosignedHeads() != nil { names.append(AuditBundleDirectory.cosignedName) }
        for name in names {
            let bytes = try PublicFile.read("\(source.path)/\(name)", limit: CommandLimits.pageByteCount)
            try PublicFile.write(bytes, to: "\(path)/\(name)")
        }
        let parts =
            try source.receiptParts()
            + stride(from: 0, to: receipts.count, by: Limits.receiptsOfPartCount).map { start in
                ReceiptsPart(proofs: Array(receipts[start...].prefix(Limits.receiptsOfPartCount))).encoded
            }
        if !parts.isEmpty, mkdir(path + "/receipts", 0o700) != 0 {
            throw PartyFileError.system(path: path + "/receipts", code: errno)
        }
        for (number, part) in parts.enumerated() {
            let name = AuditBundleDirectory.receiptsName(number)
            try PublicFile.write(part, to: "\(path)/\(name)")
            names.append(name)
        }
        copy = try AuditBundleDirectory(reading: path)
    }

    /// Adds what was found, and the manifest over everything.
    ///
    /// - Returns: the hash of the manifest: whoever notes it can tell later that nothing was changed.
    public func seal(report: String) throws -> Hash256 {
        try PublicFile.write(Array(report.utf8), to: copy.path + "/report.json")
        let manifest = try EvidenceManifest(of: names + ["report.json"], in: copy.path).encoded
        try PublicFile.write(manifest, to: "\(copy.path)/\(EvidenceManifest.name)")
        return Hash256(hashing: manifest)
    }
}
