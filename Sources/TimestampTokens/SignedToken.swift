import SwiftASN1
import X509

/// A time-stamp token as it reads: CMS signed data of one signer over a TSTInfo (RFC 5652 §5, RFC 3161 §2.4.2). Nothing of
/// it is checked.
struct SignedToken {
    /// The TSTInfo, as it was signed.
    let content: ArraySlice<UInt8>
    let certificates: [Certificate]
    let signer: Signer

    struct Signer {
        /// Issuer and serial number, or the key's identifier, of the certificate that signed.
        let identifier: ASN1Node
        let hash: ASN1ObjectIdentifier
        /// The signed attributes as they were signed: as a SET.
        let signedBytes: [UInt8]
        let attributes: [ASN1ObjectIdentifier: ASN1Node]
        let algorithm: ASN1ObjectIdentifier
        let signature: ArraySlice<UInt8>
    }

    static let signedData: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 7, 2]
    static let timestampInfo: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 9, 16, 1, 4]

    /// Reads an authority's answer, or the token alone.
    ///
    /// - Throws: `TimestampFault.malformed` or `notGranted`.
    init(reading bytes: [UInt8]) throws(TimestampFault) {
        do {
            let outermost = try DER.parse(bytes)
            let answer = try SignedToken.children(of: outermost)
            if answer.first?.identifier == .objectIdentifier {
                try self.init(token: outermost)
            } else {
                try self.init(answer: answer)
            }
        } catch { throw error as? TimestampFault ?? .malformed }
    }

    private init(answer: [ASN1Node]) throws {
        guard let first = answer.first, let status = try SignedToken.children(of: first).first else {
            throw TimestampFault.malformed
        }
        // 0 granted, 1 granted with changes.
        let number = try Int(derEncoded: status)
        guard number == 0 || number == 1 else { throw TimestampFault.notGranted(number) }
        guard answer.count == 2 else { throw TimestampFault.malformed }
        try self.init(token: answer[1])
    }

    private init(token: ASN1Node) throws {
        let outer = try SignedToken.children(of: token)
        guard outer.count == 2, try ASN1ObjectIdentifier(derEncoded: outer[0]) == SignedToken.signedData else {
            throw TimestampFault.malformed
        }
        let data = try DER.explicitlyTagged(outer[1], tagNumber: 0, tagClass: .contextSpecific) { $0 }
        var parts = try SignedToken.children(of: data)[...]
        guard parts.count >= 4 else { throw TimestampFault.malformed }
        _ = try Int(derEncoded: parts.removeFirst())
        // The set of hashes only repeats what the signer names.
        parts.removeFirst()
        content = try SignedToken.content(of: parts.removeFirst())
        var certificates: [Certificate] = []
        if parts.first?.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific) {
            // Other kinds of certificate may stand among them; they sign nothing here.
            certificates = try SignedToken.children(of: parts.removeFirst()).compactMap { node in
                node.identifier == .sequence ? try Certificate(derEncoded: node) : nil
            }
        }
        if parts.first?.identifier == ASN1Identifier(tagWithNumber: 1, tagClass: .contextSpecific) {
            parts.removeFirst()
        }
        guard parts.count == 1, let signers = parts.first, signers.identifier == .set else {
            throw TimestampFault.malformed
        }
        let all = try SignedToken.children(of: signers)
        guard all.count == 1 else { throw TimestampFault.malformed }
        self.certificates = certificates
        signer = try Signer(reading: all[0])
    }

    private static func content(of node: ASN1Node) throws -> ArraySlice<UInt8> {
        let parts = try children(of: node)
        guard parts.count == 2, try ASN1ObjectIdentifier(derEncoded: parts[0]) == timestampInfo else {
            throw TimestampFault.malformed
        }
        let inner = try DER.explicitlyTagged(parts[1], tagNumber: 0, tagClass: .contextSpecific) { $0 }
        return try ASN1OctetString(derEncoded: inner).bytes
    }

    static func children(of node: ASN1Node) throws -> [ASN1Node] {
        guard case .constructed(let nodes) = node.content else { throw TimestampFault.malformed }
        return Array(nodes)
    }
}

extension SignedToken.Signer {
    init(reading node: ASN1Node) throws {
        var parts = try SignedToken.children(of: node)[...]
        guard parts.count >= 6 else { throw TimestampFault.malformed }
        _ = try Int(derEncoded: parts.removeFirst())
        identifier = parts.removeFirst()
        hash = try SignedToken.Signer.algorithm(parts.removeFirst())
        let signed = parts.removeFirst()
        // A token always has them: the hash of what it says is one.
        guard signed.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific) else {
            throw TimestampFault.malformed
        }
        signedBytes = [0x31] + signed.encodedBytes.dropFirst()
        var attributes: [ASN1ObjectIdentifier: ASN1Node] = [:]
        for attribute in try SignedToken.children(of: signed) {
            let pair = try SignedToken.children(of: attribute)
            guard pair.count == 2 else { throw TimestampFault.malformed }
            let values = try SignedToken.children(of: pair[1])
            guard values.count == 1 else { continue }
            let name = try ASN1ObjectIdentifier(derEncoded: pair[0])
            guard attributes.updateValue(values[0], forKey: name) == nil else { throw TimestampFault.malformed }
        }
        self.attributes = attributes
        algorithm = try SignedToken.Signer.algorithm(parts.removeFirst())
        signature = try ASN1OctetString(derEncoded: parts.removeFirst()).bytes
    }

    private static func algorithm(_ node: ASN1Node) throws -> ASN1ObjectIdentifier {
        guard let first = try SignedToken.children(of: node).first else { throw TimestampFault.malformed }
        return try ASN1ObjectIdentifier(derEncoded: first)
    }
}
