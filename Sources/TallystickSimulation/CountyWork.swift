import TallystickPrimitives

/// What the county's practitioners know of each other's work: enough to think of sensible things to do next.
struct CountyWork {
    /// A case that somebody opened.
    struct Case {
        let reference: String
        let owner: AgencyCode
        /// Who leads it, as far as its owner and its successors have said.
        var lead: AgencyCode
        /// With whom it was shared.
        var members: [AgencyCode] = []
        /// Who was asked to take it, and whether they said that they will.
        var offer: (to: AgencyCode, isAccepted: Bool)?

        init(reference: String, owner: AgencyCode) {
            self.reference = reference
            self.owner = owner
            lead = owner
        }
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
    /// What the nodes said that they recorded, by agency.
    var entries: [AgencyCode: [String]] = [:]
    /// What was taken back and is not answered yet, with whom it is from.
    var recalls: [(from: AgencyCode, id: String)] = []
    var withdrawals: [(from: AgencyCode, id: String)] = []
    /// What was told in an emergency and not looked at since.
    var emergencies: [(by: AgencyCode, id: String)] = []
    /// Holds that stand.
    var holds: [(by: AgencyCode, id: String)] = []
    /// How many entries were asked for: no two say the same.
    var count = 0

    /// Whether an agency can be on a case.
    func isOn(_ agency: AgencyCode, _ matter: Case) -> Bool {
        matter.owner == agency || matter.lead == agency || matter.members.contains(agency)
    }
}
