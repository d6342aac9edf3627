import EventLogs
import Partnership
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// A party may end what it signed, and sign it again (DESIGN §5): every order of both at two parties.
@Suite struct AdoptionTests {
    private enum Act: CaseIterable { case policeSigns, policeEnds, councilSigns, councilEnds }

    private static let police: AgencyCode = "northshire-police"
    private static let council: AgencyCode = "marlow-vale-council"

    /// What was done at which position, and the rule in words over it.
    private struct Told {
        var acts: [(position: UInt64, act: Act)] = []

        /// Whether a party's newest word before a position is that it signs.
        private func isSigned(_ signs: Act, _ ends: Act, at position: UInt64) -> Bool {
            acts.last { $0.position < position && ($0.act == signs || $0.act == ends) }?.act == signs
        }

        func isInForce(at position: UInt64) -> Bool {
            isSigned(.policeSigns, .policeEnds, at: position) && isSigned(.councilSigns, .councilEnds, at: position)
        }

        func isInForce(since start: UInt64, at position: UInt64) -> Bool {
            (min(start, position)...max(start, position)).allSatisfy { isInForce(at: $0) }
        }
    }

    @Test func aProtocolIsInForceBetweenSignatureAndEndInEveryOrder() throws {
        var start = try Founding.joined()
        let bundle = try Founding.bundle()
        try start.publish(bundle)
        try start.activate(bundle, from: 0)
        for number in 0..<256 {
            var founding = start
            var told = Told()
            for step in 0..<4 {
                let act = Act.allCases[(number >> (2 * step)) & 3]
                told.acts.append((founding.position, act))
                switch act {
                case .policeSigns: try founding.adopt(bundle, by: \.police)
                case .policeEnds: try founding.end(bundle, by: \.police)
                case .councilSigns: try founding.adopt(bundle, by: \.council)
                case .councilEnds: try founding.end(bundle, by: \.council)
                }
            }
            let places = start.position...founding.position + 1
            for position in places {
                let found = founding.roster.isInForce(
                    bundle.hash, between: Self.police, and: Self.council, at: TreeSize(position))
                #expect(found == told.isInForce(at: position), "\(told.acts) at \(position)")
                for since in places {
                    let unbroken = founding.roster.isInForce(
                        bundle.hash, between: Self.council, and: Self.police, since: TreeSize(since),
                        at: TreeSize(position))
                    #expect(
                        unbroken == told.isInForce(since: since, at: position),
                        "\(told.acts) since \(since) at \(position)")
                }
            }
        }
    }

    @Test func anEndSaysWhoWhenAndWhyUntilTheNextSignature() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        try founding.activate(bundle, from: 0)
        try founding.adopt(bundle, by: \.police)
        try founding.adopt(bundle, by: \.council)
        func ending(_ roster: Roster, before position: UInt64) -> (party: AgencyCode, ending: Adoption.Ending)? {
            roster.ending(
                of: bundle.hash, between: Self.council, and: Self.police, before: TreeSize(position))
        }
        let end = founding.position
        #expect(ending(founding.roster, before: end) == nil)
        try founding.end(bundle, by: \.police)
        // A second end is no news.
        try founding.end(bundle, by: \.police)
        #expect(ending(founding.roster, before: end) == nil)
        let found = try #require(ending(founding.roster, before: end + 1))
        #expect(found.party == Self.police)
        #expect(found.ending.position == TreeSize(end))
        #expect(found.ending.reason == "review-overdue")
        #expect(founding.roster.bundlesInForce(of: Self.police, at: TreeSize(end + 1)).isEmpty)
        #expect(founding.roster.bundlesInForce(of: Self.police, at: TreeSize(end)) == [bundle.hash])
        #expect(founding.roster.bundlesInForce(of: Self.council, at: TreeSize(end + 1)) == [bundle.hash])
        try founding.adopt(bundle, by: \.police)
        #expect(ending(founding.roster, before: founding.position) == nil)
        #expect(ending(founding.roster, before: end + 1)?.ending == found.ending)
    }

    /// Whoever signs and ends without an end fills nobody's memory.
    @Test func aBundleIsSignedAndEndedSoManyTimesAndNoMore() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        try founding.activate(bundle, from: 0)
        for _ in 1..<Limits.adoptionTermCount {
            try founding.adopt(bundle, by: \.police)
            try founding.end(bundle, by: \.police)
        }
        try founding.adopt(bundle, by: \.police)
        // What is in force may be signed again: that changes nothing.
        try founding.adopt(bundle, by: \.police)
        #expect(founding.roster.bundlesInForce(of: Self.police, at: TreeSize(founding.position)) == [bundle.hash])
        try founding.end(bundle, by: \.police)
        #expect(throws: RosterFault.adoptionLimit(bundle.hash)) { try founding.adopt(bundle, by: \.police) }
        try founding.adopt(bundle, by: \.council)
    }

    @Test func endingWhatWasNeverSignedChangesNothing() throws {
        var founding = try Founding.joined()
        let bundle = try Founding.bundle()
        try founding.publish(bundle)
        try founding.end(bundle, by: \.police)
        #expect(founding.roster.parties[Self.police]?.adoptions.isEmpty == true)
    }
}
