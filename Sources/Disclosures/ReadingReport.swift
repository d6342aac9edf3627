public import Casework
public import TallystickPrimitives

/// In what role somebody was shown something, as far as another agency may know it.
public enum ReaderRole: String, CaseIterable, Hashable, Sendable, Codable {
    /// Whoever works the case.
    case caseWorker = "case-worker"
    /// Whoever supervises them.
    case supervisor
    /// The designated safeguarding lead, or somebody of theirs.
    case safeguarding
    /// The data protection officer, or somebody of theirs.
    case dataProtection = "data-protection"
    /// A chief officer.
    case seniorOfficer = "senior-officer"
}

/// How often a case was displayed in a week, in steps too coarse to find one person's work in.
public enum ReadingStep: String, CaseIterable, Hashable, Sendable, Codable {
    /// At least once.
    case underFive = "under-5"
    /// Five to nine times.
    case fiveToNine = "5-to-9"
    /// Ten to nineteen times.
    case tenToNineteen = "10-to-19"
    /// Twenty times or more.
    case twentyOrMore = "20-or-more"

    /// The step that a number falls into; nil for none.
    public init?(count: Int) {
        switch count {
        case ..<1: return nil
        case 1..<5: self = .underFive
        case 5..<10: self = .fiveToNine
        case 10..<20: self = .tenToNineteen
        default: self = .twentyOrMore
        }
    }
}

/// That a person of this agency was shown a case on a day. However often that was on one day, it is one.
public struct DayReading: Hashable, Sendable {
    /// The case.
    public let reference: CaseReference
    /// The day.
    public let day: CivilDate
    /// The person, by the identifier that they have on that day alone.
    public let actor: String
    /// In what role; nil where none was said.
    public let role: ReaderRole?

    /// States it.
    public init(reference: CaseReference, day: CivilDate, actor: String, role: ReaderRole?) {
        self.reference = reference
        self.day = day
        self.actor = actor
        self.role = role
    }
}

/// What the owner of a case learns of how it was read in a week.
public struct ReadingLine: Hashable, Sendable {
    /// One role, or everybody whose role is not told.
    public struct Count: Hashable, Sendable {
        /// The role; nil for all the others together.
        public let role: ReaderRole?
        /// How often, in steps.
        public let step: ReadingStep

        /// States it.
        public init(role: ReaderRole?, step: ReadingStep) {
            self.role = role
            self.step = step
        }
    }

    /// The case.
    public let reference: CaseReference
    /// By role, and then the others; never empty.
    public let counts: [Count]

    /// States it.
    public init(reference: CaseReference, counts: [Count]) {
        self.reference = reference
        self.counts = counts
    }

    /// The lines of a week, in the order of the cases.
    ///
    /// A role is named only where at least `Limits.readingRolePeople` different people of it were shown the case on one
    /// and the same day: identifiers change from day to day, so that nothing else proves that they were several. All the
    /// others are one line, and every number is a step.
    public static func lines(of readings: some Sequence<DayReading>) -> [ReadingLine] {
        var cases: [CaseReference: [Person: ReaderRole?]] = [:]
        for reading in readings {
            let person = Person(day: reading.day, actor: reading.actor)
            // Whoever names two roles on a day is counted once, with the first in the order of their names.
            let known = cases[reading.reference]?[person].flatMap(\.self)
            let role = [known, reading.role].compactMap(\.self).min { $0.rawValue < $1.rawValue }
            cases[reading.reference, default: [:]].updateValue(role, forKey: person)
        }
        return cases.keys.sorted().map { reference in
            ReadingLine(reference: reference, counts: counts(of: cases[reference] ?? [:]))
        }
    }

    private struct Person: Hashable {
        let day: CivilDate
        let actor: String
    }

    private static func counts(of people: [Person: ReaderRole?]) -> [Count] {
        var counts: [Count] = []
        var others = people.count
        for role in ReaderRole.allCases {
            let shown = people.filter { $0.value == role }.keys
            let byDay = Dictionary(grouping: shown, by: \.day).values.map(\.count)
            guard (byDay.max() ?? 0) >= Limits.readingRolePeople, let step = ReadingStep(count: shown.count) else {
                continue
            }
            counts.append(Count(role: role, step: step))
            others -= shown.count
        }
        if let step = ReadingStep(count: others) { counts.append(Count(role: nil, step: step)) }
        return counts
    }
}

/// What an agency tells another once a week of how often its people were shown that other's cases (PRACTICE P12).
///
/// It names no person, no day and no minute, and is of one size, whether much was read, nothing, or nothing may be told.
public struct ReadingReport: Hashable, Sendable {
    /// The Monday on which the week began, in UTC.
    public let week: CivilDate
    /// What was displayed; empty also where nothing may be told.
    public let lines: [ReadingLine]
    /// Whether more was displayed than a report has room for.
    public let hasMore: Bool

    /// States it.
    public init(week: CivilDate, lines: [ReadingLine], hasMore: Bool = false) {
        self.week = week
        self.lines = lines
        self.hasMore = hasMore
    }

    /// The report of a week, with what is withheld left out as if it had not been read.
    ///
    /// - Parameter withheld: what is not to be told of that week.
    public init(
        week: CivilDate, readings: some Sequence<DayReading>, withheld: (CaseReference) -> Bool
    ) {
        let all = ReadingLine.lines(of: readings.filter { !withheld($0.reference) })
        self.init(
            week: week, lines: Array(all.prefix(Limits.readingCaseCount)), hasMore: all.count > Limits.readingCaseCount)
    }
}

/// The weeks that reports are about: Monday to Sunday, in UTC.
public enum ReadingWeek {
    /// The Monday of the week that an instant is in.
    public static func monday(of instant: Timestamp) -> CivilDate {
        let day = Int64(instant.wholeSeconds / 86_400)
        // 1970-01-01 was a Thursday: three days after a Monday.
        return CivilDate(daysSinceEpoch: day - (day + 3) % 7)
    }

    /// The newest week that is told of: a week passes after its end, so that nobody can tell from the time of a report
    /// what was read shortly before.
    public static func newestDue(at now: Timestamp) -> CivilDate {
        CivilDate(daysSinceEpoch: monday(of: now).daysSinceEpoch - 7 - Limits.readingDelayDays)
    }

    /// The weeks to tell of, oldest first.
    ///
    /// - Parameters:
    ///   - first: when the other agency's content was first here.
    ///   - told: the weeks that were told of before.
    public static func due(since first: Timestamp, told: Set<CivilDate>, at now: Timestamp) -> [CivilDate] {
        let newest = newestDue(at: now).daysSinceEpoch
        let oldest = max(monday(of: first).daysSinceEpoch, newest - 7 * (Limits.readingWeekCount - 1))
        guard oldest <= newest else { return [] }
        return stride(from: oldest, through: newest, by: 7).map { CivilDate(daysSinceEpoch: $0) }
            .filter { !told.contains($0) }
    }
}

/// That a senior officer keeps readings from being told, for a time.
public struct ReadingWithheld: Hashable, Sendable {
    /// The case; nil for all that an owner has a part in.
    public let reference: CaseReference?
    /// To whom nothing is told; nil for nobody.
    public let owner: AgencyCode?
    /// The senior officer who decided it, by name.
    public let decidedBy: String
    /// Why.
    public let words: String
    /// Until when: nothing is told of a week that begins before.
    public let until: Timestamp

    /// States it.
    public init(reference: CaseReference?, owner: AgencyCode?, decidedBy: String, words: String, until: Timestamp) {
        self.reference = reference
        self.owner = owner
        self.decidedBy = decidedBy
        self.words = words
        self.until = until
    }

    /// Whether it keeps the readings of a case in a week from an owner.
    public func covers(_ reference: CaseReference, of owner: AgencyCode, in week: CivilDate) -> Bool {
        guard self.reference.map({ $0 == reference }) ?? true, self.owner.map({ $0 == owner }) ?? true else {
            return false
        }
        return week.daysSinceEpoch < Int64(until.wholeSeconds / 86_400) + 1
    }
}

/// Decides whether readings are withheld.
///
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ withheld: ReadingWithheld, at now: Timestamp
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    try checkText { () throws(CaseRefusal) in
        try TextCheck.named("withheld-by", withheld.decidedBy)
        try TextCheck.summary("withheld-words", withheld.words)
    }
    let last = now.adding(seconds: Limits.readingWithheldDays * 86_400)
    guard withheld.until > now, withheld.until <= last else {
        throw .withheldUntil(limitDays: Int(Limits.readingWithheldDays))
    }
    return [.readingWithheld(withheld)]
}

extension Limits {
    /// Different people of a role who were shown a case on one day before the role is named.
    public static let readingRolePeople = 5
    /// Days between the end of a week and the report of it.
    public static let readingDelayDays: Int64 = 7
    /// Weeks that are told of afterwards at most, where a node was away.
    public static let readingWeekCount: Int64 = 12
    /// Cases in one report.
    public static let readingCaseCount = 60
    /// Days for which readings are withheld at most; whoever still needs it then decides anew.
    public static let readingWithheldDays: Int64 = 365
}
