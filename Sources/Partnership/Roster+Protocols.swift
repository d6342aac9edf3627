import EventLogs
public import SharingProtocols
public import TallystickPrimitives

/// Which protocols are in force, between whom and when (WIRE §4).
extension Roster {
    /// Whether a bundle is in force between two parties at a register position.
    ///
    /// Pairwise: published, activated before and for that position, and signed by both before it; ended by neither.
    public func isInForce(_ bundle: Hash256, between one: AgencyCode, and other: AgencyCode, at position: TreeSize)
        -> Bool
    {
        isInForce(bundle, between: one, and: other, since: position, at: position)
    }

    /// Whether a bundle is in force between two parties at two register positions, and neither of them ended it in
    /// between: what was opened under a signature does not revive with another.
    public func isInForce(
        _ bundle: Hash256, between one: AgencyCode, and other: AgencyCode, since start: TreeSize,
        at position: TreeSize
    ) -> Bool {
        guard let published = protocols[bundle], published.isActive(at: min(start, position)) else { return false }
        return [one, other].allSatisfy { code in
            parties[code]?.adoptions[bundle]?.isInForce(since: start, at: position) ?? false
        }
    }

    /// The one of two parties that ended a bundle between them before a register position, and how.
    ///
    /// Where both did, it is whoever was first.
    public func ending(
        of bundle: Hash256, between one: AgencyCode, and other: AgencyCode, before position: TreeSize
    ) -> (party: AgencyCode, ending: Adoption.Ending)? {
        [one, other].compactMap { code in
            parties[code]?.adoptions[bundle]?.ending(before: position).map { (party: code, ending: $0) }
        }.min { $0.ending.position < $1.ending.position }
    }

    /// The terms of a published bundle.
    public func terms(of bundle: Hash256) -> SharingProtocol? { protocols[bundle]?.terms }

    /// The newest published version of a protocol that is active at a position.
    public func newest(_ code: ProtocolCode, at position: TreeSize) -> PublishedProtocol? {
        protocols.values.filter { $0.publication.code == code && $0.isActive(at: position) }
            .max { $0.publication.version < $1.publication.version }
    }

    /// The bundles that a party has signed and not ended, as they stand at a position.
    public func bundlesInForce(of code: AgencyCode, at position: TreeSize) -> Set<Hash256> {
        let signed = parties[code]?.adoptions ?? [:]
        return Set(
            signed.keys.filter { bundle in
                signed[bundle]?.isInForce(at: position) == true && protocols[bundle]?.isActive(at: position) == true
            })
    }
}
