import TallystickPrimitives

/// Whom the board lists as witnesses of a world: the agencies that run nodes there, and some that are no agency.
struct WitnessListing: Hashable, Sendable {
    /// How many agencies run nodes.
    let agencyCount: Int
    /// Whether there are at least the four below which nothing is final.
    let listsEnough: Bool

    /// Those on the list.
    var witnesses: [AgencyCode] {
        let agencies = Array(FoundedCounty.agencies.prefix(agencyCount))
        return listsEnough
            ? agencies + FoundedCounty.witnesses : Array(agencies.prefix(2)) + FoundedCounty.witnesses.prefix(1)
    }

    /// Every list that a world may have.
    static let all = (2...4).flatMap { count in
        [true, false].map { WitnessListing(agencyCount: count, listsEnough: $0) }
    }
}
