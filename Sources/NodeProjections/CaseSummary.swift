import Casework
import DeterministicCBOR
import TallystickPrimitives

/// What a list shows of one case: a pure fold of its entries in the order of the register.
struct CaseSummary: Hashable {
    /// One agency's word.
    struct AgencyWord: Hashable {
        var stage: CaseStage?
        var hasAssessed = false
        var judged: RiskBand?
        var computed: RiskBand?
        var score: UInt64?
        var unknownCount: UInt64?
        var assessedAt: Timestamp?
    }

    let reference: CaseReference
    var summary: String?
    var category: String?
    var kind: String?
    /// Who leads, as whoever states the case says.
    var lead: AgencyCode?
    /// Who stated it last.
    var statedBy: AgencyCode?
    /// Who leads it and led it before.
    var leads: LeadOrder
    var updated = Timestamp(milliseconds: 0)
    var entryCount = 0
    var lastPosition: UInt64?
    var words: [AgencyCode: AgencyWord] = [:]

    init(_ reference: CaseReference, leads: LeadOrder) {
        self.reference = reference
        self.leads = leads
    }

    /// Where the case stands: what its lead says, and until it says so what the one before it said.
    var stage: CaseStage? { lead.map { leads.newest { words[$0]?.stage } ?? words[$0]?.stage ?? .opened } }

    mutating func evolve(
        _ event: CaseworkEvent?, by agency: AgencyCode, issuedAt: Timestamp, position: UInt64?
    ) {
        entryCount += 1
        updated = max(updated, issuedAt)
        lastPosition = position ?? lastPosition
        switch event {
        case .caseOpened(let opening):
            guard leads.mayState(agency, opener: reference.agency, after: statedBy) else { return }
            statedBy = agency
            summary = opening.summary
            category = opening.category?.text
            kind = opening.kind?.text
            lead = opening.leadAgency
        case .stageChanged(let change): words[agency, default: AgencyWord()].stage = change.stage
        case .riskAssessed(let assessment): assess(assessment, agency)
        default: break
        }
    }

    /// Takes in entries that say nothing, whenever they come: a circle before the first entry that names the case.
    mutating func count(_ entries: Int, upTo issuedAt: Timestamp, position: UInt64) {
        entryCount += entries
        updated = max(updated, issuedAt)
        lastPosition = max(lastPosition ?? 0, position)
    }

    // An assessment that is sealed from us does not hide one that we have.
    private mutating func assess(_ assessment: RiskAssessment, _ agency: AgencyCode) {
        words[agency, default: AgencyWord()].hasAssessed = true
        guard let details = assessment.details else { return }
        words[agency]?.judged = details.judgedBand
        words[agency]?.computed = details.computedBand
        words[agency]?.score = details.score
        words[agency]?.unknownCount = details.unknownCount
        words[agency]?.assessedAt = details.assessedAt
    }
}

extension CaseSummary {
    /// The kept form.
    var item: CBOR {
        .array([
            .optional(summary, CBOR.text), .optional(category, CBOR.text),
            .optional(kind, CBOR.text), .optional(lead, CBOR.code),
            .integer(updated.milliseconds), .unsigned(UInt64(entryCount)),
            .optional(lastPosition, CBOR.unsigned),
            .map(of: words.map { (.code($0), $1.item) }), .optional(statedBy, CBOR.code),
        ])
    }

    init(_ reference: CaseReference, leads: LeadOrder, _ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 9)
        self.reference = reference
        self.leads = leads
        statedBy = try items[8].orNil?.code()
        summary = try items[0].orNil?.string()
        category = try items[1].orNil?.string()
        kind = try items[2].orNil?.string()
        lead = try items[3].orNil?.code()
        updated = Timestamp(milliseconds: try items[4].integer())
        entryCount = try items[5].count()
        lastPosition = try items[6].orNil?.unsigned()
        for pair in try items[7].entries().pairs {
            words[try pair.key.code()] = try AgencyWord(pair.value)
        }
    }
}

extension CaseSummary.AgencyWord {
    fileprivate var item: CBOR {
        .array([
            .optional(stage?.rawValue, CBOR.text), .bool(hasAssessed),
            .optional(judged?.rawValue, CBOR.text), .optional(computed?.rawValue, CBOR.text),
            .optional(score, CBOR.unsigned), .optional(unknownCount, CBOR.unsigned),
            .optional(assessedAt, CBOR.seconds),
        ])
    }

    fileprivate init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 7)
        stage = try items[0].orNil?.word()
        hasAssessed = try items[1].boolean()
        judged = try items[2].orNil?.word()
        computed = try items[3].orNil?.word()
        score = try items[4].orNil?.unsigned()
        unknownCount = try items[5].orNil?.unsigned()
        assessedAt = try items[6].orNil?.seconds()
    }
}
