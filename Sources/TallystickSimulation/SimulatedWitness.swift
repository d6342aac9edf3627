import EventLogs
import HTTPTransport
import PartyFiles
import SQLiteStore
import TallystickPrimitives
import WitnessService

/// A witness that is no agency, as it runs between two starts.
final class SimulatedWitness {
    let code: AgencyCode
    private var duty: WitnessDuty
    private let clock: SimulatedClock
    /// Whether only a start from the disk helps.
    private(set) var mustRestart = false

    init(_ code: AgencyCode, at directory: PartyDirectory, on network: SimulatedNetwork, clock: SimulatedClock) throws {
        self.code = code
        self.clock = clock
        let keys = try directory.openWitness(passphrase: FoundedCounty.passphrase)
        let (file, fingerprint) = try directory.partnership()
        let witness = try HeadWitness(
            of: directory.enrolment().origin, in: directory, store: try WitnessStore.open(in: directory.path),
            signers: keys.witnesses)
        let link = SimulatedLink(network: network, peer: code)
        duty = WitnessDuty(
            witness, code: code, roster: try file.bootstrap(fingerprint: fingerprint, now: clock.now())
        ) { method, path, query, body in
            try await link.send(method: method, path: path, query: query, body: body).successBody()
        }
    }

    /// The register as far as it is followed.
    var followed: (size: TreeSize, root: Hash256) { duty.followed }

    /// Goes one round; whether it had anything to say. What fails is done again in the next, as the daemon has it.
    func cosign() async -> Bool {
        do {
            guard let outcome = try await duty.judge(now: clock.now()) else { return false }
            for failure in outcome.failures where failure as? EventStoreError == .outcomeUnknown { mustRestart = true }
            guard !mustRestart else { return false }
            return try await duty.answer(outcome)
        } catch {
            if error as? EventStoreError == .outcomeUnknown { mustRestart = true }
            return false
        }
    }
}
