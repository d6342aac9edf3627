import TallystickPrimitives

/// What the county's practitioners know of each other's work: enough to think of sensible things to do next.
struct CountyWork {
    /// A case that somebody opened.
    struct Case {
        let reference: String
        let owner: AgencyCode
        /// With whom it was shared.
        var members: [AgencyCode] = []
    }

    /// A request that somebody made.
    struct Request {
        let reference: String
        let asked: AgencyCode
        let labels: [String]
    }

    /// The reports of each agency, by event.
    var reports: [AgencyCode: [String]] = [:]
    var cases: [Case] = []
    var requests: [Request] = []
    /// How many entries were asked for: no two say the same.
    var count = 0

    /// Whether an agency can be on a case.
    func isOn(_ agency: AgencyCode, _ matter: Case) -> Bool {
        matter.owner == agency || matter.members.contains(agency)
    }
}
