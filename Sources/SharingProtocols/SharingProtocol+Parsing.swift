import TallystickPrimitives

extension SharingProtocol {
    /// Parses a protocol file and checks it against itself and the event catalogue.
    ///
    /// - Parameters:
    ///   - yaml: the bytes of the file, at most `Limits.protocolByteCount`.
    ///   - file: the name to use in diagnostics.
    /// - Throws: `ProtocolProblems` with everything found wrong, in the order of the file.
    public init(parsing yaml: [UInt8], file: String) throws(ProtocolProblems) {
        let document = try YAMLDocument(yaml, file: file)
        var source = ProtocolFile(document, file: file)
        let parsed = SharingProtocol(source: &source)
        if let problems = source.reader.problems { throw problems }
        guard let parsed else {
            let unknown = ProtocolDiagnostic(
                file: file, line: 1, column: 1, message: "the protocol is not complete",
                suggestion: "compare with a protocol in `protocols/`")
            throw ProtocolProblems(diagnostics: [unknown])
        }
        self = parsed
    }

    private init?(source: inout ProtocolFile) {
        let top = source.top
        let code = source.reader.code(top, "code", ProtocolCode.self)
        let version = source.reader.number(top, "version", in: 1...Limits.protocolVersion)
        let title = source.reader.text(top, "title")
        let kind = source.reader.choice(top, "kind", Kind.self)
        let status = source.reader.choice(top, "status", Status.self)
        let summary = source.reader.text(top, "summary")
        let review = source.readReview()
        let rules = source.readRules(.feed) + source.readRules(.direct)
        let nevers = source.readNevers()
        let consents = source.readConsents()
        let pointer = source.readPointer()
        let requests = source.readRequests()
        let retention = source.readRetention()
        let hardBlocks = source.readHardBlocks()
        let localChoices = source.readLocalChoices()
        let accountability = source.readAccountability()
        guard let code, let version, let title, let kind, let status, let summary, let review,
            let requests, let accountability
        else { return nil }
        self.init(
            code: code, version: version, title: title, kind: kind, status: status,
            summary: summary, review: review, parties: source.parties, purposes: source.purposes,
            gateways: source.gateways, conditions: source.conditions, labels: source.labels,
            rules: rules, nevers: nevers, consents: consents, pointer: pointer,
            caveats: source.caveats, requests: requests, retention: retention,
            hardBlocks: hardBlocks, localChoices: localChoices, accountability: accountability)
    }
}
