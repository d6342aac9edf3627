import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives

extension RiskAssessment {
    func write(to writer: inout FieldWriter) {
        writer.code("assessed-by-agency", .record, assessedBy)
        guard let details else { return }
        writer.code("matrix", .risk, details.matrix)
        writer.count("matrix-version", .risk, details.matrixVersion)
        writer.put("answers", .risk, details.answers.item)
        writer.count("score", .risk, details.score)
        writer.count("unknown-count", .risk, details.unknownCount)
        writer.text("computed-band", .risk, details.computedBand.rawValue)
        writer.text("judged-band", .risk, details.judgedBand.rawValue)
        writer.text("rationale", .risk, details.rationale)
        writer.put("assessed-at", .risk, .seconds(details.assessedAt))
    }

    init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let agency = try reader.code("assessed-by-agency", .record, AgencyCode.self) else {
            throw .missing("assessed-by-agency", .record)
        }
        self.init(assessedBy: agency, details: try RiskDetails(from: &reader))
    }
}

extension RiskDetails {
    init?(from reader: inout FieldReader) throws(EventDecodingError) {
        guard reader.has(.risk) else { return nil }
        guard let matrix = try reader.code("matrix", .risk, MatrixCode.self) else {
            throw .missing("matrix", .risk)
        }
        let answers = try reader.required("answers", .risk) { (item) throws(CBORShapeError) in
            try RiskAnswers(item)
        }
        guard let assessedAt = try reader.seconds("assessed-at", .risk) else {
            throw .missing("assessed-at", .risk)
        }
        self.init(
            matrix: matrix, matrixVersion: try reader.risk("matrix-version"), answers: answers,
            score: try reader.risk("score"), unknownCount: try reader.risk("unknown-count"),
            computedBand: try reader.band("computed-band"),
            judgedBand: try reader.band("judged-band"),
            rationale: try reader.text("rationale", .risk), assessedAt: assessedAt)
    }
}

extension FieldReader {
    fileprivate mutating func risk(_ field: FieldCode) throws(EventDecodingError) -> UInt64 {
        guard let number = try count(field, .risk) else { throw .missing(field, .risk) }
        return number
    }

    fileprivate mutating func band(_ field: FieldCode) throws(EventDecodingError) -> RiskBand {
        guard let band = try word(field, .risk, RiskBand.self) else { throw .missing(field, .risk) }
        return band
    }
}

extension RiskAnswers {
    /// Marks are numbers and warning signs are true or false; what is unknown has no entry.
    var item: CBOR {
        .map(
            of: marks.map { (.code($0), .unsigned(UInt64(max(0, $1)))) }
                + flags.map { (.code($0), .bool($1)) })
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        var marks: [RiskQuestionCode: Int] = [:]
        var flags: [RiskQuestionCode: Bool] = [:]
        for pair in try item.entries().pairs {
            let question = try pair.key.code(RiskQuestionCode.self)
            if case .bool(let sign) = pair.value {
                flags[question] = sign
            } else {
                marks[question] = try pair.value.count()
            }
        }
        self.init(marks: marks, flags: flags)
    }
}
