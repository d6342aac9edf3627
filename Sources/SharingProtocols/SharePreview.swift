public import TallystickPrimitives

/// One value about to be recorded, with the text a reader would see.
public struct DraftField: Hashable, Sendable {
    /// The field.
    public let field: FieldCode
    /// The value as text.
    public let text: String

    /// A field and its value.
    public init(field: FieldCode, text: String) {
        self.field = field
        self.text = text
    }
}

/// An entry before anything of it is sent.
public struct ShareDraft: Hashable, Sendable {
    /// The real type of the event.
    public let eventType: EventTypeCode
    /// The values.
    public let fields: [DraftField]
    /// Sender, circle, purpose, powers and, in its sealed facts, consent and the rest; recipient,
    /// label, event type and fields are put in for each agency and label.
    public let question: ShareQuestion
    /// Names of people in the case, to be marked where a text mentions them.
    public let people: [String]

    /// Puts a draft together.
    public init(
        eventType: EventTypeCode, fields: [DraftField], question: ShareQuestion,
        people: [String] = []
    ) {
        self.eventType = eventType
        self.fields = fields
        self.question = question
        self.people = people
    }

    /// The question whether one agency may receive the draft's fields under one label.
    func question(of label: Label, to agency: AgencyCode) -> ShareQuestion {
        let catalogue = EventCatalogue.current
        let under = fields.map(\.field).filter {
            catalogue.entry($0, in: eventType)?.label == label
        }
        let facts = question.sealed
        var asked = question
        asked.label = label
        asked.recipient = agency
        asked.sealed = SealedFacts(
            eventType: eventType, fields: Set(under), consent: facts?.consent,
            safeContact: facts?.safeContact ?? .missing, requested: facts?.requested ?? false,
            category: facts?.category, caseKind: facts?.caseKind,
            subjectSide: facts?.subjectSide ?? [], carried: facts?.carried ?? [])
        return asked
    }
}

/// What each agency would see of a draft, field by field, and why.
///
/// It holds the draft's content: it is for the practitioner's page and for no log.
public struct SharePreview: Hashable, Sendable, Encodable {
    /// One field as one agency would see it.
    public struct Line: Hashable, Sendable, Encodable {
        /// The field.
        public let field: String
        /// The label that decides.
        public let label: String
        /// True where the agency sees the value.
        public let isShown: Bool
        /// The clause in words, or why not.
        public let why: String
        /// Restrictions that travel along.
        public let caveats: [String]
    }

    /// Everything one agency would see or not see.
    public struct AgencyView: Hashable, Sendable, Encodable {
        /// The agency.
        public let agency: String
        /// One line a field, in the order of the draft.
        public let lines: [Line]
    }

    /// One field's whole text with what to look at again.
    public struct Passages: Hashable, Sendable, Encodable {
        /// The field.
        public let field: String
        /// The whole text.
        public let text: String
        /// What is marked in it.
        public let marks: [RiskyPassage]
    }

    /// One view for each agency of the circle but the sender, in alphabetical order; for a direct
    /// share, of its recipient alone.
    public let agencies: [AgencyView]
    /// Every field's text, in the order of the draft.
    public let texts: [Passages]

    /// Works out what each agency would see.
    public init(_ draft: ShareDraft, under terms: SharingProtocol?) {
        let question = draft.question
        let members =
            question.isDirectShare ? [question.recipient] : question.circle.sorted()
        agencies = members.filter { $0 != question.sender }.map { agency in
            AgencyView(
                agency: agency.text,
                lines: draft.fields.map { SharePreview.line($0.field, draft, agency, terms) })
        }
        texts = draft.fields.map { entry in
            let label = EventCatalogue.current.entry(entry.field, in: draft.eventType)?.label
            // Names and numbers are no surprise under the labels that are there for them.
            let expected: Set<Label?> = [.identity, .contact, .safeContact, .reporter]
            let marks =
                expected.contains(label)
                ? [] : RiskyWords.passages(in: entry.text, people: draft.people)
            return Passages(field: entry.field.text, text: entry.text, marks: marks)
        }
    }

    /// Where the protocol says in its own words that something never goes, that no clause sends it goes without saying.
    private static func told(_ refusals: [ShareRefusal]) -> [ShareRefusal] {
        guard refusals.contains(where: { $0.code == .never || $0.code == .hardBlock }) else { return refusals }
        return refusals.filter { $0.code != .noClause }
    }

    private static func line(
        _ field: FieldCode, _ draft: ShareDraft, _ agency: AgencyCode, _ terms: SharingProtocol?
    ) -> Line {
        guard let entry = EventCatalogue.current.entry(field, in: draft.eventType) else {
            return Line(
                field: field.text, label: "", isShown: false,
                why: "This kind of entry has no such field.", caveats: [])
        }
        let question = draft.question(of: entry.label, to: agency)
        switch ShareDecisions.decideShare(question, under: terms) {
        case .permit(let clauses):
            return Line(
                field: field.text, label: entry.label.text, isShown: true,
                why: clauses.map(\.text).joined(separator: " "),
                caveats: Set(clauses.flatMap(\.caveats)).sorted().map(\.text))
        case .refuse(let refusals):
            return Line(
                field: field.text, label: entry.label.text, isShown: false,
                why: told(refusals).map(\.sentence).joined(separator: " "), caveats: [])
        }
    }

    /// The preview as text.
    public var text: String { SharePreview.text(of: [(entry: nil, preview: self)]) }
}
