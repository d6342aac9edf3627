public import TallystickPrimitives

/// A directory that does not change: certificates pinned by fingerprint, each to one agency.
public struct PeerRoster: PeerDirectory, Hashable, Sendable {
    private let pins: [Hash256: Pin]
    private let ordered: [[UInt8]]

    /// Agencies with a certificate that was left out, because it cannot be read, is not P-256, or
    /// is also another's.
    public let agenciesWithUnusableCertificates: Set<AgencyCode>

    /// Pins certificates (DER) to agencies.
    ///
    /// A certificate that two agencies claim would let one act as the other, so it is nobody's.
    public init(_ certificates: [AgencyCode: [[UInt8]]]) {
        var pins: [Hash256: Pin] = [:]
        var unusable: Set<AgencyCode> = []
        var shared: Set<Hash256> = []
        for (agency, list) in certificates {
            for der in list {
                guard let certificate = try? PeerCertificate(der: der) else {
                    unusable.insert(agency)
                    continue
                }
                let previous = pins.updateValue(
                    Pin(agency: agency, certificate: certificate), forKey: certificate.fingerprint)
                if let other = previous?.agency, other != agency {
                    unusable.formUnion([agency, other])
                    shared.insert(certificate.fingerprint)
                }
            }
        }
        self.pins = pins.filter { !shared.contains($0.key) }
        ordered = self.pins.values.map(\.certificate).sorted { $0.fingerprint < $1.fingerprint }
            .map(\.der)
        agenciesWithUnusableCertificates = unusable
    }

    public func agency(certificateDER: [UInt8], at instant: Timestamp) -> AgencyCode? {
        guard let pin = pins[Hash256(hashing: certificateDER)], pin.certificate.isValid(at: instant)
        else { return nil }
        return pin.agency
    }

    public func certificatesDER() -> [[UInt8]] { ordered }

    private struct Pin: Hashable {
        let agency: AgencyCode
        let certificate: PeerCertificate
    }
}
