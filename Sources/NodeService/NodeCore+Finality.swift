import EventLogs
import Partnership
import Replication
import TallystickPrimitives
import TransparencyLog

/// What is final, and which logs have told two stories, as this node knows it.
struct CosignedStanding: Sendable {
    /// The register's newest head with cosignatures that this node has checked.
    var head: SignedTreeHead?
    /// The logs against which there is evidence.
    var twoStories: Set<Origin> = []
    /// Those of them whose stories are not by keys that their owners had revoked.
    var ended: Set<Origin> = []
}

extension NodeCore {
    /// How the register's newest cosigned head stands, by the list in force.
    var finality: Finality { Finality(of: cosigned.head, by: roster.witnesses) }

    /// Up to where the register is final; nil while nothing of it is.
    var finalSize: TreeSize? { finality.isFinal ? cosigned.head?.head.size : nil }

    /// As `finalSize`, but 0 while nothing is final; nil where nothing can be, because fewer than four are listed.
    var shownFinalSize: UInt64? {
        guard case .cosigned = finality else { return nil }
        return finalSize?.value ?? 0
    }

    /// Whether the register has told two stories: then nothing more is exchanged with this broker.
    /// Whether this agency's own log has told two stories: nothing more of it is taken by anybody.
    var hasOwnLogEnded: Bool { certainty.standing == .forked || cosigned.ended.contains(origin) }

    var isRegisterRefused: Bool { roster.registerOrigin.map(cosigned.ended.contains) ?? false }

    /// The register as far as this node has followed it.
    var followed: TreeFrontier { follower.frontier }

    /// The evidence among what the broker sent that stands, and is news.
    func standing(_ files: [[UInt8]]) -> [Equivocation] {
        files.compactMap { file in
            guard let found = try? Equivocation(reading: file), !cosigned.twoStories.contains(found.origin)
            else { return nil }
            return try? LogKeys(roster: roster).proven(found)
        }
    }

    /// The register's head that came as final, if the register signed it and this node has followed as far.
    func registerHead(in answer: CosignedHeads, upTo size: TreeSize) -> SignedTreeHead? {
        guard let register = roster.registerOrigin, let note = answer.notes[register],
            let head = signedHead(note, of: register), head.head.size <= size
        else { return nil }
        return head
    }

    /// A head of a log by one of its keys.
    func signedHead(_ note: [UInt8], of origin: Origin) -> SignedTreeHead? {
        roster.logKeys(of: origin).lazy.compactMap { key in
            try? SignedTreeHead(verifying: note, origin: origin, key: key)
        }.first
    }

    /// Takes up a head that is stored.
    func stand(on head: SignedTreeHead) {
        cosigned.head = head
        // Who leads is shown by what is final; where the views fail here they are made anew with the next page.
        try? refreshLeads()
    }

    /// Takes up evidence; a log whose story is by a revoked key is not cosigned, and goes on.
    func stand(against found: Equivocation) {
        cosigned.twoStories.insert(found.origin)
        if !LogKeys(roster: roster).isUnderRevokedKey(found) { cosigned.ended.insert(found.origin) }
    }
}
