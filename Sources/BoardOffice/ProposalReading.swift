import EventLogs
import Partnership
import SharingProtocols
import TallystickPrimitives

/// What a member reads before signing: a protocol as it is to be, and what changes from the one in force.
///
/// It travels with the proposal, because a member signs away from the office. The text is believed only where its hash is
/// the one that is signed for; what it is compared with is the office's word, and says so by its version.
public struct ProposalReading: Hashable, Sendable {
    /// The bytes of the protocol's file.
    public let yaml: [UInt8]
    /// The bytes of the file of the version in force; nil where none is.
    public let inForce: [UInt8]?

    init(yaml: [UInt8], inForce: [UInt8]?) {
        self.yaml = yaml
        self.inForce = inForce
    }

    /// What a motion about a protocol rests on, from the board's log; nil for other motions.
    init?(_ motion: BoardMotion, on log: BoardLog) {
        switch motion {
        case .enrol, .witnesses, .revoke, .members, .succession, .reassign: return nil
        case .publish(let publication, let yaml):
            self.init(yaml: yaml, inForce: log.inForce(publication.code, but: publication.bundle))
        case .activate(let activation):
            guard let publication = log.publications.first(where: { $0.bundle == activation.bundle }),
                let yaml = log.publishedFile(activation.bundle)
            else { return nil }
            self.init(yaml: yaml, inForce: log.inForce(publication.code, but: activation.bundle))
        }
    }

    /// The protocol's text, and what changes, for reading.
    public var text: String {
        let new = String(decoding: yaml, as: UTF8.self)
        guard let inForce else { return new + "\nNo version of it is in force yet: all of it is new.\n" }
        let difference = TextDifference(from: String(decoding: inForce, as: UTF8.self), to: new)
        let changes = difference.isEmpty ? "Nothing changes.\n" : difference.text()
        return new + "\nWhat changes from \(ProposalReading.name(of: inForce))\n\(changes)"
    }

    private static func name(of yaml: [UInt8]) -> String {
        guard let terms = try? SharingProtocol(parsing: yaml, file: "protocol") else { return "the one in force" }
        return "\(terms.code) version \(terms.version), which is in force"
    }
}

extension BoardProposal {
    /// What is to be read before signing, if it is what is signed for; nil where a motion is about no protocol.
    /// - Throws: `BoardOfficeError.otherText` when the text is not the one whose hash is signed.
    public func readingToSign() throws(BoardOfficeError) -> ProposalReading? {
        let bundle: Hash256
        switch motion {
        case .enrol, .witnesses, .revoke, .members, .succession, .reassign: return nil
        case .publish(let publication, _): bundle = publication.bundle
        case .activate(let activation): bundle = activation.bundle
        }
        guard let reading, RulesBundle.current(yaml: reading.yaml).hash == bundle else { throw .otherText(bundle) }
        return reading
    }
}

extension BoardLog {
    /// The file of the newest activated version of a protocol.
    fileprivate func inForce(_ code: ProtocolCode, but bundle: Hash256) -> [UInt8]? {
        let active = Set(activations.map(\.bundle)).subtracting([bundle])
        return publications.filter { $0.code == code && active.contains($0.bundle) }
            .max { $0.version < $1.version }.flatMap { publishedFile($0.bundle) }
    }
}
