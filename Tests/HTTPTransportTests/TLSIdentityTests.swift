import Crypto
import Foundation
import HTTPTransport
import SwiftASN1
import TallystickPrimitives
import Testing
import X509

struct TLSIdentityTests {
    private let from = Timestamp("2026-01-01")!
    private let until = Timestamp("2027-01-01T12:00:00Z")!

    private func makePair(_ agency: AgencyCode = "council") throws -> (
        certificateDER: [UInt8], privateKeyDER: [UInt8]
    ) {
        try TLSIdentity.create(
            agency: agency, entropy: SystemEntropy(), notBefore: from, notAfter: until)
    }

    @Test func certificateSaysWhoAndWhen() throws {
        let pair = try makePair()
        let certificate = try PeerCertificate(der: pair.certificateDER)
        #expect(certificate.claimedAgency == "council")
        #expect(certificate.notBefore == from)
        #expect(certificate.notAfter == until)
        #expect(certificate.fingerprint == Hash256(hashing: pair.certificateDER))
    }

    @Test func certificateIsNoAuthorityAndServesBothSides() throws {
        let certificate = try Certificate(derEncoded: makePair().certificateDER)
        #expect(try certificate.extensions.basicConstraints == .notCertificateAuthority)
        #expect(
            try certificate.extensions.extendedKeyUsage
                == ExtendedKeyUsage([.clientAuth, .serverAuth]))
        #expect(certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
        let names = try #require(try certificate.extensions.subjectAlternativeNames)
        #expect(names.contains(.dnsName("localhost")))
        #expect(names.contains(.ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1]))))
        #expect(names.contains(.uniformResourceIdentifier("tallystick:agency/council")))
    }

    @Test func datesAreIncludedToTheirLastSecond() throws {
        let pair = try makePair()
        let certificate = try PeerCertificate(der: pair.certificateDER)
        let roster = PeerRoster(["council": [pair.certificateDER]])
        let cases: [(Int64, Bool)] = [
            (from.milliseconds - 1, false), (from.milliseconds, true),
            (until.milliseconds + 999, true), (until.milliseconds + 1000, false),
        ]
        for (milliseconds, isValid) in cases {
            let instant = Timestamp(milliseconds: milliseconds)
            #expect(certificate.isValid(at: instant) == isValid)
            let agency = roster.agency(certificateDER: pair.certificateDER, at: instant)
            #expect(agency == (isValid ? "council" : nil))
        }
    }

    @Test func keyIsNeverShown() throws {
        let pair = try makePair()
        let identity = try TLSIdentity(
            certificateDER: pair.certificateDER, privateKeyDER: pair.privateKeyDER)
        let scalar = try P256.Signing.PrivateKey(derRepresentation: pair.privateKeyDER)
            .rawRepresentation
        var dumped = ""
        dump(identity, to: &dumped)
        for shown in ["\(identity)", String(reflecting: identity), dumped] {
            #expect(shown.contains(identity.certificate.fingerprint.hex))
            #expect(!shown.lowercased().contains("sslprivatekey"))
            #expect(!shown.lowercased().contains(Hex.encode(scalar)))
        }
    }

    @Test func partsThatDoNotBelongTogetherAreRefused() throws {
        let pair = try makePair()
        let other = try makePair()
        #expect(throws: TLSIdentityError.keyOfAnotherCertificate) {
            try TLSIdentity(certificateDER: pair.certificateDER, privateKeyDER: other.privateKeyDER)
        }
        #expect(throws: TLSIdentityError.unreadableKey) {
            try TLSIdentity(certificateDER: pair.certificateDER, privateKeyDER: [1, 2])
        }
        #expect(throws: TLSIdentityError.certificate(.unreadable)) {
            try TLSIdentity(certificateDER: [1, 2], privateKeyDER: pair.privateKeyDER)
        }
        #expect(throws: TLSIdentityError.emptyValidity) {
            try TLSIdentity.create(
                agency: "council", entropy: SystemEntropy(), notBefore: from, notAfter: from)
        }
    }

    @Test func otherCurvesAreRefused() throws {
        let key = P384.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("council") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(bytes: [1]),
            publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: 0),
            notValidAfter: Date(timeIntervalSince1970: 4_000_000_000), issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA384, extensions: Certificate.Extensions(),
            issuerPrivateKey: Certificate.PrivateKey(key))
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        let der = serializer.serializedBytes
        #expect(throws: PeerCertificateError.notP256) { try PeerCertificate(der: der) }
        #expect(PeerRoster(["council": [der]]).agenciesWithUnusableCertificates == ["council"])
        #expect(PeerRoster(["council": [der]]).certificatesDER().isEmpty)
    }

    @Test func entropyThatIsNoKeyIsReported() {
        struct AllOnes: Entropy {
            func bytes(count: Int) -> [UInt8] { [UInt8](repeating: 0xff, count: count) }
        }
        #expect(throws: TLSIdentityError.entropyUnusable) {
            try TLSIdentity.create(
                agency: "council", entropy: AllOnes(), notBefore: from, notAfter: until)
        }
    }

    @Test func certificateOfTwoAgenciesIsNobodys() throws {
        let shared = try makePair().certificateDER
        let own = try makePair("police").certificateDER
        let roster = PeerRoster(["council": [shared], "police": [shared, own]])
        #expect(roster.agency(certificateDER: shared, at: from) == nil)
        #expect(roster.agency(certificateDER: own, at: from) == "police")
        #expect(roster.agenciesWithUnusableCertificates == ["council", "police"])
        #expect(roster.certificatesDER() == [own])
    }
}
