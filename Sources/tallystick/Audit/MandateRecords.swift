import Auditing
import Casework
import CommandLineSupport
import EventLogs
import KeyFiles
import Partnership
import PartyFiles
import Replication
import Sealing
import TallystickPrimitives

/// Opens the records of who read what that agencies gave to an auditor under its mandate.
struct MandateRecords {
    private let auditor: AgencyCode
    private let key: KEMPrivateKey

    /// One record of a person's contact with a case.
    struct Record {
        let reference: CaseReference
        let agency: AgencyCode
        let state: Auditing.AccessState
        let role: String
        let at: Timestamp

        /// The record as it bears on single entries: those of the case that its agency had by then.
        func accesses(of rows: [WhoSaw.Row]) -> [OpenedAccess] {
            let day = CivilDate(daysSinceEpoch: Int64(at.wholeSeconds / 86_400))
            return rows.filter { $0.recipient == agency && $0.available.at <= at }.map { row in
                OpenedAccess(
                    log: row.stream.origin, event: row.event, agency: agency, state: state,
                    role: role,
                    day: day)
            }
        }
    }

    /// Opens the auditor's key.
    init(directory: String, passphraseFile: String) throws {
        let directory = PartyDirectory(path: directory)
        let passphrase = try PassphraseOptions.read(.file(path: passphraseFile), from: "--passphrase-file")
        guard let seed = try directory.openKeys(passphrase: passphrase).kemSeed else {
            throw PartyFileError.keyMissing(PartySecret.kem)
        }
        auditor = try directory.enrolment().agency
        key = try KEMPrivateKey(seed: seed.bytes)
    }

    /// Opens every record in a bundle. Whether the bundle stands is for `AuditReplay` to say.
    func open(_ source: AuditBundleDirectory, roster: Roster) throws -> [Record] {
        var entries: [FeedEntry] = []
        for number in 0..<source.pageCount {
            guard let page = try? FeedPage(decoding: try source.page(number)) else { continue }
            entries += page.entries.filter {
                !$0.statement.grants.isEmpty || !$0.statement.compartments.isEmpty
            }
        }
        var keys: [CompartmentAddress: ContentKey] = [:]
        for entry in entries { take(&keys, from: entry) }
        return entries.flatMap { records(in: $0, keys: keys, roster: roster) }
    }

    /// A grant that does not open gives nothing; what it was for stays sealed in the result.
    private func take(_ keys: inout [CompartmentAddress: ContentKey], from entry: FeedEntry) {
        guard let statement = try? Statement(decoding: entry.statement.bytes),
            case .share(let share) = statement.payload.control
        else { return }
        let context = GrantContext(
            origin: statement.origin, stream: statement.payload.stream, event: statement.eventID)
        for bytes in entry.statement.grants
        where statement.payload.grants.contains(Hash256(hashing: bytes)) {
            guard let grant = try? DirectGrant(decoding: bytes),
                let contents = try? GrantSeal.open(grant, with: key, as: auditor, in: context)
            else { continue }
            for given in contents.contentKeys {
                let address = share.compartments.first {
                    $0.origin == given.origin && $0.compartment == given.compartment
                }
                if let address { keys[address] = given.key }
            }
        }
    }

    private func records(
        in entry: FeedEntry, keys: [CompartmentAddress: ContentKey], roster: Roster
    ) -> [Record] {
        guard let statement = try? Statement(decoding: entry.statement.bytes),
            statement.payload.kind == .access, let agency = roster.party(of: statement.origin)?.code
        else { return [] }
        let context = SealingContext(origin: statement.origin, event: statement.eventID)
        return entry.statement.compartments.compactMap { carried -> Record? in
            let address = CompartmentAddress(
                origin: statement.origin, index: entry.index, compartment: carried.id)
            guard let key = keys[address],
                let descriptor = statement.payload.compartments.first(where: { $0.id == carried.id }
                ),
                let body = try? CompartmentSeal.open(
                    carried, descriptor: descriptor, contentKey: key, in: context),
                case .accessRecorded(let access)? =
                    (try? CaseworkEvent.decode([descriptor.label: body.fields]))?.event,
                let reference = access.caseReference,
                let state = Auditing.AccessState(rawValue: access.state.rawValue)
            else { return nil }
            return Record(
                reference: reference, agency: agency, state: state, role: access.role ?? "a person",
                at: statement.issuedAt)
        }
    }
}
