import Casework
import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("An event's fields")
struct EventFieldsTests {
    private static let reference = CaseReference(agency: landlord, stream: stream(1))

    private static func fields(_ sample: CaseworkEvent) -> EventFields {
        sample.fields(
            actor: "person-7", happenedAt: "2026-03-01", case: reference,
            derivedFrom: [event(4)].compactMap(\.self))
    }

    @Test("decode to the event they were made from")
    func roundTrip() throws {
        try checkProperty(cases: 50) { generator in
            for sample in completeSamples(&generator) {
                let decoded = try CaseworkEvent.decode(Self.fields(sample))
                try #require(decoded.event == sample)
                try #require(decoded.common?.type == sample.type)
                try #require(decoded.common?.caseReference == Self.reference)
                try #require(decoded.common?.actor == "person-7")
                try #require(decoded.common?.happenedAt == "2026-03-01")
                try #require(decoded.common?.derivedFrom == [event(4)].compactMap(\.self))
            }
        }
    }

    @Test("decode with any part of their labels, and then encode to just those labels")
    func anySubsetOfLabels() throws {
        var generator = Generator(seed: 1)
        for sample in completeSamples(&generator) {
            let all = Self.fields(sample)
            let labels = all.keys.sorted()
            for mask in 0..<(1 << labels.count) {
                let kept = labels.enumerated().filter { mask >> $0.offset & 1 == 1 }.map(\.element)
                let part = all.filter { kept.contains($0.key) }
                let decoded = try CaseworkEvent.decode(part)
                #expect((decoded.event != nil) == kept.contains("record"))
                guard let event = decoded.event else { continue }
                #expect(Self.fields(event) == part, "\(sample.type) with \(kept)")
            }
        }
    }

    /// A rejected row never leaves home, so the catalogue need not know it.
    private static let neverShared: EventTypeCode = "import-rejected"

    @Test("all stand in the catalogue under the label that it gives them")
    func fitTheCatalogue() throws {
        var generator = Generator(seed: 2)
        for sample in completeSamples(&generator) where sample.type != Self.neverShared {
            for (label, values) in Self.fields(sample) {
                for field in values.keys {
                    let entry = EventCatalogue.current.entry(field, in: sample.type)
                    #expect(entry?.label == label, "\(sample.type) \(field)")
                }
            }
        }
    }

    @Test("together fill every field that the catalogue has for casework")
    func fillTheCatalogue() throws {
        var generator = Generator(seed: 3)
        var seen: [EventTypeCode: Set<FieldCode>] = [:]
        for sample in completeSamples(&generator) where sample.type != Self.neverShared {
            for values in Self.fields(sample).values {
                seen[sample.type, default: []].formUnion(values.keys)
            }
        }
        for (type, fields) in seen {
            let known = EventCatalogue.current.fields(of: type)?.map(\.field) ?? []
            #expect(fields == Set(known), "\(type)")
        }
    }

    @Test("of another module or of newer software are an unknown type")
    func unknownType() {
        var fields = Self.fields(.caseOpened(opening))
        fields["record"]?["event-type"] = .text("request-made")
        #expect(throws: EventDecodingError.unknownType("request-made")) {
            try CaseworkEvent.decode(fields)
        }
    }

    @Test("that are missing, misshapen or too many are named")
    func strictAboutWhatIsPresent() {
        let cases: [(FieldCode, CBOR?, EventDecodingError)] = [
            ("summary", nil, .missing("summary", "record")),
            ("lead-agency", nil, .missing("lead-agency", "record")),
            ("summary", .unsigned(1), .wrongShape("summary", "record", expected: "text")),
            ("score", .unsigned(1), .unknownField("score", "record")),
            ("case-stream", nil, .missing("case-stream", "record")),
            ("case-agency", nil, .missing("case-agency", "record")),
            ("event-type", nil, .missing("event-type", "record")),
        ]
        for (field, value, error) in cases {
            var fields = Self.fields(.caseOpened(opening))
            fields["record"]?[field] = value
            #expect(throws: error) { try CaseworkEvent.decode(fields) }
        }
        var fields = Self.fields(.caseOpened(opening))
        fields["health"] = ["summary": .text("x")]
        #expect(throws: EventDecodingError.unknownField("summary", "health")) {
            try CaseworkEvent.decode(fields)
        }
    }

    @Test("that are anything at all decode or are refused, and never stop the program")
    func anyFields() throws {
        let types = EventCatalogue.current.eventTypes
        let fields = EventCatalogue.current.allFields
        let labels: [Label] = ["record", "risk", "consent", "safe-contact", "identity", "account"]
        try checkProperty(cases: 2_000) { generator in
            var opened: EventFields = [:]
            for _ in 0..<generator.int(in: 0...12) {
                let label = generator.element(of: labels)
                let field = generator.element(of: fields)
                opened[label, default: [:]][field] = Self.item(&generator, depth: 0)
            }
            if generator.bool() {
                opened["record", default: [:]]["event-type"] =
                    .code(generator.element(of: types))
            }
            switch Result(catching: { try CaseworkEvent.decode(opened) }) {
            case .success(let decoded):
                try #require((decoded.event == nil) == (opened["record"] == nil))
            case .failure(let error): try #require(error is EventDecodingError)
            }
        }
    }

    private static func item(_ generator: inout Generator, depth: Int) -> CBOR {
        switch generator.int(in: 0...(depth < 2 ? 6 : 4)) {
        case 0: .unsigned(generator.unsigned())
        case 1: .bytes(generator.bytes(upTo: 17))
        case 2:
            .text(generator.element(of: ["closed", "high", "given", "open", "informed", "x", ""]))
        case 3: .bool(generator.bool())
        case 4: .null
        case 5: .array(generator.array(upTo: 5) { item(&$0, depth: depth + 1) })
        default: .map(of: [(.text("fear"), item(&generator, depth: depth + 1))])
        }
    }
}
