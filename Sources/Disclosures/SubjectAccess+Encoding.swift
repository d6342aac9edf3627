import Casework
import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives

extension FieldWriter {
    mutating func put(_ asked: SubjectAccess) {
        text("access-requester", .subjectAccess, asked.requester)
        list("access-names", .subjectAccess, asked.otherNames.map(CBOR.text))
        text("access-born", .subjectAccess, asked.born)
        text("access-received", .subjectAccess, asked.receivedOn.description)
        text("access-lead", .subjectAccess, asked.lead)
    }

    mutating func put(_ mark: AccessMark) {
        put("access", .subjectAccess, .id(mark.access))
        put("access-entry", .subjectAccess, .id(mark.entry))
        switch mark.choice {
        case .exempt(let exemption, let reach):
            text("access-exemption", .subjectAccess, exemption.rawValue)
            text("access-reach", .subjectAccess, reach.rawValue)
        case .give: break
        case .regime(let regime): text("access-regime", .subjectAccess, regime.rawValue)
        case .include(let label, let field):
            code("access-label", .subjectAccess, label)
            code("access-field", .subjectAccess, field)
        }
        text("access-words", .subjectAccess, mark.words)
    }

    mutating func put(_ consultation: AccessConsultation) {
        put("access", .subjectAccess, .id(consultation.access))
        list("access-entries", .subjectAccess, consultation.entries.map(CBOR.id))
        text("access-requester", .subjectAccess, consultation.requester)
        text("access-words", .subjectAccess, consultation.words)
        put("access-due", .subjectAccess, .seconds(consultation.due))
    }

    mutating func put(_ advice: AccessAdvice) {
        put("access-consultation", .subjectAccess, .id(advice.consultation))
        text("access-view", .subjectAccess, advice.view.rawValue)
        text("access-exemption", .subjectAccess, advice.exemption?.rawValue)
        text("access-words", .subjectAccess, advice.words)
    }

    mutating func put(_ longer: AccessExtension) {
        put("access", .subjectAccess, .id(longer.access))
        text("access-words", .subjectAccess, longer.words)
    }

    mutating func put(_ pack: AccessPacked) {
        put("access", .subjectAccess, .id(pack.access))
        put("access-digest", .subjectAccess, .bytes(pack.digest.bytes))
    }
}

extension SubjectAccess {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            requester: try reader.accessText("access-requester"),
            otherNames: try reader.list("access-names", .subjectAccess) { (item) throws(CBORShapeError) in
                try item.string()
            },
            born: try reader.text("access-born", .subjectAccess),
            receivedOn: try reader.required("access-received", .subjectAccess) { (item) throws(CBORShapeError) in
                guard let day = CivilDate(try item.string()) else { throw CBORShapeError("a day") }
                return day
            },
            lead: try reader.accessText("access-lead"))
    }
}

extension AccessMark {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        let access = try reader.accessID("access")
        let entry = try reader.accessID("access-entry")
        let exemption = try reader.word("access-exemption", .subjectAccess, AccessExemption.self)
        let reach = try reader.word("access-reach", .subjectAccess, ExemptionReach.self)
        let regime = try reader.word("access-regime", .subjectAccess, AccessRegime.self)
        let label = try reader.code("access-label", .subjectAccess, Label.self)
        let field = try reader.code("access-field", .subjectAccess, FieldCode.self)
        let choice: AccessChoice
        switch (exemption, reach, regime, label, field) {
        case (let exemption?, let reach?, nil, nil, nil): choice = .exempt(exemption, reach)
        case (nil, nil, let regime?, nil, nil): choice = .regime(regime)
        case (nil, nil, nil, let label?, let field?): choice = .include(label, field)
        case (nil, nil, nil, nil, nil): choice = .give
        default: throw .wrongShape("access-exemption", .subjectAccess, expected: "one choice")
        }
        self.init(access: access, entry: entry, choice: choice, words: try reader.accessText("access-words"))
    }
}

extension AccessConsultation {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let due = try reader.seconds("access-due", .subjectAccess) else {
            throw .missing("access-due", .subjectAccess)
        }
        self.init(
            access: try reader.accessID("access"),
            entries: try reader.list("access-entries", .subjectAccess) { (item) throws(CBORShapeError) in
                try item.id()
            },
            requester: try reader.accessText("access-requester"), words: try reader.accessText("access-words"),
            due: due)
    }
}

extension AccessAdvice {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let view = try reader.word("access-view", .subjectAccess, AccessView.self) else {
            throw .missing("access-view", .subjectAccess)
        }
        self.init(
            consultation: try reader.accessID("access-consultation"), view: view,
            exemption: try reader.word("access-exemption", .subjectAccess, AccessExemption.self),
            words: try reader.accessText("access-words"))
    }
}

extension AccessExtension {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(access: try reader.accessID("access"), words: try reader.accessText("access-words"))
    }
}

extension AccessPacked {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            access: try reader.accessID("access"),
            digest: try reader.required("access-digest", .subjectAccess) { (item) throws(CBORShapeError) in
                guard let digest = Hash256(bytes: try item.byteString()) else { throw CBORShapeError("32 bytes") }
                return digest
            })
    }
}

extension FieldReader {
    fileprivate mutating func accessID(_ field: FieldCode) throws(EventDecodingError) -> EventID {
        try required(field, .subjectAccess) { (item) throws(CBORShapeError) in try item.id() }
    }

    fileprivate mutating func accessText(_ field: FieldCode) throws(EventDecodingError) -> String {
        try required(field, .subjectAccess) { (item) throws(CBORShapeError) in try item.string() }
    }
}
