import Glibc
public import PartyFiles
public import TallystickPrimitives

/// What `audit fetch` stores and the other audit commands read: the broker's answers as they came.
///
/// `pages/00000000.cbor` and so on, `heads.cbor`, `cosigned.cbor`, `partnership.tally`, and `bundle.json`, which
/// says when and from whom; `receipts` where somebody added some (`EvidenceDirectory`).
public struct AuditBundleDirectory: Sendable {
    /// What `bundle.json` says.
    public struct Facts: Codable, Hashable, Sendable {
        /// When the fetch ended, RFC 3339.
        public let fetchedAt: String
        /// The register's log.
        public let register: String
        /// The broker's code.
        public let broker: String
        /// How many pages there are.
        public let pages: Int
        /// Whose feed it is.
        public let covers: Coverage
    }

    /// How much of the register's statements a bundle was due.
    public enum Coverage: String, Codable, Sendable {
        /// Everything that the board's mandate covers: an auditor fetched it.
        case mandate
        /// What one party is due: what it is not due is absent, and no sign of anything.
        case ownFeed = "own-feed"
    }

    /// The directory.
    public let path: String
    /// When, from whom, how much.
    public let facts: Facts
    /// When the fetch ended.
    public let fetchedAt: Timestamp

    /// Opens a bundle; nothing in it is believed yet.
    /// - Throws: `PartyFileError`; `CommandFailure` when `bundle.json` does not read.
    public init(reading path: String) throws {
        let bytes = try PublicFile.read(path + "/bundle.json")
        guard let facts = try? CommandJSON.decode(Facts.self, from: bytes), let fetchedAt = Timestamp(facts.fetchedAt),
            (0...CommandLimits.pageCount).contains(facts.pages)
        else { throw CommandFailure("\(path)/bundle.json does not read", status: .integrity) }
        self.path = path
        self.facts = facts
        self.fetchedAt = fetchedAt
    }

    /// How many pages of the feed there are.
    public var pageCount: Int { facts.pages }

    /// One page as the broker sent it, counted from 0.
    /// - Throws: `PartyFileError`; `CommandFailure` for a page that is not there.
    public func page(_ number: Int) throws -> [UInt8] {
        do throws(PartyFileError) {
            return try PublicFile.read(
                AuditBundleDirectory.pageFile(number, in: path), limit: CommandLimits.pageByteCount)
        } catch {
            guard case .system(_, let code) = error, code == ENOENT else { throw error }
            throw CommandFailure(
                "page \(number) of the copy is missing (it has pages 0 to \(pageCount - 1))", status: .integrity,
                hint: "fetch again into a new directory")
        }
    }

    /// The newest head of every log, as the broker sent them.
    public func headNotes() throws -> [UInt8] { try PublicFile.read(path + "/heads.cbor") }

    /// The final heads and the evidence against any log, as the broker sent them; nil in a copy made without.
    public func cosignedHeads() throws -> [UInt8]? {
        let file = "\(path)/\(AuditBundleDirectory.cosignedName)"
        return access(file, F_OK) == 0 ? try PublicFile.read(file, limit: CommandLimits.pageByteCount) : nil
    }

    /// The board's log as the auditor had it.
    public func partnership() throws -> PartnershipFile {
        try PartnershipFile(decoding: try PublicFile.read(path + "/partnership.tally"))
    }

    /// The receipts that stand beside the pages, file by file, as far as a manifest that is there names them; an evidence
    /// directory may have some.
    /// - Throws: `PartyFileError`; `CommandFailure` for a manifest that does not read.
    public func receiptParts() throws -> [[UInt8]] {
        let manifest = "\(path)/\(EvidenceManifest.name)"
        var names = receiptNames
        if access(manifest, F_OK) == 0 {
            guard let read = EvidenceManifest(decoding: try PublicFile.read(manifest)) else {
                throw CommandFailure("\(EvidenceManifest.name) does not read", status: .integrity)
            }
            names.removeAll { name in !read.hashes.contains { $0.name == name } }
        }
        return try names.map { try PublicFile.read("\(path)/\($0)", limit: CommandLimits.pageByteCount) }
    }

    /// The files of receipts, numbered without a gap.
    private var receiptNames: [String] {
        var names: [String] = []
        while access("\(path)/\(AuditBundleDirectory.receiptsName(names.count))", F_OK) == 0 {
            names.append(AuditBundleDirectory.receiptsName(names.count))
        }
        return names
    }

    /// The files that were fetched.
    var copiedNames: [String] {
        let cosigned = access("\(path)/\(AuditBundleDirectory.cosignedName)", F_OK) == 0
        return ["bundle.json", "heads.cbor", "partnership.tally"]
            + (cosigned ? [AuditBundleDirectory.cosignedName] : [])
            + (0..<pageCount).map(AuditBundleDirectory.pageName)
    }

    /// The files that an audit reads.
    var fileNames: [String] { copiedNames + receiptNames }

    static let cosignedName = "cosigned.cbor"
    static func pageFile(_ number: Int, in path: String) -> String { "\(path)/\(pageName(number))" }
    static func pageName(_ number: Int) -> String { "pages/\(padded(number)).cbor" }
    static func receiptsName(_ number: Int) -> String { "receipts/\(padded(number)).cbor" }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    static func make(_ path: String) throws {
        for directory in [path, path + "/pages"] {
            guard mkdir(directory, 0o700) == 0 else {
                if errno == EEXIST {
                    throw CommandFailure(
                        "\(directory) is there already", hint: "name a new directory with --out")
                }
                throw PartyFileError.system(path: directory, code: errno)
            }
        }
    }
}
