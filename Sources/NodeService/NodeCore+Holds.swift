import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import Sealing
import SharingProtocols
import TallystickPrimitives

/// Holds (PRACTICE P11, decision 0031): placed by anybody who has something of a case, said to everybody who holds it, passed
/// on by whoever passed it on, and lifted by whoever placed them.
extension NodeCore {
    /// Places a hold on everything that this agency knows of a case.
    func place(_ form: HoldForm) async throws -> HoldPlaced {
        try await turns.alone(on: "hold") {
            let streams =
                try form.erasure.map { Set(try erasure($0).proposal.streams) }
                ?? matter(form.caseReference, form.subject)
            guard let reason = HoldReason(rawValue: form.reason) else {
                throw NodeProblem.bad("reason", HoldReason.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return try await hold(streams, reason, by: form.officer, words: form.words)
        }
    }

    /// Holds what there is of a person who asked for their own data, by any of their names; nil where there is nothing.
    func holdWhatWasAskedFor(by names: [String], officer: String) async throws -> HoldPlaced? {
        try await turns.alone(on: "hold") {
            let streams = try names.reduce(into: Set<StreamAddress>()) { $0.formUnion(try self.streams(nil, $1)) }
            guard !streams.isEmpty else { return nil }
            return try await hold(streams, .subjectAccess, by: officer, words: nil)
        }
    }

    private func hold(
        _ streams: Set<StreamAddress>, _ why: HoldReason, by officer: String, words: String?
    ) async throws -> HoldPlaced {
        do throws(DisclosureRefusal) { try decideHold(by: officer, words: words) } catch {
            throw NodeProblem.refused(error)
        }
        guard let reason = ReasonCode(why.rawValue) else { throw NodeProblem.bad("reason", why.rawValue) }
        let act = EventID(from: entropy)
        let note = HoldNote(act: act, by: officer, words: words)
        var told: Set<AgencyCode> = []
        var notTold: Set<AgencyCode> = []
        var drafts: [StatementDraft] = []
        for (origin, group) in Dictionary(grouping: streams, by: \.origin).sorted(by: { $0.key < $1.key }) {
            let ids = group.map(\.stream).sorted()
            if origin == self.origin {
                drafts += try holdDrafts(note, ids, of: origin, reason: reason, to: nil, first: &told)
                for (holder, theirs) in try holders(of: Set(group)) {
                    guard isEnrolled(holder) else {
                        notTold.insert(holder)
                        continue
                    }
                    drafts += try holdDrafts(
                        note, theirs.map(\.stream).sorted(), of: origin, reason: reason, to: holder, first: &told)
                }
            } else if let author = roster.party(of: origin)?.code, isEnrolled(author) {
                drafts += try holdDrafts(note, ids, of: origin, reason: reason, to: author, first: &told)
            }
        }
        let made = try await append(drafts)
        owesErasureDuties = true
        try hideAgain()
        return HoldPlaced(
            hold: act.hex, told: told.map(\.text).sorted(), notTold: notTold.map(\.text).sorted(),
            standing: made.last.map { EntryStanding(entry: $0.hex) })
    }

    /// The drafts that place a hold on streams of one log, in as many statements as it takes.
    private func holdDrafts(
        _ note: HoldNote, _ streams: [StreamID], of log: Origin, reason: ReasonCode, to other: AgencyCode?,
        first told: inout Set<AgencyCode>
    ) throws -> [StatementDraft] {
        let isFull = streams.contains {
            book.erasures.isFull(StreamAddress(origin: log, stream: $0), by: origin, telling: other)
        }
        guard !isFull else { throw NodeProblem.heldOftenEnough }
        let stream = StreamID(from: entropy)
        let (opening, circle) = duo(with: other, in: stream, reason: "hold")
        if let other { told.insert(other) }
        let fields = DisclosureEvent.holdNoted(note).fields(
            actor: nil, happenedAt: time.now().description, case: nil)
        return [opening]
            + (try stride(from: 0, to: streams.count, by: Limits.heldStreamCount).map { start in
                let part = Array(streams[start..<min(streams.count, start + Limits.heldStreamCount)])
                return try recorder.draft(
                    fields, event: EventID(from: entropy), stream: stream, circle: circle, decision: nil,
                    control: .hold(.placed(HeldStreams(origin: log, streams: part), reason: reason)))
            })
    }

    /// A circle without keys: of two, or of this agency alone.
    func duo(
        with other: AgencyCode?, in stream: StreamID, reason: ReasonCode
    ) -> (draft: StatementDraft, circle: OwnCircle) {
        let control = CircleControl(
            epoch: EpochID(from: entropy), members: ([agency] + [other].compactMap(\.self)).sorted(), labels: [:],
            fromSequence: 0, bundle: nil, reason: reason)
        let draft = StatementDraft(
            eventID: EventID(from: entropy), stream: stream, expectedVersion: .noStream, control: .circle(control))
        return (draft, OwnCircle(control: control, keys: [:], basis: follower.size))
    }

    func isEnrolled(_ code: AgencyCode) -> Bool { roster.parties[code]?.isEnrolled(at: time.now()) == true }

    /// Whoever was ever given something of own streams, by circle or by share, with the streams.
    func holders(of streams: Set<StreamAddress>) throws -> [(holder: AgencyCode, streams: [StreamAddress])] {
        var found: [AgencyCode: Set<StreamAddress>] = [:]
        for stream in streams where stream.origin == origin {
            for member in book.erasures.members[stream.stream] ?? [] { found[member, default: []].insert(stream) }
        }
        if !book.erasures.given.isEmpty {
            for (statement, index) in try store.statements(of: Set(streams.map(\.stream)))
            where statement.origin == origin {
                for recipient in book.erasures.given[index] ?? [] {
                    found[recipient, default: []].insert(
                        StreamAddress(origin: origin, stream: statement.payload.stream))
                }
            }
        }
        return found.map { ($0.key, $0.value.sorted()) }.sorted { $0.0 < $1.0 }
    }

    /// Everything that this agency has of a case, or of a person: their cases, what stands outside of cases, and what they
    /// asked of their own data; streams of all logs.
    ///
    /// - Throws: where there is nothing.
    func matter(_ caseText: String?, _ subject: String?) throws -> Set<StreamAddress> {
        let streams = try streams(caseText, subject)
        guard !streams.isEmpty else { throw NodeProblem.refused(DisclosureRefusal.nothingToErase) }
        return streams
    }

    private func streams(_ caseText: String?, _ subject: String?) throws -> Set<StreamAddress> {
        var references: [CaseReference] = []
        var streams: Set<StreamAddress> = []
        if let caseText {
            references = book.erasures.references(matching: caseText)
            guard references.count == 1 else { throw NodeProblem.unknownCase(caseText, matches: references.count) }
        }
        if let subject {
            references += try views.casesFound(subject).references.filter { try isNamed(subject, in: $0) }
            streams = try outsideOfCases(subject)
        }
        for reference in references {
            streams.formUnion(book.erasures.streams[reference] ?? [])
            for report in book.erasures.reports[reference] ?? [] {
                guard let placed = try ownEntry(report)?.statement else { continue }
                streams.insert(StreamAddress(origin: placed.origin, stream: placed.payload.stream))
            }
        }
        return streams
    }

    /// The streams of what names a person and belongs to no case: reports, and their requests for their own data.
    private func outsideOfCases(_ subject: String) throws -> Set<StreamAddress> {
        var places: [NodeViews.LeafPlace] = []
        for entry in try views.entries(naming: [subject]) where entry.reference == nil {
            let names = [Label.identity, .reporter].flatMap { entry.fields[$0]?.values.map { try? $0.string() } ?? [] }
            guard names.contains(where: { $0.map { isSamePerson($0, subject) } ?? false }) else { continue }
            places.append(NodeViews.LeafPlace(origin: entry.origin, leaf: entry.leaf))
        }
        for access in try views.subjectAccesses() {
            let names = [access.asked.requester] + access.asked.otherNames
            guard names.contains(where: { isSamePerson($0, subject) }) else { continue }
            places += try views.places(ofSubjectAccess: access.id)
        }
        return try Set(
            places.compactMap { place in
                try statement(at: LeafIndex(place.leaf), of: place.origin).map {
                    StreamAddress(origin: place.origin, stream: $0.payload.stream)
                }
            })
    }

    /// Whether somebody stands in the names of a case, by the words of a search held against the names themselves.
    private func isNamed(_ subject: String, in reference: CaseReference) throws -> Bool {
        for address in book.entries[reference] ?? [] {
            guard let (statement, compartments) = try held(address) else { continue }
            let opened = opener.open(statement, at: address.index, compartments: compartments)
            for value in opened.fields[.identity]?.values.map({ try? $0.string() }) ?? [] {
                if let value, isSamePerson(value, subject) { return true }
            }
        }
        return false
    }

    private func held(_ address: CaseBook.Address) throws -> (Statement, [CarriedCompartment])? {
        if address.origin == origin {
            return try store.readLog(from: address.index, limit: 1).first.map { ($0.statement, $0.compartments) }
        }
        return try store.received(origin: address.origin, index: address.index).map {
            (try Statement(decoding: $0.bytes), $0.compartments)
        }
    }

    // MARK: Lifting and passing on

    /// Lifts a hold that this agency placed, with everybody it was said to.
    func lift(_ form: HoldLiftForm) async throws -> Recorded {
        try await turns.alone(on: "hold") {
            let placed = book.erasures.holds.filter { $0.value.note?.passedOn == nil }
            let act = try eventID(form.hold, among: placed.values.compactMap { $0.note?.act })
            let own = placed.filter { act != nil && $0.value.note?.act == act }
            guard !own.isEmpty else { throw NodeProblem.unknownHold }
            let ids = try await append(try own.keys.sorted { $0.event < $1.event }.flatMap { try liftDrafts(of: $0) })
            owesErasureDuties = true
            try hideAgain()
            return Recorded(events: ids.suffix(1).map(\.hex))
        }
    }

    private func liftDrafts(of hold: EventAddress) throws -> [StatementDraft] {
        let other = book.erasures.holds[hold]?.other
        let stream = StreamID(from: entropy)
        let (opening, circle) = duo(with: other.flatMap { isEnrolled($0) ? $0 : nil }, in: stream, reason: "hold")
        return [
            opening,
            try recorder.draft(
                [:], event: EventID(from: entropy), stream: stream, circle: circle, decision: nil,
                control: .hold(.lifted(hold.event))),
        ]
    }

    /// Passes on that another agency holds own streams to whoever else was given them, and lifts what was passed on of holds
    /// that stand no longer.
    ///
    /// One hold of a stream is passed on to each holder, and another when that is lifted: however many others place, this
    /// agency can always say its own.
    func passHoldsOn() async throws {
        let book = book.erasures
        var drafts: [StatementDraft] = []
        for (original, copies) in book.passed where book.holds[original] == nil {
            for key in copies { drafts += try liftDrafts(of: key) }
        }
        var passed: [AgencyCode: Set<StreamID>] = [:]
        for (original, copies) in book.passed where book.holds[original] != nil {
            for copy in copies.compactMap({ book.holds[$0] }) {
                if let holder = copy.other { passed[holder, default: []].formUnion(copy.held.streams) }
            }
        }
        for (key, hold) in book.holds where key.origin != origin && hold.held.origin == origin {
            let placer = roster.party(of: key.origin)?.code
            let streams = Set(hold.held.streams.map { StreamAddress(origin: origin, stream: $0) })
            for (holder, theirs) in try holders(of: streams) where holder != placer && isEnrolled(holder) {
                let missing = Set(theirs.map(\.stream)).subtracting(passed[holder] ?? [])
                guard !missing.isEmpty else { continue }
                passed[holder, default: []].formUnion(missing)
                var told: Set<AgencyCode> = []
                let note = HoldNote(act: EventID(from: entropy), by: nil, words: nil, passedOn: key)
                drafts += try holdDrafts(
                    note, missing.sorted(), of: origin, reason: hold.reason, to: holder, first: &told)
            }
        }
        guard !drafts.isEmpty else { return }
        try await append(drafts)
    }

    /// The holds that stand here: this agency's own, each once, and others'.
    ///
    /// - Parameter hold: only this one.
    func listHolds(only hold: String? = nil) throws -> [HoldRow] {
        let rows = holdRows()
        guard let hold else { return rows }
        let act = try eventID(hold, among: rows.compactMap { EventID(hex: $0.hold) })
        guard let row = rows.first(where: { $0.hold == act?.hex }) else { throw NodeProblem.unknownHold }
        return [row]
    }

    private func holdRows() -> [HoldRow] {
        var rows: [String: HoldRow] = [:]
        for (key, hold) in book.erasures.holds {
            guard hold.note?.passedOn == nil else { continue }
            let id = (hold.note?.act ?? key.event).hex
            let by = roster.party(of: key.origin)?.code.text ?? key.origin.text
            var row =
                rows[id]
                ?? HoldRow(
                    hold: id, by: by, officer: hold.note?.by, words: hold.note?.words, reason: hold.reason.text,
                    placedAt: hold.at.description)
            row.streamCount += hold.other == nil || hold.held.origin != origin ? hold.held.streams.count : 0
            if let other = hold.other { row.told.append(other.text) }
            row.told = Set(row.told).sorted()
            let held = Set(hold.held.streams.map { StreamAddress(origin: hold.held.origin, stream: $0) })
            let cases = book.erasures.streams.filter { !$0.value.isDisjoint(with: held) }.map(\.key.text)
            row.references = Set(row.references + cases).sorted()
            rows[id] = row
        }
        return rows.values.sorted { ($0.placedAt, $0.hold) < ($1.placedAt, $1.hold) }
    }
}
