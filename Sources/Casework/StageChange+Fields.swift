import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives

// The `stage` field is the word itself, or an array that begins with it: a word and the reason for
// going on without an assessment, or `closed` with its outcome and who was told. One field, so that
// a stage never arrives without what it depends on.
extension StageChange {
    func write(to writer: inout FieldWriter) {
        writer.put("stage", .record, stageItem)
        writer.text("summary", .record, summary)
    }

    init(from reader: inout FieldReader) throws(EventDecodingError) {
        let summary = try reader.needed("summary")
        self = try reader.required("stage", .record) { (item) throws(CBORShapeError) in
            try StageChange(stage: item, summary: summary)
        }
    }

    private var stageItem: CBOR {
        if let closing { return .array([.text(stage.rawValue)] + closing.items) }
        guard let assessmentExemption else { return .text(stage.rawValue) }
        return .array([.text(stage.rawValue), .text(assessmentExemption)])
    }

    private init(stage item: CBOR, summary: String) throws(CBORShapeError) {
        guard case .array(let items) = item else {
            let stage = try item.word(CaseStage.self)
            guard stage != .closed else { throw CBORShapeError("closed with its outcome") }
            self.init(to: stage, summary: summary)
            return
        }
        guard let first = items.first else { throw CBORShapeError("a stage") }
        let stage = try first.word(CaseStage.self)
        if stage == .closed {
            self.init(closing: try CaseClosing(Array(items.dropFirst())), summary: summary)
        } else {
            let parts = try item.items(count: 2)
            self.init(to: stage, summary: summary, assessmentExemption: try parts[1].string())
        }
    }
}

extension CaseClosing {
    fileprivate var items: [CBOR] {
        switch communication {
        case .informed(let name): [.text(outcome.rawValue), .text("informed"), .text(name)]
        case .notInformed(let reason, let words, let approver):
            [.text(outcome.rawValue), .text(reason.rawValue), .text(words), .text(approver)]
        }
    }

    fileprivate init(_ items: [CBOR]) throws(CBORShapeError) {
        guard items.count == 3 || items.count == 4 else {
            throw CBORShapeError("an outcome and whether the victim was told")
        }
        let outcome = try items[0].word(ClosingOutcome.self)
        if items.count == 3 {
            guard try items[1].string() == "informed" else { throw CBORShapeError("informed") }
            self.init(outcome: outcome, communication: .informed(by: try items[2].string()))
        } else {
            let reason = try items[1].word(NotInformedReason.self)
            self.init(
                outcome: outcome,
                communication: .notInformed(
                    reason, words: try items[2].string(), approvedBy: try items[3].string()))
        }
    }
}
