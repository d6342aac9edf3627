public import TallystickPrimitives

/// Why a witness does not cosign a head (c2sp.org/tlog-witness).
public enum WitnessRefusal: Error, Hashable, Sendable {
    /// The body is not a request.
    case malformed
    /// The older size exceeds the size of the head.
    case olderBeyondSize
    /// The head has no valid signature of its log.
    case untrusted
    /// The witness does not know the log.
    case unknownLog
    /// The last head cosigned is of another size than the log believes.
    case conflict(latest: TreeSize)
    /// The proof does not lead from the last head to this one: a wrong proof, or a fork.
    case inconsistent

    /// The HTTP status of the refusal.
    public var status: Int {
        switch self {
        case .malformed, .olderBeyondSize: 400
        case .untrusted: 403
        case .unknownLog: 404
        case .conflict: 409
        case .inconsistent: 422
        }
    }

    /// The body of a conflict, of type `text/x.tlog.size`: the last size and a line feed. Nil for
    /// other refusals.
    public var sizeBody: [UInt8]? {
        guard case .conflict(let latest) = self else { return nil }
        return Array("\(latest)\n".utf8)
    }
}

extension WitnessRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed: "the body is not an add-checkpoint request; see c2sp.org/tlog-witness"
        case .olderBeyondSize: "the older size exceeds the head's; send the size cosigned last"
        case .untrusted: "the head has no valid signature of its log; sign it with the known key"
        case .unknownLog: "this log is not known here; have the witness's operator add it"
        case .conflict(let latest):
            "the last size cosigned is \(latest); send a consistency proof from there"
        case .inconsistent:
            "the proof does not lead from the last head cosigned to this one; send the right proof"
        }
    }
}
