public import SharingProtocols
public import TallystickPrimitives

/// Names and dates of birth: the `identity` compartment.
public struct PeopleDetails: Hashable, Sendable {
    /// The victim's name.
    public let victimName: String?
    /// The victim's date of birth, as precisely as it is known.
    public let victimBorn: String?
    /// The subject's name.
    public let subjectName: String?
    /// The subject's date of birth, as precisely as it is known.
    public let subjectBorn: String?

    /// States what is known of the people.
    public init(
        victimName: String? = nil, victimBorn: String? = nil, subjectName: String? = nil,
        subjectBorn: String? = nil
    ) {
        self.victimName = victimName
        self.victimBorn = victimBorn
        self.subjectName = subjectName
        self.subjectBorn = subjectBorn
    }
}

/// Address and telephone: the `contact` compartment.
public struct ContactDetails: Hashable, Sendable {
    /// The address.
    public let address: String?
    /// The telephone number.
    public let telephone: String?
    /// The property's unique reference number (UPRN), by which homes are named when they go from one landlord to another.
    public let uprn: String?

    /// States how somebody can be found.
    public init(address: String? = nil, telephone: String? = nil, uprn: String? = nil) {
        self.address = address
        self.telephone = telephone
        self.uprn = uprn
    }
}

/// Who told us: the `reporter` compartment.
public struct ReporterDetails: Hashable, Sendable {
    /// What the person is to the matter: victim, neighbour, officer …
    public let role: String?
    /// The person's name.
    public let name: String?

    /// States who told us.
    public init(role: String? = nil, name: String? = nil) {
        self.role = role
        self.name = name
    }
}

/// Where something happened: part of the `record` compartment.
public struct ReportedPlace: Hashable, Sendable {
    /// The place in words.
    public let place: String?
    /// Degrees north, in decimal text as it was reported.
    public let latitude: String?
    /// Degrees east, in decimal text as it was reported.
    public let longitude: String?
    /// The ward or LSOA.
    public let area: String?

    /// States a place.
    public init(
        place: String? = nil, latitude: String? = nil, longitude: String? = nil, area: String? = nil
    ) {
        self.place = place
        self.latitude = latitude
        self.longitude = longitude
        self.area = area
    }
}

/// Something that was reported to an agency.
public struct Report: Hashable, Sendable {
    /// The partner summary: written to be shared.
    public let summary: String
    /// What sort of behaviour.
    public let category: CategoryCode?
    /// How it reached us: visit, telephone, web …
    public let channel: String?
    /// When it occurred, as precisely as it is known.
    public let occurred: String?
    /// Where it occurred.
    public let place: ReportedPlace
    /// The report's number in the system it came from.
    public let sourceReference: String?
    /// The full account; nil when there is none or it was not received.
    public let narrative: String?
    /// Who told us; nil when unknown or not received.
    public let reporter: ReporterDetails?
    /// Who it is about; nil when unknown or not received.
    public let people: PeopleDetails?
    /// How to find them; nil when unknown or not received.
    public let contact: ContactDetails?
    /// How to reach the victim without danger; nil when unknown or not received.
    public let safeContact: String?

    /// States a report.
    public init(
        summary: String, category: CategoryCode? = nil, channel: String? = nil,
        occurred: String? = nil, place: ReportedPlace = ReportedPlace(),
        sourceReference: String? = nil, narrative: String? = nil, reporter: ReporterDetails? = nil,
        people: PeopleDetails? = nil, contact: ContactDetails? = nil, safeContact: String? = nil
    ) {
        self.summary = summary
        self.category = category
        self.channel = channel
        self.occurred = occurred
        self.place = place
        self.sourceReference = sourceReference
        self.narrative = narrative
        self.reporter = reporter
        self.people = people
        self.contact = contact
        self.safeContact = safeContact
    }
}

/// A row of a file that could not be read as a report, kept so that no row is lost.
public struct RejectedImport: Hashable, Sendable {
    /// The file's name.
    public let file: String
    /// The line of the file, from 1.
    public let line: UInt64
    /// What is wrong with the row.
    public let problem: String
    /// The row as it stood; nil when not received.
    public let raw: String?

    /// States a rejected row.
    public init(file: String, line: UInt64, problem: String, raw: String?) {
        self.file = file
        self.line = line
        self.problem = problem
        self.raw = raw
    }
}
