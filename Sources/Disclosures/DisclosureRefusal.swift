public import Casework
public import TallystickPrimitives

/// Why a request, an answer or a disclosure is not recorded.
public enum DisclosureRefusal: Error, Hashable, Sendable {
    /// A text does not do.
    case text(CaseRefusal)
    /// No label is named.
    case noLabels
    /// More labels than one request or disclosure takes.
    case tooManyLabels(count: Int, limit: Int)
    /// A label is named twice.
    case labelTwice(Label)
    /// An agency does not ask itself, or give to itself.
    case toOneself
    /// The due time is not ahead, or is further ahead than the limit in days.
    case due(limitDays: Int)
    /// The earlier request was not ours, or was of another agency.
    case otherEarlierRequest
    /// The request names an earlier one that is not at hand.
    case earlierUnknown(EventID)
    /// The earlier request was refused and nothing is said to have changed.
    case nothingChanged
    /// The request is addressed to another agency.
    case notAsked(asked: AgencyCode)
    /// The request was answered already.
    case alreadyAnswered(AnswerOutcome)
    /// What was asked could not be read here, so it cannot be answered in full or in part.
    case requestUnreadable
    /// A full answer leaves out labels that were asked for.
    case notFull(missing: [Label])
    /// A label that nobody asked for.
    case notAskedFor(Label)
    /// Everything is given, so this is a full answer.
    case isFull
    /// The term is missing, or not between one day and the limit.
    case term(days: UInt64?, limit: UInt64)
    /// Only whoever asked reminds and goes up the ladder.
    case notAsker(asker: AgencyCode)
    /// The protocol's ladder has no such level.
    case notOnLadder(RequestStep)
    /// The time of a step has not come.
    case tooEarly(RequestStep, from: Timestamp)
    /// The step was taken already; a reminder within the last day.
    case stepTaken(RequestStep)
    /// A lower level comes first.
    case stepBefore(RequestStep)
    /// What was told was told before it was asked for, or is still to come.
    case toldWhen
    /// Nobody is named who is to be told.
    case toNobody
    /// Only who told in an emergency reviews it.
    case notOurEmergency(teller: AgencyCode)
    /// The emergency was reviewed already.
    case alreadyReviewed(EmergencyFinding)
    /// Who told does not review it.
    case ownReview
    /// Nobody else was given anything of the entry, or all of it is taken back already.
    case neverGiven
    /// This agency was not given anything of it.
    case notGivenTo(AgencyCode)
    /// Nobody named was given this of it.
    case labelNotGiven(Label)
    /// Nobody has become aware of something yet to come.
    case awareAhead
    /// Only the agency that something was taken back from says what was done with it.
    case notOurRecall(holder: AgencyCode)
    /// Everybody has said what they did.
    case recallAnswered
    /// Only who took it back decides about the regulator.
    case notOursToDecide(author: AgencyCode)
    /// Only who wrote an entry corrects it.
    case notOursToCorrect(author: AgencyCode)
    /// An entry does not stand in its own place.
    case replacedByItself
    /// It was decided already.
    case alreadyDecided(BreachDecision)
    /// Readings are withheld for no time, or for longer than the limit in days.
    case withheldUntil(limitDays: Int)
    /// More names of one person than are looked for.
    case tooManyNames(limit: Int)
    /// A request was received on a day still to come.
    case receivedAhead
    /// An exemption of the other regime.
    case otherRegime(AccessExemption, entryIs: AccessRegime)
    /// Nothing of the agency's would be given, or too much to ask at once.
    case nothingToConsult(AgencyCode)
    /// The clock was extended already.
    case extendedAlready(until: CivilDate)
    /// The last day is over.
    case extendedTooLate(due: CivilDate)
    /// This agency has nothing of what is to be destroyed or held.
    case nothingToErase
    /// It is in an erasure already, or destroyed.
    case erasedAlready
    /// One person has approved it already, and the second must be somebody else.
    case samePerson
    /// Two have approved it already.
    case approvedAlready
    /// It was brought back.
    case broughtBack
    /// Somebody holds it.
    case onHold([ReasonCode])
    /// Backups are kept longer than anybody may say, or no day.
    case backupDays(UInt64)
    /// It is not the kind of question that is answered now.
    case questionOver
    /// Nobody else has anything of the entry any more.
    case nothingToWithdraw
    /// This agency has nothing of it any more.
    case nothingToWithdrawFrom(AgencyCode)
    /// Only the agency that something was withdrawn from decides what becomes of it there.
    case notOurWithdrawal(holder: AgencyCode)
    /// It is destroyed already, or is being destroyed.
    case withdrawalEnded
    /// The day until which it is to be kept has passed.
    case keptUntilPast
}

extension DisclosureRefusal: CustomStringConvertible {
    /// What is wrong, where, and what to do; never a word of what was recorded.
    public var description: String {
        switch self {
        case .text(let refusal): refusal.description
        case .noLabels: "No information is named. Choose at least one kind."
        case .tooManyLabels(let count, let limit):
            "\(count) kinds of information are named; at most \(limit) go at once."
        case .labelTwice(let label): "\(label) is named twice. Name it once."
        case .toOneself: "An agency does not ask or tell itself. Choose another agency."
        case .due(let limitDays):
            "The answer must be due after now and within \(limitDays) days. Change the date."
        case .otherEarlierRequest:
            "The earlier request was not yours to this agency. Cite one that was, or none."
        case .earlierUnknown(let id):
            "The earlier request \(id) is not held here. Cite one that is, or none."
        case .nothingChanged:
            "The earlier request was refused. Write what has changed since, or do not cite it."
        case .notAsked(let asked): "The request is addressed to \(asked). Leave it to them."
        case .alreadyAnswered(let outcome):
            "The request was answered already: \(outcome.rawValue). Share more without it."
        case .requestUnreadable:
            "What was asked for cannot be read here. Ask the asker to send it again."
        case .notFull(let missing):
            "A full answer leaves out \(missing.map(\.text).joined(separator: ", ")). "
                + "Add them, or answer in part."
        case .notAskedFor(let label): "\(label) was not asked for. Leave it out."
        case .isFull: "Everything asked for is given. Answer in full."
        case .term(_, let limit): "Say after how many days it is dropped: 1 to \(limit)."
        case .notAsker(let asker): "The request is of \(asker), which waits for the answer. Leave it to them."
        case .notOnLadder(let step):
            "The protocol has no step '\(step.rawValue)'. 'tallystick protocol explain' shows where a request goes."
        case .tooEarly(let step, let from):
            "The step '\(step.rawValue)' can be taken from \(from) on. Remind them before, or telephone."
        case .stepTaken(.reminder): "They were reminded within the last day. Telephone, or wait."
        case .stepTaken(let step): "The step '\(step.rawValue)' was taken already. Take the next, when its time comes."
        case .stepBefore(let step): "The step '\(step.rawValue)' comes first. Take that one."
        case .toldWhen:
            "What was told must have been told after it was asked for, and before now. Give the time it was told."
        case .toNobody: "No agency is named. Name at least one that can act."
        case .notOurEmergency(let teller): "\(teller) told this, and reviews it. Leave it to them."
        case .alreadyReviewed(let finding): "It was reviewed already: \(finding.rawValue). Nothing more is due."
        case .neverGiven: "Nobody else has this entry from us, or all of it is recalled already. Nothing was done."
        case .notGivenTo(let agency):
            "\(agency) was given nothing of this entry that is not recalled already. Leave it out."
        case .labelNotGiven(let label): "\(label) of this entry was given to none of them. Leave it out."
        case .awareAhead: "The time when somebody became aware is still to come. Write when it was."
        case .notOurRecall(let holder): "It was recalled from \(holder), which answers. Leave it to them."
        case .recallAnswered: "Everybody who was shown it has answered already. Nothing more is due."
        case .notOursToDecide(let author): "\(author) recalled it, and decides this. Leave it to them."
        case .notOursToCorrect(let author): "\(author) wrote this entry, and corrects it. Dispute it, or tell them."
        case .replacedByItself: "The entry cannot stand in its own place. Name the one that is right, or none."
        case .alreadyDecided(let decision): "It was decided already: \(decision.rawValue). Nothing more is due."
        case .withheldUntil(let limitDays):
            "Say until when: after now and within \(limitDays) days. Who still needs it then decides anew."
        case .tooManyNames(let limit): "More than \(limit) names. Leave out those that no entry would have."
        case .receivedAhead: "The day it was received is still to come. Write when it was."
        case .otherRegime(let exemption, let regime):
            "'\(exemption.rawValue)' is an exemption of \(exemption.regime.meaning); the entry is under "
                + "\(regime.meaning). Choose one of that, or say that the entry is under the other."
        case .nothingToConsult(let agency):
            "Nothing of \(agency) is among the entries, or more than \(Limits.accessConsultedCount). "
                + "'tallystick subject-access show' lists whose they are."
        case .extendedAlready(let until): "It was extended already, to \(until). It cannot be extended again."
        case .extendedTooLate(let due): "The last day was \(due). Answer now; it cannot be extended any more."
        case .nothingToErase: "This agency has nothing of it. Check the reference."
        case .erasedAlready: "Part of it is being erased, or is erased already. See 'tallystick erasure list'."
        case .samePerson: "You have approved it already. A second person must, by their own name."
        case .approvedAlready: "Two people have approved it already. Nothing more is due."
        case .broughtBack: "It was brought back. Propose it anew if it is to go after all."
        case .onHold(let reasons):
            "It is on hold: \(reasons.map(\.text).joined(separator: ", ")). See 'tallystick hold list'; whoever placed "
                + "a hold lifts it."
        case .backupDays(let limit): "Say after how many days no backup is left: 1 to \(limit)."
        case .questionOver: "The question was withdrawn, or is answered. Nothing more is due."
        case .nothingToWithdraw:
            "Nobody else has this entry from us, or all of it is withdrawn or recalled already. Nothing was done."
        case .nothingToWithdrawFrom(let agency):
            "\(agency) has nothing of this entry that is not withdrawn or recalled already. Leave it out."
        case .notOurWithdrawal(let holder): "It was withdrawn from \(holder), which answers. Leave it to them."
        case .withdrawalEnded: "It is destroyed here already and cannot be kept. Ask its author to give it anew."
        case .keptUntilPast: "The day until which it is kept must be still to come. Change it, or let it end."
        case .ownReview: "Somebody else must review what you told. Ask your supervisor or data protection officer."
        }
    }
}
