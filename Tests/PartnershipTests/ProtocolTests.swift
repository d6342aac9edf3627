import DeterministicCBOR
import EventLogs
import Partnership
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// A published protocol is the bundle whose hash the board signed.
@Suite struct PublicationTests {
    @Test func thePublishedTermsAreThoseOfTheBundle() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        let published = try #require(founding.roster.protocols[bundle.hash])
        #expect(published.bundle == bundle)
        #expect(published.terms.code == "jag")
        #expect(!published.isActive(at: TreeSize(1000)))
    }

    /// Every way in which the bundle does not come: nothing is folded.
    @Test func aPublicationWithoutItsBundleIsRefusedAndChangesNothing() throws {
        let founding = try Founding.joined()
        let bundle = try Founding.bundle()
        let sound = try founding.publication(of: bundle)
        let other = RulesBundle.current(yaml: bundle.yaml + Array("\n".utf8))
        let carriesOther = try founding.publication(
            of: bundle,
            carrying: CompartmentBody(
                seed: founding.entropy.bytes(count: 32),
                fields: [PublishedProtocol.bundleField: other.encoded]))
        let carriesNothing = try founding.publication(
            of: bundle,
            carrying: CompartmentBody(seed: founding.entropy.bytes(count: 32), fields: [:]))
        let carriesText = try founding.publication(
            of: bundle,
            carrying: CompartmentBody(
                seed: founding.entropy.bytes(count: 32),
                fields: [PublishedProtocol.bundleField: .text("bundle")]))
        let cut = CarriedCompartment(
            id: sound.compartments[0].id, content: sound.compartments[0].content.dropLast(),
            wrap: nil)
        let cases: [(Statement, [CarriedCompartment])] = [
            (sound.statement, []), (sound.statement, [cut]),
            (sound.statement, carriesOther.compartments),
            (carriesOther.statement, carriesOther.compartments),
            (carriesNothing.statement, carriesNothing.compartments),
            (carriesText.statement, carriesText.compartments),
        ]
        for (number, (statement, compartments)) in cases.enumerated() {
            var roster = founding.roster
            #expect(throws: RosterFault.bundleMismatch(bundle.hash), "\(number)") {
                try roster.fold(statement, at: TreeSize(20), compartments: compartments)
            }
            #expect(roster.protocols.isEmpty, "\(number)")
        }
        var roster = founding.roster
        try roster.fold(sound.statement, at: TreeSize(20), compartments: sound.compartments)
        #expect(roster.protocols.count == 1)
    }

    @Test func aBundleThatThisProgramCannotDecideByIsRefused() throws {
        let founding = try Founding.joined()
        let nonsense = RulesBundle.current(yaml: Array("format: 1\n".utf8))
        let made = try founding.publication(of: nonsense)
        var roster = founding.roster
        #expect(throws: RosterFault.bundleMismatch(nonsense.hash)) {
            try roster.fold(made.statement, at: .empty, compartments: made.compartments)
        }
    }

    @Test func theNewestActiveVersionIsTheOneInUse() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        try founding.activate(bundle, from: 40)
        #expect(founding.roster.newest("jag", at: TreeSize(39)) == nil)
        let newest = founding.roster.newest("jag", at: TreeSize(40))
        #expect(newest?.bundle.hash == bundle.hash)
        #expect(founding.roster.newest("other", at: TreeSize(40)) == nil)
    }
}

/// Pairwise in force (WIRE §4): every order of publication, activation and both signatures.
@Suite struct InForceTests {
    private enum Step: CaseIterable { case publish, activate, policeAdopt, councilAdopt }

    @Test func aProtocolIsInForceAfterActivationAndBothSignaturesInAnyOrder() throws {
        let start = try Founding.joined()
        let bundle = try Founding.bundle()
        for order in permutations(of: Step.allCases) {
            // Before, at and after the end of the four steps.
            for named in [0, start.position + 2, start.position + 6] {
                var founding = start
                var admitted: [Step: UInt64] = [:]
                for step in order {
                    check(founding, bundle, admitted, from: named, "\(order) \(named)")
                    admitted[step] = founding.position
                    switch step {
                    case .publish: try founding.publish(bundle)
                    case .activate: try founding.activate(bundle, from: named)
                    case .policeAdopt: try founding.adopt(bundle, by: \.police)
                    case .councilAdopt: try founding.adopt(bundle, by: \.council)
                    }
                }
                check(founding, bundle, admitted, from: named, "\(order) \(named)")
            }
        }
    }

    /// The rule in words, for every position up to some way past the end.
    private func check(
        _ founding: Founding, _ bundle: RulesBundle, _ admitted: [Step: UInt64],
        from named: UInt64, _ comment: Comment
    ) {
        for position in 0..<founding.position + 6 {
            let isBefore = { (step: Step) in admitted[step].map { $0 < position } ?? false }
            // An activation names a bundle that is published already.
            let published = admitted[.publish] ?? .max
            let isActive =
                isBefore(.activate) && named <= position
                && published < admitted[.activate] ?? 0
            let expected = isActive && isBefore(.policeAdopt) && isBefore(.councilAdopt)
            let found = founding.roster.isInForce(
                bundle.hash, between: "northshire-police", and: "marlow-vale-council",
                at: TreeSize(position))
            #expect(found == expected, "\(comment.rawValue) at \(position)")
        }
    }

    @Test func whoHasNotSignedIsNotBoundByTheSignaturesOfOthers() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        try founding.activate(bundle, from: 0)
        try founding.adopt(bundle, by: \.police)
        try founding.adopt(bundle, by: \.council)
        let far = TreeSize(1000)
        let roster = founding.roster
        let police: AgencyCode = "northshire-police"
        #expect(roster.isInForce(bundle.hash, between: police, and: "marlow-vale-council", at: far))
        #expect(!roster.isInForce(bundle.hash, between: police, and: "harbour-homes", at: far))
        #expect(!roster.isInForce(.zero, between: police, and: "marlow-vale-council", at: far))
    }

    @Test func aSecondPublicationTakesNothingOutOfForce() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        try founding.activate(bundle, from: 0)
        try founding.adopt(bundle, by: \.police)
        try founding.adopt(bundle, by: \.council)
        try founding.publish(bundle)
        #expect(
            founding.roster.isInForce(
                bundle.hash, between: "northshire-police", and: "marlow-vale-council",
                at: TreeSize(founding.position)))
    }

    @Test func aSecondSignatureOrActivationDoesNotPostponeTheFirst() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        try founding.activate(bundle, from: 0)
        try founding.adopt(bundle, by: \.police)
        try founding.adopt(bundle, by: \.council)
        let since = TreeSize(founding.position)
        try founding.adopt(bundle, by: \.council)
        try founding.activate(bundle, from: 500)
        #expect(
            founding.roster.isInForce(
                bundle.hash, between: "northshire-police", and: "marlow-vale-council", at: since))
    }
}
