public import SignedStatements
public import TallystickPrimitives
public import TransparencyLog

/// A witness's judgement of the heads that it is offered (c2sp.org/tlog-witness). It does no I/O.
///
/// Whoever runs it stores the head that `judge` lets through, calls `record`, and only then cosigns: a witness that
/// forgets a head can be made to cosign a second story.
public struct Witnessing: Sendable {
    /// The last head cosigned of each log.
    public private(set) var heads: [Origin: UnverifiedTreeHead]
    /// The logs of which two stories are known: nothing of them is cosigned any more.
    public private(set) var equivocal: Set<Origin>

    /// What becomes of an offer.
    public enum Judgement: Hashable, Sendable {
        /// To be stored, recorded and cosigned.
        case cosign(SignedTreeHead)
        /// Not cosigned.
        case refuse(WitnessRefusal)
        /// Not cosigned, and it can be shown why to anybody.
        case equivocation(Equivocation)
    }

    /// Takes up a stored state.
    public init(heads: [Origin: UnverifiedTreeHead] = [:], equivocal: Set<Origin> = []) {
        self.heads = heads
        self.equivocal = equivocal
    }

    /// How far each log has been cosigned.
    public var sizes: [Origin: TreeSize] { heads.mapValues(\.claimed.size) }

    /// Decides about an offered head.
    ///
    /// - Parameter keys: those with which the log may sign now.
    public func judge(_ offer: HeadOffer, keys: [VerificationKey]) -> Judgement {
        let origin = offer.request.head.claimed.origin
        guard !equivocal.contains(origin) else { return .refuse(.inconsistent) }
        let latest = heads[origin]
        var refusal = WitnessRefusal.unknownLog
        for key in keys {
            let state = WitnessState(logs: [origin: key], heads: latest.map { [origin: $0.claimed] } ?? [:])
            do throws(WitnessRefusal) { return .cosign(try state.check(offer.request)) } catch {
                refusal = error
                // Another key may have signed it; nothing else depends on the key.
                if error != .untrusted { break }
            }
        }
        if refusal == .inconsistent, let latest, let found = contradiction(between: latest, and: offer) {
            return .equivocation(found)
        }
        return .refuse(refusal)
    }

    /// Remembers a head that `judge` let through and that is stored.
    public mutating func record(_ signed: SignedTreeHead) {
        let known = heads[signed.head.origin]?.claimed.size ?? .empty
        precondition(known <= signed.head.size, "a witness never goes back to a smaller head")
        heads[signed.head.origin] = try? UnverifiedTreeHead(parsing: signed.note)
    }

    /// Remembers that a log has told two stories.
    public mutating func record(_ found: Equivocation) { equivocal.insert(found.origin) }

    /// What shows that the offered head and the one cosigned last cannot be joined; nil when only the proof is wrong,
    /// which shows nothing.
    private func contradiction(between latest: UnverifiedTreeHead, and offer: HeadOffer) -> Equivocation? {
        let isSameSize = latest.claimed.size == offer.request.head.claimed.size
        let beginning = offer.olderRoot.map { Equivocation.Beginning(root: $0, proof: offer.request.proof) }
        let found = Equivocation(
            smaller: latest, larger: offer.request.head, beginning: isSameSize ? nil : beginning)
        do throws(EquivocationFault) { try found.check() } catch { return nil }
        return found
    }
}
