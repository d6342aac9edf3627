public import EventLogs
import KeyFiles
import Partnership
import PartyFiles
public import TallystickPrimitives

/// What `init` and `join` do for every kind of party.
public struct PartyOffice: Sendable {
    private let directory: PartyDirectory
    private let now: Timestamp

    /// Works on a party's directory.
    public init(directory: String, now: Timestamp) {
        self.directory = PartyDirectory(path: directory)
        self.now = now
    }

    /// What `init` made.
    public struct Initialised: Answer, Codable, Hashable, Sendable {
        /// The party's code.
        public let agency: String
        /// Its log.
        public let origin: String
        /// The file to carry to the board.
        public let request: String
        /// What to read out to the board over another channel.
        public let requestFingerprint: String
        /// The line for the board's list of co-signers; nil for a party that cosigns nothing.
        public let cosigner: String?
        /// The key to keep offline.
        public let rootKeyFile: String

        /// What to do next.
        public var text: String {
            """
            Party \(agency) with the log \(origin)
            Carry to the board: \(request)
            Read out to the board over another channel: \(requestFingerprint)
            \(keepsLog ? "Keep offline once the log is founded" : "Keep offline"): \(rootKeyFile)

            """ + (cosigner.map { "For the board's list of co-signers: \($0)\n" } ?? "")
        }

        /// Whether the party has a log to found.
        private let keepsLog: Bool

        init(_ request: EnrolmentRequest, in directory: PartyDirectory) {
            keepsLog = request.party != .witness
            agency = request.agency.text
            origin = request.origin.text
            self.request = directory.enrolmentFile
            requestFingerprint = request.fingerprint.hex
            cosigner = directory.cosignerLine
            rootKeyFile = directory.rootKeyFile
        }
    }

    /// Makes the directory with new keys and the request to be enrolled.
    ///
    /// - Throws: `CommandFailure` with the usage status for a code or log that is none;
    ///   `PartyFileError`.
    public func initialise(
        _ identity: PartyIdentityOptions, as party: PartyKind, entropy: any Entropy
    ) throws -> Initialised {
        guard let agency = AgencyCode(identity.agency) else {
            throw CommandFailure(
                "'\(identity.agency)' is no code; use 1 to 32 of a-z, 0-9 and -", status: .usage)
        }
        guard let origin = Origin(identity.origin) else {
            throw CommandFailure(
                "'\(identity.origin)' cannot name a log; use a URL without its scheme",
                status: .usage,
                hint: "for example harbour-homes.example/tallystick/log/1")
        }
        let request = try directory.initialise(
            agency: agency, party: party, origin: origin,
            passphrase: try identity.passphrase.read(),
            entropy: entropy, now: now, cost: identity.testCost ? .minimum : .standard)
        return Initialised(request, in: directory)
    }

    /// The partnership a party joined.
    public struct Joined: Answer, Codable, Hashable, Sendable {
        /// The pinned fingerprint.
        public let fingerprint: String
        /// The enrolled parties by code.
        public let parties: [String]
        /// Whether this party is among them.
        public let isEnrolled: Bool

        /// Who is who, and whether we are in it.
        public var text: String {
            let own =
                isEnrolled
                ? "This party is enrolled.\n"
                : "This party is not enrolled yet; carry its request to the board.\n"
            return
                "Joined the partnership \(fingerprint)\nParties: \(parties.joined(separator: ", "))\n"
                + own
        }
    }

    /// Pins a board and keeps its log.
    ///
    /// - Parameter fingerprint: 64 hexadecimal digits, from the board over another channel.
    /// - Throws: `PartnershipFileFault` when the file is not that board's or does not stand.
    public func join(file path: String, fingerprint: String) throws -> Joined {
        guard let pinned = Hash256(hex: fingerprint) else {
            throw CommandFailure("a fingerprint has 64 hexadecimal digits", status: .usage)
        }
        let file = try PartnershipFile(decoding: try PublicFile.read(path))
        let own = try directory.enrolment().agency
        try directory.join(file, fingerprint: pinned, now: now)
        let parties = try file.bootstrap(fingerprint: pinned, now: now).parties
        return Joined(
            fingerprint: pinned.hex, parties: parties.keys.sorted().map(\.text),
            isEnrolled: parties[own] != nil)
    }
}
