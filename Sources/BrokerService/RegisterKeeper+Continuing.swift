import EventLogs
import HTTPTransport
import Partnership
import Replication
import TallystickPrimitives
import TransparencyLog

extension Roster {
    /// Whether a party may push a log: the one that it writes, or the one that would go on in its place.
    func mayPush(_ origin: Origin, as peer: AgencyCode) -> Bool {
        parties[peer].map { $0.origin == origin || party(goingOnIn: origin)?.code == peer } ?? false
    }
}

extension RegisterKeeper {
    /// A log that nobody has yet begins by going on from one, or not at all: what is wrong with that is told to whoever
    /// pushed it and is not registered, so that it can be made anew under the same name.
    func requireGoingOn(_ first: Submission, at now: Timestamp) throws(ProblemDetails) {
        let statement = first.statement
        guard state.admission.roster.board?.origin != statement.origin,
            state.admission.roster.party(of: statement.origin) == nil
        else { return }
        var trial = state
        do throws(AdmissionFault) { try trial.requireGoingOn(first, now: now) } catch {
            throw BrokerProblem.goesOnElsewhere(statement.origin, error.code)
        }
    }
}
