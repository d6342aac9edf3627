import TallystickPrimitives
import Yams

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
        let version = source.reader.number(top, "version")
        let title = source.reader.text(top, "title")
        let kind = source.reader.choice(top, "kind", Kind.self)
        let status = source.reader.choice(top, "status", Status.self)
        let summary = source.reader.text(top, "summary")
        let review = source.readReview()
        let people = source.readPeople()
        let contacts = source.readContacts()
        let jointRecords = source.readJointRecords(of: kind)
        let classes = source.readClasses()
        let rules = source.readRules(.feed) + source.readRules(.direct)
        let nevers = source.readNevers()
        let consents = source.readConsents()
        let pointer = source.readPointer()
        let matches = source.readMatches()
        let requests = source.readRequests()
        let reference = source.readTermsOfReference()
        let retention = source.readRetention()
        let holds = source.readHolds()
        let withdrawal = source.readWithdrawal()
        let breach = source.readBreach()
        let rights = source.readRights()
        let hardBlocks = source.readHardBlocks()
        let accountability = source.readAccountability()
        if let kind { source.check(rules, fit: kind) }
        guard let code, let version, let title, let kind, let status, let summary, let review,
            let onward = source.onward, let requests, let withdrawal, let breach, let rights, let accountability
        else { return nil }
        self.init(
            code: code, version: version, title: title, kind: kind, status: status, summary: summary, review: review,
            parties: source.parties, contacts: contacts, people: people, jointRecords: jointRecords,
            purposes: source.purposes, gateways: source.gateways, conditions: source.conditions,
            caveats: source.caveats, onward: onward, eventTypes: source.eventTypes, labels: source.labels,
            classes: classes, rules: rules, nevers: nevers, consents: consents, pointer: pointer, matches: matches,
            requests: requests, termsOfReference: reference, retention: retention, holds: holds,
            withdrawal: withdrawal, breach: breach, rights: rights, hardBlocks: hardBlocks,
            localChoices: source.localChoices, accountability: accountability, forces: source.forces)
    }
}

extension ProtocolFile {
    /// The clauses must be of the sort of agreement that the file says it is.
    fileprivate mutating func check(_ rules: [SharingClause], fit kind: SharingProtocol.Kind) {
        let mark = top?.values["kind"]?.mark
        switch kind {
        case .informationSharing, .jointController: return
        case .dataDisclosure:
            let senders = rules.reduce(into: Set()) { $0.formUnion($1.senders) }
            let both = senders.intersection(rules.reduce(into: Set()) { $0.formUnion($1.recipients) }).sorted()
            guard !both.isEmpty else { return }
            reader.report(
                mark,
                "a data disclosure goes one way, but \(both.map(\.text).joined(separator: ", ")) both sends and receives",
                "write `kind: information-sharing`")
        case .oneOff:
            guard rules.contains(where: { $0.channel == .feed }) else { return }
            reader.report(mark, "what is shared once has no feeds", "write `kind: information-sharing`")
        }
    }
}
