/// Why something cannot be sealed.
public enum SealingError: Error, Hashable, Sendable {
    /// The body or grant is longer than its limit, in bytes.
    case tooLarge(byteCount: Int, limit: Int)
    /// The body nests deeper than any reader accepts.
    case tooDeep
    /// More caveats than any reader accepts.
    case tooManyCaveats(count: Int)
    /// The recipient's public key is not an X-Wing key.
    case unusablePublicKey
    /// The seed of a KEM key is not 32 bytes long.
    case wrongSeedLength(Int)
    /// A grant names one compartment twice, or circle keys without their epoch.
    case contradictoryGrant
}

extension SealingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLarge(let byteCount, let limit):
            "\(byteCount) bytes are to be sealed and \(limit) is the most; split the content"
        case .tooDeep: "the fields nest too deeply for any reader; flatten them"
        case .tooManyCaveats(let count): "one compartment has \(count) caveats; keep the strictest"
        case .unusablePublicKey:
            "the recipient's public key is not an X-Wing key; ask the recipient for a new keyset"
        case .wrongSeedLength(let count):
            "the seed of the KEM key has \(count) bytes instead of 32; give the raw seed"
        case .contradictoryGrant:
            "the grant names a compartment twice, or no epoch for circle keys; state each once"
        }
    }
}
