import DeterministicCBOR
import EventLogs
import HTTPTransport
import NodeInterface
import Partnership
import Replication
import SQLiteStore
import Sealing
import SharingProtocols
import TallystickPrimitives

/// Consulting on a protocol and signing it.
extension NodeCore {
    /// What there is to read before signing: what is lacking, who must sign for this agency, and what changes.
    func read(_ form: AdoptionQuery) throws -> AdoptionReading {
        let published = try activeProtocol(form.protocolCode)
        let (terms, publication) = (published.terms, published.publication)
        guard let party = terms.party(agency) else { throw NodeProblem.notAParty(publication.code, agency) }
        let earlier = earlierSigned(than: published)
        let signed = roster.parties[agency]?.adoptions[publication.bundle]?.offices(at: follower.size) ?? []
        var reading = AdoptionReading(
            code: publication.code.text, version: Int(clamping: publication.version), title: terms.title,
            bundle: publication.bundle.hex, offices: party.offices.map(\.text),
            signed: signed.sorted().map(\.text))
        reading.openChoices = terms.openChoices.map { choice in
            "\(choice.code): \(choice.question)" + (choice.owner.map { " (\($0))" } ?? "")
        }
        reading.lawToCheck = ProtocolCheck.lawToCheck(in: terms)
        if let earlier {
            reading.replaces = Int(clamping: earlier.publication.version)
            reading.changes = ProtocolDifference(from: earlier.terms, to: terms).text
        } else {
            reading.changes = terms.summary
        }
        return reading
    }

    /// Signs a protocol in this agency's own log for some or all of the offices that must: it holds once the last of them
    /// has (decision 0024). Refused while a local choice is open (PRACTICE P21), and, of a changed version, until whoever
    /// signs names the rules that they have read.
    func adopt(_ form: AdoptForm) async throws -> ProtocolSigned {
        let published = try activeProtocol(form.protocolCode)
        let publication = published.publication
        guard let party = published.terms.party(agency) else {
            throw NodeProblem.notAParty(publication.code, agency)
        }
        guard published.isSettled else {
            let open = published.terms.openChoices.map(\.code.text).joined(separator: ", ")
            throw NodeProblem.bad("protocol", "one whose local choices all have an owner and a value; open: \(open)")
        }
        guard !published.hasLapsed(at: time.now()) else { throw NodeProblem.reviewLapsed(published) }
        guard roster.parties[agency]?.adoptions[publication.bundle]?.canBeSigned ?? true else {
            throw NodeProblem.bad(
                "protocol",
                "one that \(agency) has signed and ended fewer than \(Limits.adoptionTermCount) times; a new version can be"
            )
        }
        try checkRead(form.rules, of: published)
        let offices = try signing(form.offices, for: party)
        let id = EventID(from: entropy)
        let draft = StatementDraft(
            eventID: id, stream: .control, expectedVersion: .any,
            control: .adopt(bundle: publication.bundle, offices: offices))
        let signedBefore = roster.parties[agency]?.adoptions[publication.bundle]?.offices(at: follower.size) ?? []
        try await append([draft])
        let lacking = Set(party.offices).subtracting(signedBefore).subtracting(offices)
        return ProtocolSigned(entry: id.hex, stillToSign: lacking.sorted().map(\.text))
    }

    /// The offices that sign, at least one of them one that the protocol names for the party: without one of these it would
    /// be no signature at all.
    private func signing(_ texts: [String], for party: ProtocolParty) throws -> [OfficeCode] {
        let offices = Set(texts.compactMap { OfficeCode($0) })
        guard offices.count == Set(texts).count, offices.count <= Limits.officeCount,
            !offices.isDisjoint(with: party.offices)
        else {
            let named = party.offices.map(\.text).joined(separator: ", ")
            throw NodeProblem.bad("--office", "one or more of those that sign for \(agency): \(named)")
        }
        return offices.sorted()
    }

    /// Whoever signs a changed version, or names rules, has read exactly these.
    private func checkRead(_ rules: String?, of published: PublishedProtocol) throws {
        let bundle = published.publication.bundle.hex
        if let rules {
            guard rules.count >= 8, bundle.hasPrefix(rules.lowercased()) else { throw NodeProblem.otherRules(bundle) }
        } else if earlierSigned(than: published) != nil {
            throw NodeProblem.notRead(published.publication.code, published.publication.version)
        }
    }

    /// The newest earlier version that this agency signed and has not ended.
    private func earlierSigned(than published: PublishedProtocol) -> PublishedProtocol? {
        roster.bundlesSigned(by: agency, at: follower.size).compactMap { roster.protocols[$0] }.filter { earlier in
            earlier.publication.code == published.publication.code
                && earlier.publication.version < published.publication.version
        }.max { $0.publication.version < $1.publication.version }
    }

    private func activeProtocol(_ code: String) throws -> PublishedProtocol {
        guard let code = ProtocolCode(code) else { throw NodeProblem.noSuchProtocol }
        if let published = roster.newest(code, at: follower.size) { return published }
        guard roster.newestPublished(code) == nil else { throw NodeProblem.notActivated(code) }
        throw NodeProblem.noSuchProtocol
    }

    // MARK: Consultation

    /// Says for offices of this agency how they stand to a published protocol, for every party to see.
    func respond(_ form: ConsultationForm) async throws -> Recorded {
        guard let code = ProtocolCode(form.protocolCode), let published = roster.newestPublished(code) else {
            throw NodeProblem.noSuchProtocol
        }
        guard published.terms.party(agency) != nil else { throw NodeProblem.notAParty(code, agency) }
        guard !published.isActive(at: follower.size) else { throw NodeProblem.consultationOver(code) }
        let offices = form.offices.compactMap { OfficeCode($0) }
        guard offices.count == form.offices.count, (1...Limits.officeCount).contains(offices.count) else {
            throw NodeProblem.bad("--office", "the codes of the offices that say so, at least one")
        }
        guard let response = ConsultationControl.Response(rawValue: form.response) else {
            throw NodeProblem.bad("--response", "agree, concern or object")
        }
        let words = form.words.flatMap { $0.isEmpty ? nil : $0 }
        guard words != nil || response == .agree else {
            throw NodeProblem.bad("--words", "what the concern or objection is")
        }
        return try await append(
            response, words: words, offices: Set(offices).sorted(), bundle: published.publication.bundle)
    }

    private func append(
        _ response: ConsultationControl.Response, words: String?, offices: [OfficeCode], bundle: Hash256
    ) async throws -> Recorded {
        var descriptors: [CompartmentDescriptor] = []
        var carried: [CarriedCompartment] = []
        if let words {
            guard words.utf8.count <= Limits.consultationWordsByteCount else { throw NodeProblem.wordsTooLong }
            // Everybody enrolled reads them for ever: nothing about a person belongs there.
            let risky = RiskyWords.passages(in: words).map(\.text)
            guard risky.isEmpty else { throw NodeProblem.riskyWords(risky) }
            let body = CompartmentBody(
                seed: entropy.bytes(count: 32), fields: [ConsultationControl.wordsField: .text(words)])
            let (descriptor, part) = try CompartmentSeal.clear(
                body, id: CompartmentID(from: entropy), label: ConsultationControl.label, reader: .public, caveats: [],
                expires: nil)
            descriptors = [descriptor]
            carried = [part]
        }
        let control = ConsultationControl(
            bundle: bundle, offices: offices, response: response, words: descriptors.first?.id)
        let draft = StatementDraft(
            eventID: EventID(from: entropy), stream: .control, expectedVersion: .any, control: .consulted(control),
            descriptors: descriptors, compartments: carried)
        return Recorded(events: try await append([draft]).map(\.hex))
    }

    // MARK: Where it stands

    /// Where each version of a protocol stands, or of every one.
    func protocolStatus(_ form: ProtocolStatusForm) throws -> [ProtocolLifePage] {
        var code: ProtocolCode?
        if let text = form.protocolCode {
            guard let named = ProtocolCode(text), roster.newestPublished(named) != nil else {
                throw NodeProblem.noSuchProtocol
            }
            code = named
        }
        return roster.lives(of: code, at: follower.size, moment: time.now()).map { life in
            var page = ProtocolLifePage(life, words: words(of:)) { position in
                guard position.value > 0 else { return nil }
                return NodeCore.record(at: position.value - 1, in: store)?.admittedAt
            }
            if ownSignatures.ending(of: life.published.publication.bundle) != nil {
                page.waiting = ["this agency has ended it; the broker has not confirmed that yet"]
            }
            return page
        }
    }

    /// A feed does not bring back what its reader wrote: one's own words are in one's own log.
    private func words(of reply: Consultation.Reply) -> String? {
        guard reply.words == nil, reply.party == agency, let id = reply.wordsIn,
            let index = NodeCore.indexOfOwn(at: reply.position.value, in: store),
            let placed = try? store.readLog(from: index, limit: 1).first,
            let part = placed.compartments.first(where: { $0.id == id })
        else { return reply.words }
        return Consultation.words(in: part)
    }

    private static func indexOfOwn(at position: UInt64, in store: NodeStore) -> LeafIndex? {
        record(at: position, in: store)?.index
    }
}

extension Limits {
    /// Bytes of the words of a response to a consultation: with what frames them they fit their compartment.
    static let consultationWordsByteCount = 3_500
}
