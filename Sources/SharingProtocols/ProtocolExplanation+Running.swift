import TallystickPrimitives

/// The tables about how it is run, how long things are kept and who answers for it.
extension SharingProtocol {
    var matchTable: PlainTable {
        PlainTable(
            title: "Who is told of a match first", columns: ["Step", "Agencies", "Because"],
            rows: (matches?.ranks ?? []).enumerated().map { place, rank in
                [String(place + 1), list(rank.roles), rank.because]
            }
                + (matches.map {
                    [
                        [
                            "",
                            $0.matching == .none
                                ? "There is no matching." : "Where both stand in one step: \($0.reviewer)", $0.text,
                        ]
                    ]
                } ?? []))
    }

    var requestTable: PlainTable {
        let ladder = requests.ladder.map { step in
            ["\(step.afterDays) working days late", "goes to \(step.office) (\(step.level.rawValue))"]
        }
        return PlainTable(
            title: "Requests", columns: ["What", "Rule"],
            rows: [
                ["Answer within", "\(requests.answerDays) working days"],
                ["Urgent", "\(requests.urgentHours) hours"],
                ["Asking again", requests.repeatNeeds], ["Nil answer", requests.nilAnswer],
            ] + ladder)
    }

    var meetingTable: PlainTable {
        PlainTable(
            title: "Terms of reference", columns: ["What", "Rule"],
            rows: termsOfReference.map { terms in
                [
                    ["Chair", terms.chair], ["Deputy", terms.deputy], ["Meets", terms.meets.inWords],
                    ["Quorum", "\(terms.quorum) agencies"], ["Takes", terms.threshold], ["Referrals", terms.referrals],
                    ["Minutes", "within \(terms.minutesDays) working days"], ["Conflicts", terms.conflicts],
                ]
            } ?? [])
    }

    var retentionTable: PlainTable {
        PlainTable(
            title: "How long it is kept",
            columns: ["Agencies", "Information", "Months", "From", "Then", "Standing", "Because"],
            rows: retention.map { rule in
                [
                    agencies(rule.role), rule.labels.map { list($0) } ?? "everything else", String(rule.months),
                    rule.fromInWords, rule.end == .erase ? "it is erased" : "somebody looks whether it is still needed",
                    rule.standing.rawValue, rule.because,
                ]
            })
    }

    var holdTable: PlainTable {
        PlainTable(
            title: "What stops erasure everywhere", columns: ["Hold", "Placed by", "Standing", "In words"],
            rows: holds.map { [$0.code.text, $0.placedBy, $0.standing.rawValue, $0.text] })
    }

    var choiceTable: PlainTable {
        PlainTable(
            title: "What the parties had to settle", columns: ["Question", "Owner", "Outcome", "For"],
            rows: localChoices.map {
                [
                    $0.question, $0.owner ?? "nobody yet: adoption waits", $0.value ?? "open: adoption waits",
                    places(restingOn: $0.code).joined(separator: "; "),
                ]
            })
    }

    /// What is law, what is custom and what is choice.
    var forceTable: PlainTable {
        PlainTable(
            title: "Where each clause gets its force from", columns: ["Standing", "Clauses"],
            rows: ClauseStanding.allCases.map { standing in
                let places = forces.filter { $0.standing == standing }.map(\.place)
                return [standing.inWords, places.joined(separator: "; ")]
            })
    }

    var accountabilityTable: PlainTable {
        let effect = review.afterwards == .stop ? "sharing stops" : "everybody is reminded"
        let joint = jointRecords.map { ["Joint record", "\($0.text) Led by \($0.rightsLead)."] }
        return PlainTable(
            title: "Who answers for what", columns: ["What", "Where or who"],
            rows: [
                [
                    "Review",
                    "by \(review.by), then every \(review.everyMonths) months, led by: \(review.lead). "
                        + "When late, \(effect).",
                ],
                ["Impact assessment", accountability.impactAssessment],
                ["Policy document", accountability.policyDocument],
                ["Privacy notice", accountability.privacyNotice],
                [
                    "People's rights",
                    "\(rights.lead), \(rights.office): within \(rights.answerMonths) month. \(rights.text)"
                        + (rights.readings == .withheld ? " How often something was read is not reported." : ""),
                ],
            ] + joint + [
                [
                    "Breach",
                    "\(breach.tell), within \(breach.withinHours) hours; "
                        + "the regulator within \(breach.regulatorHours). \(breach.people)",
                ],
                ["Complaints", accountability.complaints], ["Security", accountability.security],
                ["Accuracy", accountability.accuracy], ["Consent withdrawn", withdrawal.ofConsent],
                [
                    "A party leaves",
                    "\(withdrawal.ofParty) Notice: \(withdrawal.noticeDays) days. \(withdrawal.received.inWords)",
                ],
            ])
    }
}

extension ClauseStanding {
    /// Where it gets its force from, in words.
    var inWords: String {
        switch self {
        case .law: "law: nobody here can change it"
        case .norm: "norm: changeable with a reason"
        case .local: "local: the parties' own choice"
        }
    }
}

extension WithdrawalRule.Received {
    /// What happens to what was received, in words.
    public var inWords: String {
        switch self {
        case .keep: "What was received is kept as long as agreed here."
        case .return: "What was received goes back and is erased."
        case .erase: "What was received is erased."
        }
    }
}
