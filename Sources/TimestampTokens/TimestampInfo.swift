import SwiftASN1
import TallystickPrimitives

/// What an authority signed: the TSTInfo of RFC 3161 §2.4.2.
struct TimestampInfo {
    let hash: ASN1ObjectIdentifier
    let imprint: ArraySlice<UInt8>
    let serialNumber: [UInt8]
    let at: Timestamp
    /// Milliseconds by which the time may be wrong, either way; nil where the authority does not say.
    let accuracy: Int64?

    /// - Throws: `TimestampFault.malformed`.
    init(reading bytes: ArraySlice<UInt8>) throws(TimestampFault) {
        do { try self.init(node: try DER.parse(bytes)) } catch { throw error as? TimestampFault ?? .malformed }
    }

    private init(node: ASN1Node) throws {
        let parts = try SignedToken.children(of: node)
        guard parts.count >= 5, try Int(derEncoded: parts[0]) == 1 else { throw TimestampFault.malformed }
        _ = try ASN1ObjectIdentifier(derEncoded: parts[1])
        let stamped = try SignedToken.children(of: parts[2])
        guard stamped.count == 2, let algorithm = try SignedToken.children(of: stamped[0]).first else {
            throw TimestampFault.malformed
        }
        hash = try ASN1ObjectIdentifier(derEncoded: algorithm)
        imprint = try ASN1OctetString(derEncoded: stamped[1]).bytes
        serialNumber = Array(try ArraySlice<UInt8>(derEncoded: parts[3]))
        at = try TimestampInfo.instant(try GeneralizedTime(derEncoded: parts[4]))
        accuracy = try parts.dropFirst(5).first { $0.identifier == .sequence }.map(TimestampInfo.accuracy)
    }

    private static func instant(_ time: GeneralizedTime) throws -> Timestamp {
        guard let day = CivilDate(year: Int64(time.year), month: Int64(time.month), day: Int64(time.day)) else {
            throw TimestampFault.malformed
        }
        let seconds = Int64(time.hours) * 3600 + Int64(time.minutes) * 60 + Int64(time.seconds)
        return Timestamp(
            milliseconds: (day.daysSinceEpoch * 86_400 + seconds) * 1000 + Int64(time.fractionalSeconds * 1000))
    }

    /// Seconds, thousandths and millionths, each optional; a started thousandth counts as one.
    private static func accuracy(_ node: ASN1Node) throws -> Int64 {
        var milliseconds: Int64 = 0
        for part in try SignedToken.children(of: node) {
            switch part.identifier {
            case .integer:
                let seconds = try Int64(derEncoded: part)
                guard (0...Int64(UInt32.max)).contains(seconds) else { throw TimestampFault.malformed }
                milliseconds += seconds * 1000
            case ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific):
                let thousandths = try Int64(derEncoded: part, withIdentifier: part.identifier)
                guard (1...999).contains(thousandths) else { throw TimestampFault.malformed }
                milliseconds += thousandths
            case ASN1Identifier(tagWithNumber: 1, tagClass: .contextSpecific):
                let millionths = try Int64(derEncoded: part, withIdentifier: part.identifier)
                guard (1...999).contains(millionths) else { throw TimestampFault.malformed }
                milliseconds += 1
            default: throw TimestampFault.malformed
            }
        }
        return milliseconds
    }
}
