public import SignedStatements
public import TallystickPrimitives

/// What a witness remembers, and its decision about the next head (c2sp.org/tlog-witness). It does
/// no I/O.
///
/// A server calls `check`, stores the head that this returns, calls `record`, and only then
/// cosigns: a witness that forgets a head can be made to cosign a fork.
public struct WitnessState: Hashable, Sendable {
    /// The logs that the witness knows, and the keys they sign with.
    public private(set) var logs: [Origin: VerificationKey]
    /// The last head cosigned of each log.
    public private(set) var heads: [Origin: TreeHead]

    /// Takes up a stored state.
    public init(logs: [Origin: VerificationKey], heads: [Origin: TreeHead] = [:]) {
        self.logs = logs
        self.heads = heads
    }

    /// Decides about a request, and returns the head to store and cosign.
    public func check(_ request: WitnessRequest) throws(WitnessRefusal) -> SignedTreeHead {
        let origin = request.head.claimed.origin
        guard let key = logs[origin] else { throw .unknownLog }
        let signed: SignedTreeHead
        do throws(TreeHeadError) {
            signed = try SignedTreeHead(verifying: request.head, origin: origin, key: key)
        } catch {
            if case .wrongEmptyRoot = error { throw .inconsistent }
            throw .untrusted
        }
        guard request.older <= signed.head.size else { throw .olderBeyondSize }
        let latest = heads[origin]
        guard request.older == latest?.size ?? .empty else {
            throw .conflict(latest: latest?.size ?? .empty)
        }
        guard isConsistent(request, with: latest) else { throw .inconsistent }
        return signed
    }

    /// Remembers a head that `check` returned and that is stored.
    /// - Precondition: the head is not smaller than the last one of its log.
    public mutating func record(_ signed: SignedTreeHead) {
        let head = signed.head
        precondition(
            heads[head.origin].map { $0.size <= head.size } ?? true,
            "a witness never goes back to a smaller head")
        heads[head.origin] = head
    }

    private func isConsistent(_ request: WitnessRequest, with latest: TreeHead?) -> Bool {
        // Nothing can be proved from an empty tree, so the protocol asks for an empty proof.
        guard let latest, latest.size != .empty else { return request.proof.isEmpty }
        let newer = request.head.claimed
        do throws(ProofError) {
            try TreeProofs.verifyConsistency(
                from: latest.size, root: latest.root, to: newer.size, root: newer.root,
                proof: request.proof)
            return true
        } catch { return false }
    }
}
