import EventLogs
import SharingProtocols
public import TallystickPrimitives

/// Where a version of a protocol stands, for people: who has still to sign, between whom it is in force, and what comes next.
public struct ProtocolLifePage: Codable, Hashable, Sendable {
    /// A party that has still to sign.
    public struct Unsigned: Codable, Hashable, Sendable {
        /// Who.
        public var party: String
        /// The offices whose signatures are lacking.
        public var offices: [String]
    }

    /// Two parties between whom it is signed.
    public struct Pair: Codable, Hashable, Sendable {
        /// The one.
        public var one: String
        /// The other.
        public var other: String
        /// The register position from which on.
        public var position: Int
        /// The time of it, where it is known.
        public var since: String?
        /// The newer version that has taken its place between them.
        public var replacedBy: Int?
    }

    /// A party that has taken its signature back.
    public struct Ended: Codable, Hashable, Sendable {
        /// Who.
        public var party: String
        /// The offices that did.
        public var offices: [String]
        /// Why, as a code.
        public var reason: String
        /// When, as it says.
        public var on: String
        /// Whether it means to sign again.
        public var isSuspension: Bool
    }

    /// What an office has said of it.
    public struct Reply: Codable, Hashable, Sendable {
        /// The party.
        public var party: String
        /// The office.
        public var office: String
        /// `agree`, `concern` or `object`.
        public var response: String
        /// In words.
        public var words: String?
        /// When, as the party says.
        public var on: String
    }

    /// A local choice that nobody has settled.
    public struct OpenChoice: Codable, Hashable, Sendable {
        /// Its code.
        public var choice: String
        /// What is to be settled.
        public var question: String
        /// The office that settles it, where one is named.
        public var owner: String?
    }

    /// The protocol's code.
    public var code: String
    /// Its version.
    public var version: Int
    /// Its title.
    public var title: String
    /// The rules bundle, in hexadecimal.
    public var bundle: String
    /// How far it has come, as a code: `consultation`, `signing`, `in-force`, `lapsed`, `suspended`, `superseded` or `ended`;
    /// `drafted` for a file that is not on the board's log.
    public var stage: String
    /// What must be settled before anybody can sign.
    public var openChoices: [OpenChoice]
    /// Who has still to sign.
    public var unsigned: [Unsigned]
    /// Between whom it is signed.
    public var pairs: [Pair]
    /// Who has taken its signature back.
    public var ended: [Ended]
    /// The last day before its review is overdue.
    public var reviewBy: String
    /// Whether that day has passed.
    public var isReviewOverdue: Bool
    /// Whether sharing stops when it passes.
    public var stopsAtReview: Bool
    /// The office that leads the review.
    public var reviewLead: String
    /// What offices of the parties have said.
    public var replies: [Reply]
    /// The parties that have said nothing.
    public var silent: [String]
    /// What a succession changes, a sentence each.
    public var succeeded: [String] = []
    /// Acts of this agency that the register has not yet.
    public var waiting: [String] = []

    /// States where a version stands.
    ///
    /// - Parameters:
    ///   - words: the words of a reply that the roster does not hold.
    ///   - time: when a register position was reached, where that is known.
    public init(
        _ life: ProtocolLife, words: (Consultation.Reply) -> String? = { $0.words },
        time: (TreeSize) -> Timestamp? = { _ in nil }
    ) {
        let (terms, publication) = (life.terms, life.published.publication)
        code = publication.code.text
        version = Int(clamping: publication.version)
        title = terms.title
        bundle = publication.bundle.hex
        stage = life.stage.rawValue
        openChoices = terms.openChoices.map {
            OpenChoice(choice: $0.code.text, question: $0.question, owner: $0.owner)
        }
        unsigned = life.unsigned.map { Unsigned(party: $0.party.text, offices: $0.offices.map(\.text)) }
        pairs = life.pairs.map { pair in
            Pair(
                one: pair.one.text, other: pair.other.text, position: Int(clamping: pair.since.value),
                since: time(pair.since)?.description, replacedBy: pair.replacedBy.map { Int(clamping: $0) })
        }
        ended = life.ended.map { ended in
            Ended(
                party: ended.party.text, offices: ended.ending.offices.map(\.text), reason: ended.ending.reason.text,
                on: ended.ending.statedAt.description, isSuspension: ended.isSuspension)
        }
        reviewBy = terms.review.by.description
        isReviewOverdue = life.isReviewOverdue
        stopsAtReview = terms.review.afterwards == .stop
        reviewLead = terms.review.lead
        replies = life.replies.map { reply in
            Reply(
                party: reply.party.text, office: reply.office.text, response: reply.response, words: words(reply),
                on: reply.statedAt.description)
        }
        silent = life.silent.map(\.text)
        succeeded = life.succeeded.map(\.sentence)
    }
}

extension ProtocolLife.Succeeded {
    /// What has to be signed again, in words.
    var sentence: String {
        let start =
            "\(successor) takes the place of \(predecessor); what \(predecessor) signed does not bind \(successor)"
        guard isParty else {
            return "\(start), which this version does not name: nothing is shared with it until one does, and is signed"
        }
        return hasSigned ? "\(start), which has signed for itself" : "\(start), which has still to sign"
    }
}
