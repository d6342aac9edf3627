public import TallystickPrimitives

/// What an auditor has fetched, as bytes in the order in which they came. Nothing of it is believed
/// yet.
public protocol AuditBundleSource: Sendable {
    /// How many pages of the feed there are.
    var pageCount: Int { get }
    /// When the fetch ended.
    var fetchedAt: Timestamp { get }

    /// One page as the broker sent it, counted from 0.
    func page(_ number: Int) throws -> [UInt8]
    /// det({origin: signed head note}): the newest head of every log that the broker holds.
    func headNotes() throws -> [UInt8]
    /// Receipts that parties were given, where there are any: `ReceiptsPart` each.
    func receiptParts() throws -> [[UInt8]]
    /// The final heads of all logs and the evidence against any, as the broker gave them; nil where nobody asked.
    func cosignedHeads() throws -> [UInt8]?
}

extension AuditBundleSource {
    /// Nobody asked.
    public func cosignedHeads() throws -> [UInt8]? { nil }
}
