import DeterministicCBOR
import EventLogs
import Foundation
import Partnership
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// Where a protocol stands is derived from the log alone, and agrees with what may be shared.
@Suite struct ProtocolLifeTests {
    private enum Act: CaseIterable, Hashable {
        case publish, publishNext, activate, activateNext
        case policeOfficer, policeChief, policeNext, policeEnd, policeEndNext
        case council, councilNext, councilEnd, councilSuspendNext
    }

    private static let police: AgencyCode = "northshire-police"
    private static let council: AgencyCode = "marlow-vale-council"

    private static func perform(_ act: Act, in founding: inout Founding, _ bundles: [RulesBundle]) throws {
        let (first, next) = (bundles[0], bundles[1])
        func sign(_ bundle: RulesBundle, _ offices: [OfficeCode], _ party: WritableKeyPath<Founding, PartyLog>) throws {
            try founding.add(party, .adopt(bundle: bundle.hash, offices: offices))
        }
        switch act {
        case .publish: try founding.publish(first)
        case .publishNext: try founding.publish(next, version: 2)
        case .activate: try founding.activate(first, from: 0)
        case .activateNext: try founding.activate(next, from: 0)
        case .policeOfficer: try sign(first, ["data-protection-officer"], \.police)
        case .policeChief: try sign(first, ["chief-officer"], \.police)
        case .policeNext: try founding.adopt(next, by: \.police)
        case .policeEnd: try founding.end(first, by: \.police)
        case .policeEndNext: try founding.end(next, by: \.police)
        case .council: try founding.adopt(first, by: \.council)
        case .councilNext: try founding.adopt(next, by: \.council)
        case .councilEnd: try founding.end(first, by: \.council)
        case .councilSuspendNext:
            try founding.add(
                \.council,
                .endAdoption(
                    bundle: next.hash, offices: ["data-protection-officer"], reason: ProtocolLife.suspendedReason))
        }
    }

    /// What the acts before a register position come to, reckoned from their words and from nothing of the program.
    private struct Reckoned {
        var published: Set<Int> = []
        var active: Set<Int> = []
        var police: [Int: Set<String>] = [:]
        var council: Set<Int> = []

        init(_ acts: ArraySlice<Act>) {
            for act in acts {
                switch act {
                case .publish: published.insert(1)
                case .publishNext: published.insert(2)
                case .activate: if published.contains(1) { active.insert(1) }
                case .activateNext: if published.contains(2) { active.insert(2) }
                case .policeOfficer: police[1, default: []].insert("officer")
                case .policeChief: police[1, default: []].insert("chief")
                case .policeNext: police[2] = ["officer", "chief"]
                case .policeEnd: police[1] = nil
                case .policeEndNext: police[2] = nil
                case .council: council.insert(1)
                case .councilNext: council.insert(2)
                case .councilEnd: council.remove(1)
                case .councilSuspendNext: council.remove(2)
                }
            }
        }

        func isInForce(_ version: Int) -> Bool {
            active.contains(version) && police[version]?.count == 2 && council.contains(version)
        }

        /// The version that something new goes by between the two.
        var goesBy: Int? { isInForce(2) ? 2 : isInForce(1) ? 1 : nil }
    }

    /// Histories of up to sixteen acts each, looked at after every act: some from nothing on, one in the order in which
    /// partnerships go about it, and most where both versions are active already.
    @Test func whatIsDerivedAgreesWithWhatTheActsSay() throws {
        let bundles = [try Founding.bundle(), try Founding.nextBundle()]
        let start = try Founding.joined()
        var stages: Set<ProtocolLife.Stage> = []
        func follow(_ acts: [Act], after done: [Act], in before: Founding) throws -> Founding {
            var (founding, past) = (before, done)
            for act in acts {
                past.append(act)
                try Self.perform(act, in: &founding, bundles)
                stages.formUnion(try check(founding, past))
            }
            return founding
        }
        let published: [Act] = [.publish, .publishNext, .activate, .activateNext]
        let active = try follow(published, after: [], in: start)
        _ = try follow(
            [.policeOfficer, .policeChief, .council, .policeNext, .councilNext, .councilSuspendNext, .councilNext],
            after: published, in: active)
        for seed in 0..<60 as Range<UInt64> {
            let acts = SeededEntropy(seed: 7_000 + seed).bytes(count: 12).map { byte in
                Act.allCases[4 + Int(byte) % (Act.allCases.count - 4)]
            }
            _ = try follow(acts, after: published, in: active)
        }
        for seed in 0..<6 as Range<UInt64> {
            let acts = SeededEntropy(seed: 7_100 + seed).bytes(count: 8).map {
                Act.allCases[Int($0) % Act.allCases.count]
            }
            _ = try follow(acts, after: [], in: start)
        }
        #expect(stages.isSuperset(of: [.consultation, .signing, .inForce, .superseded, .ended, .suspended]))
    }

    private func check(_ founding: Founding, _ acts: [Act]) throws -> Set<ProtocolLife.Stage> {
        let position = TreeSize(founding.position)
        let reckoned = Reckoned(acts[...])
        let lives = founding.roster.lives(of: "jag", at: position, moment: founding.now)
        #expect(Set(lives.map { Int($0.published.publication.version) }) == reckoned.published, "\(acts)")
        for life in lives {
            let version = Int(life.published.publication.version)
            let shares = life.shares(between: Self.police, and: Self.council)
            #expect(shares == (reckoned.goesBy == version), "version \(version) after \(acts)")
            #expect(shares == life.shares(between: Self.council, and: Self.police))
            #expect((life.stage == .inForce) == shares, "version \(version) after \(acts)")
            let newest = founding.roster.newestInForce("jag", between: Self.police, and: [Self.council], at: position)
            #expect(shares == (newest.map { $0.bundle == life.published.bundle } ?? false), "\(acts)")
            switch life.stage {
            case .consultation: #expect(!reckoned.active.contains(version), "\(acts)")
            case .signing: #expect(!reckoned.isInForce(version) && life.ended.isEmpty, "\(acts)")
            case .superseded: #expect(version == 1 && reckoned.isInForce(1) && reckoned.goesBy == 2, "\(acts)")
            case .suspended, .ended: #expect(!life.ended.isEmpty && !reckoned.isInForce(version), "\(acts)")
            case .inForce, .lapsed: break
            }
            // Whoever has ended it is not asked to sign, and whoever lacks an office is.
            let lacking = Set(life.unsigned.map(\.party))
            #expect(lacking.isDisjoint(with: life.ended.map(\.party)), "\(acts)")
            if version == 1, let signed = reckoned.police[1], signed.count == 1 {
                #expect(lacking.contains(Self.police), "\(acts)")
            }
        }
        return Set(lives.map(\.stage))
    }

    @Test func outForSignatureSaysByPartyAndOfficeWhoHasNot() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        #expect(try life(in: founding).stage == .consultation)
        try founding.activate(bundle, from: 0)
        try founding.add(\.police, .adopt(bundle: bundle.hash, offices: ["data-protection-officer"]))
        try founding.adopt(bundle, by: \.council)
        let half = try life(in: founding)
        #expect(half.stage == .signing && half.pairs.isEmpty)
        #expect(half.unsigned.first { $0.party == Self.police }?.offices == ["chief-officer"])
        #expect(!half.unsigned.contains { $0.party == Self.council })
        #expect(!founding.roster.isInForce(bundle.hash, between: Self.police, and: Self.council, at: TreeSize(99)))
        // The office that was lacking signs by itself, and now it holds.
        try founding.add(\.police, .adopt(bundle: bundle.hash, offices: ["chief-officer"]))
        let whole = try life(in: founding)
        #expect(whole.stage == .inForce)
        #expect(whole.pairs.map(\.since) == [TreeSize(founding.position)])
        let page = ProtocolLifePage(whole).text
        #expect(page.contains("marlow-vale-council and northshire-police: from register position"))
        #expect(page.contains("not signed: harbour-homes, by its data-protection-officer, head-of-housing"))
    }

    @Test func aSuspensionSaysHowItGoesOnAndSigningAgainResumes() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        try founding.activate(bundle, from: 0)
        try founding.adopt(bundle, by: \.police)
        try founding.adopt(bundle, by: \.council)
        try founding.add(
            \.council,
            .endAdoption(
                bundle: bundle.hash, offices: ["data-protection-officer"], reason: ProtocolLife.suspendedReason))
        let suspended = try life(in: founding)
        #expect(suspended.stage == .suspended && !suspended.shares(between: Self.police, and: Self.council))
        #expect(suspended.ended.map(\.party) == [Self.council] && suspended.ended.allSatisfy(\.isSuspension))
        #expect(ProtocolLifePage(suspended).text.contains("goes on with marlow-vale-council when"))
        try founding.adopt(bundle, by: \.council)
        let resumed = try life(in: founding)
        #expect(resumed.stage == .inForce && resumed.ended.isEmpty)
    }

    /// A review that passes stops sharing where the file says so, and reminds where it does not.
    @Test func aReviewThatPassesLapsesOrWarns() throws {
        for (effect, stage) in [("warn", ProtocolLife.Stage.inForce), ("stop", .lapsed)] {
            var founding = try Founding.joined()
            let bundle = try Founding.bundle { $0.replacing("afterwards: warn", with: "afterwards: \(effect)") }
            try founding.publish(bundle)
            try founding.activate(bundle, from: 0)
            try founding.adopt(bundle, by: \.police)
            try founding.adopt(bundle, by: \.council)
            let published = try #require(founding.roster.protocols[bundle.hash])
            let lastSecond = UInt64(published.terms.review.by.daysSinceEpoch + 1) * 86_400 - 1
            for (moment, expected, isOverdue) in [
                (lastSecond, ProtocolLife.Stage.inForce, false), (lastSecond + 1, stage, true),
            ] {
                let now = Timestamp(wholeSeconds: moment)
                let life = try #require(
                    founding.roster.lives(of: "jag", at: TreeSize(founding.position), moment: now).first)
                #expect(life.stage == expected && life.isReviewOverdue == isOverdue)
                #expect(founding.roster.hasLapsed(bundle.hash, at: now) == (expected == .lapsed))
            }
        }
    }

    @Test func anOpenLocalChoiceKeepsEverySignatureFromHolding() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle { $0.replacing("    value: ", with: "    # value: ") }
        try #require(try !bundle.sharingProtocol().openChoices.isEmpty)
        try founding.publish(bundle)
        try founding.activate(bundle, from: 0)
        try founding.adopt(bundle, by: \.police)
        try founding.adopt(bundle, by: \.council)
        let life = try life(in: founding)
        #expect(life.stage == .signing && life.pairs.isEmpty)
        #expect(ProtocolLifePage(life).text.contains("to be settled before anybody can sign"))
    }

    // MARK: Consultation

    @Test func theNewestReplyOfEachOfficeIsHeardAndTheSilentAreNamed() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        try founding.respond(.object, "Fourteen days, not 28", for: bundle, by: \.police)
        try founding.respond(.concern, "Say who answers at night", for: bundle, by: \.police)
        let life = try life(in: founding)
        #expect(life.replies.map(\.response) == ["concern"])
        #expect(life.replies.map(\.words) == ["Say who answers at night"])
        #expect(!life.silent.contains(Self.police) && life.silent.contains(Self.council))
        let text = ProtocolLifePage(life).text
        #expect(text.contains("northshire-police, data-protection-officer: concern on "))
        #expect(text.contains("no answer yet from: ") && text.contains("marlow-vale-council"))
    }

    @Test func anOfficeTooManyIsNotKept() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        for number in 0...Limits.consultationReplyCount {
            let office = try #require(OfficeCode("office-\(number)"))
            try founding.respond(.agree, nil, for: bundle, by: \.police, office: office)
        }
        #expect(try life(in: founding).replies.count == Limits.consultationReplyCount)
    }

    private func life(in founding: Founding) throws -> ProtocolLife {
        try #require(
            founding.roster.lives(of: "jag", at: TreeSize(founding.position), moment: founding.now).first)
    }
}

/// Rules of a later program: they are told apart from wrong ones, and nobody goes on by them.
@Suite struct LackedRulesTests {
    @Test func aLaterDecisionFunctionIsPublishedAndStopsWhereItIsActivated() throws {
        var founding = try Founding.joined()
        let future = try Founding.futureBundle()
        try founding.publish(future)
        #expect(founding.roster.protocols.isEmpty && founding.roster.lack == nil)
        let rules = try #require(founding.roster.lackedRules[future.hash])
        #expect(rules.lack == .decisionFunction(ShareDecisions.functionVersion + 1))
        let named = founding.position + 5
        try founding.activate(future, from: named)
        #expect(founding.roster.lackedRules(at: TreeSize(named - 1)) == nil)
        #expect(founding.roster.lackedRules(at: TreeSize(named)) == rules)
        #expect("\(rules)".contains("version 3 of the decision function") && "\(rules)".contains("Update"))
        // An earlier activation stops it earlier.
        try founding.activate(future, from: 0)
        #expect(founding.roster.lackedRules(at: TreeSize(founding.position)) == rules)
    }

    @Test func aBundleOfAnotherFormatStopsAtOnce() throws {
        var founding = try Founding.joined()
        let future = try Founding.bundle()
        let item = CBOR.array([.unsigned(2), .text("what only a later program reads")])
        let made = try founding.publication(
            of: future,
            carrying: CompartmentBody(
                seed: founding.entropy.bytes(count: 32), fields: [PublishedProtocol.bundleField: item]))
        let position = founding.position
        try founding.add(\.board.log, made.statement, compartments: made.compartments)
        #expect(founding.roster.lackedRules(at: TreeSize(position)) == nil)
        #expect(founding.roster.lackedRules(at: TreeSize(position + 1))?.lack == .format(2))
    }

    @Test func aFutureBundleWithAnotherHashIsWrongAndNotLater() throws {
        let founding = try Founding.joined()
        let future = try Founding.futureBundle()
        let made = try founding.publication(
            of: try Founding.bundle(),
            carrying: CompartmentBody(
                seed: founding.entropy.bytes(count: 32), fields: [PublishedProtocol.bundleField: future.encoded]))
        var roster = founding.roster
        #expect(throws: RosterFault.bundleMismatch(try Founding.bundle().hash)) {
            try roster.fold(made.statement, at: .empty, compartments: made.compartments)
        }
    }
}

extension Founding {
    /// The bundle of a changed file.
    static func bundle(_ change: (String) -> String) throws -> RulesBundle {
        RulesBundle.current(yaml: Array(change(String(decoding: try bundle().yaml, as: UTF8.self)).utf8))
    }

    /// The next version of the same protocol.
    static func nextBundle() throws -> RulesBundle {
        try bundle { $0.replacing("\nversion: 1\n", with: "\nversion: 2\n") }
    }

    /// The bundle that a program with the next decision function makes.
    static func futureBundle() throws -> RulesBundle {
        let current = try bundle()
        return try RulesBundle(
            decoding: .array([
                .unsigned(1), .unsigned(UInt64(ShareDecisions.functionVersion + 1)), .bytes(current.yaml),
                .map(of: current.tables.map { (.text($0.key), .bytes($0.value)) }),
            ]))
    }

    mutating func respond(
        _ response: ConsultationControl.Response, _ words: String?, for bundle: RulesBundle,
        by party: WritableKeyPath<Founding, PartyLog>, office: OfficeCode = "data-protection-officer"
    ) throws {
        var options = PartyLog.Options()
        var carried: [CarriedCompartment] = []
        if let words {
            let body = CompartmentBody(
                seed: entropy.bytes(count: 32), fields: [ConsultationControl.wordsField: .text(words)])
            let part = CarriedCompartment(
                id: CompartmentID(from: entropy), content: CarriedCompartment.clearContent(body), wrap: nil)
            carried = [part]
            options.descriptors = [
                CompartmentDescriptor(
                    id: part.id, label: ConsultationControl.label, paddedLength: ByteCount(part.content.count),
                    contentHash: Hash256(hashing: part.content), wrapHash: nil, keyCommitment: nil,
                    fieldRoot: body.fieldRoot, reader: .public, caveats: [], expires: nil)
            ]
        }
        let control = ConsultationControl(
            bundle: bundle.hash, offices: [office], response: response, words: carried.first?.id)
        let statement = try self[keyPath: party].statement(.consulted(control), event: event(), options)
        try add(party, statement, compartments: carried)
    }
}

extension ProtocolLife {
    /// Whether anything new may go by it between two parties, in either direction, as its pairs say.
    fileprivate func shares(between one: AgencyCode, and other: AgencyCode) -> Bool {
        guard stage == .inForce else { return false }
        let key = [one, other].sorted()
        return pairs.contains { $0.one == key[0] && $0.other == key[1] && $0.replacedBy == nil }
    }
}
