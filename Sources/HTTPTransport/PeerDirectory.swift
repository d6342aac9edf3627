public import TallystickPrimitives

/// Which certificates are whose, at this moment.
///
/// Its answers may change while servers and clients run: they ask anew for each connection and each
/// request. Answers come from memory, without waiting.
public protocol PeerDirectory: Sendable {
    /// The agency that is enrolled with exactly this certificate at that instant; nil when there is
    /// none.
    func agency(certificateDER: [UInt8], at instant: Timestamp) -> AgencyCode?

    /// Every pinned certificate, in an order that stays the same while the directory does.
    func certificatesDER() -> [[UInt8]]
}

extension PeerDirectory {
    /// The certificates that are an agency's at that instant: one, or two while it changes its key.
    func certificatesDER(of agency: AgencyCode, at instant: Timestamp) -> [[UInt8]] {
        certificatesDER().filter { self.agency(certificateDER: $0, at: instant) == agency }
    }
}
