public import HTTPTransport
public import Partnership
import Synchronization
public import TallystickPrimitives

/// Whose TLS certificates are accepted now. Replaced whenever the roster changes.
public final class LiveDirectory: PeerDirectory {
    private let current: Mutex<(roster: Roster, peers: PeerRoster)>

    /// Starts with a roster.
    public init(_ roster: Roster) { current = Mutex((roster, LiveDirectory.peers(of: roster))) }

    /// Takes a newer roster.
    public func update(_ roster: Roster) {
        current.withLock { current in
            // Certificates are read anew only when there are others.
            let isSame = roster.parties.mapValues(\.certificates) == current.roster.parties.mapValues(\.certificates)
            current = (roster, isSame ? current.peers : LiveDirectory.peers(of: roster))
        }
    }

    public func agency(certificateDER: [UInt8], at instant: Timestamp) -> AgencyCode? {
        current.withLock { current in
            guard let agency = current.peers.agency(certificateDER: certificateDER, at: instant),
                current.roster.parties[agency]?.isEnrolled(at: instant) == true
            else { return nil }
            return agency
        }
    }

    public func certificatesDER() -> [[UInt8]] { current.withLock { $0.peers.certificatesDER() } }

    private static func peers(of roster: Roster) -> PeerRoster {
        PeerRoster(roster.parties.mapValues(\.certificates))
    }
}

extension Party {
    fileprivate var certificates: [[UInt8]] { [certificate] + (formerCertificate.map { [$0] } ?? []) }
}
