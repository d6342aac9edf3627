import Casework
import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives

extension FieldWriter {
    mutating func put(_ report: ReadingReport) {
        text("reading-week", .reading, report.week.description)
        list("reading-lines", .reading, report.lines.map(\.item))
        if report.hasMore { count("reading-more", .reading, 1) }
    }

    mutating func put(_ withheld: ReadingWithheld) {
        code("withheld-case-agency", .reading, withheld.reference?.agency)
        put("withheld-case-stream", .reading, withheld.reference.map { .id($0.stream) })
        code("withheld-from", .reading, withheld.owner)
        text("withheld-by", .reading, withheld.decidedBy)
        text("withheld-words", .reading, withheld.words)
        put("withheld-until", .reading, .seconds(withheld.until))
    }
}

extension ReadingLine {
    /// [agency, stream, [[role / null, step] …]].
    fileprivate var item: CBOR {
        .array([
            .code(reference.agency), .id(reference.stream),
            .array(
                counts.map { .array([.optional($0.role?.rawValue, CBOR.text), .text($0.step.rawValue)]) }),
        ])
    }

    /// A role and a step are words of closed lists, so that no report can name a person.
    fileprivate init(_ item: CBOR) throws(CBORShapeError) {
        let parts = try item.items(count: 3)
        var counts: [Count] = []
        for pair in try parts[2].items(atMost: ReaderRole.allCases.count + 1) {
            let values = try pair.items(count: 2)
            counts.append(Count(role: try values[0].orNil?.word(ReaderRole.self), step: try values[1].word()))
        }
        guard !counts.isEmpty, Set(counts.map(\.role)).count == counts.count else {
            throw CBORShapeError("each role once, and at least one")
        }
        self.init(
            reference: CaseReference(agency: try parts[0].code(), stream: try parts[1].id()), counts: counts)
    }
}

extension ReadingReport {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            week: try reader.required("reading-week", .reading) { (item) throws(CBORShapeError) in
                guard let day = CivilDate(try item.string()), (day.daysSinceEpoch + 3) % 7 == 0 else {
                    throw CBORShapeError("the Monday of a week")
                }
                return day
            },
            lines: try reader.list("reading-lines", .reading) { (item) throws(CBORShapeError) in
                try ReadingLine(item)
            },
            hasMore: try reader.count("reading-more", .reading) != nil)
    }
}

extension ReadingWithheld {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        let agency = try reader.code("withheld-case-agency", .reading, AgencyCode.self)
        let stream = try reader.optional("withheld-case-stream", .reading) { (item) throws(CBORShapeError) in
            try item.id(StreamID.self)
        }
        var reference: CaseReference?
        if let agency, let stream { reference = CaseReference(agency: agency, stream: stream) }
        guard let decidedBy = try reader.text("withheld-by", .reading) else { throw .missing("withheld-by", .reading) }
        guard let words = try reader.text("withheld-words", .reading) else {
            throw .missing("withheld-words", .reading)
        }
        guard let until = try reader.seconds("withheld-until", .reading) else {
            throw .missing("withheld-until", .reading)
        }
        self.init(
            reference: reference, owner: try reader.code("withheld-from", .reading, AgencyCode.self),
            decidedBy: decidedBy, words: words, until: until)
    }
}
