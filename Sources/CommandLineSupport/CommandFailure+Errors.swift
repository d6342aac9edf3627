import EventLogs
import HTTPTransport
import Partnership
import PartyFiles
import TallystickPrimitives

extension CommandFailure {
    /// Puts any error into words and gives it its exit status: the one place where that is decided.
    ///
    /// Errors that do not describe themselves are named by their type only, so that nothing they
    /// carry is shown.
    public init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let failure as TransportFailure: self.init(transport: failure)
        case let fault as PartnershipFileFault: self.init("\(fault)", status: .integrity)
        case let fault as RosterFault: self.init(roster: fault)
        case let error as EventStoreError: self.init(store: error)
        case let error as any Error & CustomStringConvertible: self.init(error.description)
        default: self.init("an unexpected failure (\(type(of: error)))")
        }
    }

    private init(transport failure: TransportFailure) {
        switch failure {
        case .status(_, let problem?):
            self.init("\(problem.title): \(problem.detail)", status: .init(problem: problem))
        case .unreachable(let address):
            self.init(
                "nobody answers at \(address)",
                hint: address.hasSuffix(".sock") ? CommandFailure.nodeHint : "check the address, or try again later")
        default: self.init("\(failure)")
        }
    }

    private static let nodeHint = """
        your agency's node does not answer here; ask whoever runs it, or name its directory with --node
        """

    private init(roster fault: RosterFault) {
        switch fault {
        case .thresholdNotMet(let valid, let needed):
            self.init(
                "the board needs \(needed) members' signatures and there are \(valid)",
                hint: "give more --member-key files, or have more members sign the proposal")
        case .enrolmentConflict(let agency):
            self.init(
                "\(agency), or its log, is enrolled with other keys already, or another broker is enrolled",
                hint: "give it another code and log; a partnership has one broker")
        default:
            self.init("the board's log does not stand (\(fault.code))", status: .integrity)
        }
    }

    private init(store error: EventStoreError) {
        switch error {
        case .damaged(let damage):
            let place = damage.index.map { " at index \($0)" } ?? ""
            self.init(
                "what is stored is damaged: \(damage.part)\(place)", status: .integrity,
                hint: """
                    keep a copy as it is; 'verify' names all that is damaged, and 'tallystick-node repair' mends a node's \
                    store from what others hold. Put a backup back only where that fails: what was never shared since \
                    the backup would be lost
                    """)
        case .diskFull: self.init("the disk is full; nothing was written")
        case .duplicate: self.init("this was recorded before; nothing was written")
        case .headConflict: self.init("somebody else wrote to this log; try again")
        case .outcomeUnknown:
            self.init(
                "it is not known whether this was written; look with `status` before trying again")
        case .unavailable(let operation): self.init("the store did not answer (\(operation))")
        }
    }
}

extension CommandStatus {
    /// The status for a problem that a daemon reported.
    init(problem: ProblemDetails) {
        switch problem.code {
        case "store-damaged": self = .integrity
        case "kept-not-recorded": self = .kept
        default: self = .failure
        }
    }
}
