import Auditing
import TallystickPrimitives

/// A bundle in memory.
struct MemoryAuditBundle: AuditBundleSource {
    /// The pages, in order.
    var pages: [[UInt8]]
    /// The bytes of the heads.
    var heads: [UInt8]
    /// When the fetch ended.
    var fetchedAt: Timestamp
    /// The receipts, part by part.
    var receipts: [[UInt8]]

    /// States a bundle.
    init(pages: [[UInt8]], heads: [UInt8], fetchedAt: Timestamp, receipts: [[UInt8]] = []) {
        self.pages = pages
        self.heads = heads
        self.fetchedAt = fetchedAt
        self.receipts = receipts
    }

    var pageCount: Int { pages.count }
    func page(_ number: Int) throws -> [UInt8] { pages[number] }
    func headNotes() throws -> [UInt8] { heads }
    func receiptParts() throws -> [[UInt8]] { receipts }
}
