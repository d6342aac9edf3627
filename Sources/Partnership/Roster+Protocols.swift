import EventLogs
public import SharingProtocols
public import TallystickPrimitives

/// Which protocols are in force, between whom and when (WIRE §4).
extension Roster {
    /// Whether a bundle is in force between two parties at a register position.
    ///
    /// Pairwise: published, settled, activated before and for that position, and signed by every office that must sign for
    /// each of both before it; ended by neither.
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
        guard let published = protocols[bundle], published.isSettled, published.isActive(at: min(start, position))
        else { return false }
        return [one, other].allSatisfy { code in
            parties[code]?.adoptions[bundle]?.isInForce(since: start, at: position) ?? false
        }
    }

    /// Whether nothing goes by a bundle any more that is admitted at a time: its review passed, and sharing stops then.
    public func hasLapsed(_ bundle: Hash256, at admittedAt: Timestamp) -> Bool {
        protocols[bundle]?.hasLapsed(at: admittedAt) ?? false
    }

    /// The newer version that has taken a bundle's place between an agency and all of some others at a register position:
    /// what is for all of them goes by the newest that all of them signed, and the older one holds with whoever did not.
    public func replacement(
        of bundle: Hash256, between author: AgencyCode, and others: [AgencyCode], at position: TreeSize
    ) -> PublishedProtocol? {
        guard let known = protocols[bundle]?.publication, !others.isEmpty else { return nil }
        return newestInForce(known.code, between: author, and: others, at: position, above: known.version)
    }

    /// The newest version of a protocol that is in force between an agency and all of some others.
    ///
    /// - Parameter version: a version that is older than the ones looked at.
    public func newestInForce(
        _ code: ProtocolCode, between author: AgencyCode, and others: [AgencyCode], at position: TreeSize,
        above version: UInt64 = 0
    ) -> PublishedProtocol? {
        protocols.values.filter { published in
            let publication = published.publication
            return publication.code == code && publication.version > version
                && others.allSatisfy { isInForce(publication.bundle, between: author, and: $0, at: position) }
        }.max { $0.publication.version < $1.publication.version }
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

    /// The newest published version of a protocol, active or not.
    public func newestPublished(_ code: ProtocolCode) -> PublishedProtocol? {
        protocols.values.filter { $0.publication.code == code }
            .max { $0.publication.version < $1.publication.version }
    }

    /// The bundles that a party has signed, enough or not, and not ended, as they stand at a position.
    public func bundlesSigned(by code: AgencyCode, at position: TreeSize) -> Set<Hash256> {
        let signed = parties[code]?.adoptions ?? [:]
        return Set(signed.keys.filter { signed[$0]?.isSigned(at: position) == true })
    }

    /// The bundles that a party has signed and not ended, as they stand at a position.
    public func bundlesInForce(of code: AgencyCode, at position: TreeSize) -> Set<Hash256> {
        let signed = parties[code]?.adoptions ?? [:]
        return Set(
            signed.keys.filter { bundle in
                signed[bundle]?.isInForce(at: position) == true && protocols[bundle]?.isSettled == true
                    && protocols[bundle]?.isActive(at: position) == true
            })
    }
}
