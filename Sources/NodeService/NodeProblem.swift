import Casework
import Disclosures
import EventLogs
import HTTPTransport
import Replication
import SharingProtocols
import TallystickPrimitives

/// What a node answers on its local socket when it does not do what it was asked: what is wrong and what to do.
enum NodeProblem {
    static func refused(_ refusal: CaseRefusal) -> ProblemDetails {
        ProblemDetails(code: "not-recorded", title: "This was not recorded", status: 422, detail: "\(refusal)")
    }

    static func refused(_ refusal: DisclosureRefusal) -> ProblemDetails {
        ProblemDetails(code: "not-recorded", title: "This was not recorded", status: 422, detail: "\(refusal)")
    }

    static func notShared(_ refusals: [ShareRefusal], recipient: AgencyCode, label: Label) -> ProblemDetails {
        let gateways = Set(refusals.flatMap(\.gatewaysThatWork)).sorted().map(\.text)
        let hint = gateways.isEmpty ? "" : " It would work under: \(gateways.joined(separator: ", "))."
        return ProblemDetails(
            code: "not-permitted", title: "The protocol does not allow this", status: 422,
            detail: "\(label) to \(recipient): \(refusals.map(\.sentence).joined(separator: " "))\(hint)")
    }

    static func notInForce(_ code: ProtocolCode, between agencies: [AgencyCode]) -> ProblemDetails {
        ProblemDetails(
            code: "protocol-not-in-force", title: "The protocol is not in force here", status: 422,
            detail: """
                \(code) is not in force with \(agencies.map(\.text).joined(separator: ", ")). Each of you must have \
                signed it: see 'tallystick protocol list'.
                """)
    }

    /// Somebody ended it: who, and when they say they did.
    static func protocolEnded(
        _ code: ProtocolCode, by endings: [(party: AgencyCode, statedAt: Timestamp)]
    ) -> ProblemDetails {
        let who = endings.map { "\($0.party) ended \(code) on \($0.statedAt)." }.joined(separator: " ")
        return ProblemDetails(
            code: "protocol-ended", title: "The protocol was ended", status: 422,
            detail: """
                \(who) Nothing new can be shared under it until whoever ended it has signed it again: see 'tallystick \
                protocol list'.
                """)
    }

    static func notSigned(_ code: ProtocolCode) -> ProblemDetails {
        ProblemDetails(
            code: "protocol-not-signed", title: "There is nothing to end", status: 409,
            detail: "This agency has not signed \(code), or has ended it already: see 'tallystick protocol list'.")
    }

    static func unknownCase(_ text: String, matches: Int) -> ProblemDetails {
        let detail =
            matches == 0
            ? "There is no case '\(text)' here. See 'tallystick case list'."
            : "\(matches) cases begin with '\(text)'. Type more of the reference."
        return ProblemDetails(code: "case-unknown", title: "Which case?", status: 404, detail: detail)
    }

    static func unknownReport(_ id: EventID) -> ProblemDetails {
        ProblemDetails(
            code: "report-unknown", title: "Which report?", status: 404,
            detail: "There is no report \(id.hex) here. See 'tallystick report list'.")
    }

    static let unknownEmergency = ProblemDetails(
        code: "emergency-unknown", title: "Which emergency?", status: 404,
        detail: "There is no such emergency here. See 'tallystick emergency list'.")

    static func unknownCorrected(_ text: String) -> ProblemDetails {
        ProblemDetails(
            code: "entry-unknown", title: "Which entry?", status: 404,
            detail: "There is no entry '\(text)' here. Type all 32 digits; 'tallystick ledger case CASE' shows them.")
    }

    static let unknownRecall = ProblemDetails(
        code: "recall-unknown", title: "Which recall?", status: 404,
        detail: "There is no such recall here. See 'tallystick recall list'.")

    static let unknownErasure = ProblemDetails(
        code: "erasure-unknown", title: "Which erasure?", status: 404,
        detail: "There is no such erasure here. See 'tallystick erasure list'.")

    static let unknownHold = ProblemDetails(
        code: "hold-unknown", title: "Which hold?", status: 404,
        detail:
            "This agency has placed no such hold that stands. See 'tallystick hold list'; whoever placed one lifts it.")

    static let heldOftenEnough = ProblemDetails(
        code: "holds-too-many", title: "This is held often enough", status: 409,
        detail: """
            \(Limits.openHoldCount) holds of yours stand on a part of it already, and one is enough to stop everybody. Lift \
            those that are over first: 'tallystick hold list' names them.
            """)

    static let unknownQuestion = ProblemDetails(
        code: "question-unknown", title: "Which question?", status: 404,
        detail: "Nobody has asked this. See 'tallystick erasure questions'.")

    static let holdsSomething = ProblemDetails(
        code: "holds-something", title: "This agency has something of it", status: 422,
        detail: "Answer 'erase', or 'keep' with the law and the day until which it is kept.")

    static func recalledBefore(_ label: Label, from agency: AgencyCode) -> ProblemDetails {
        ProblemDetails(
            code: "recalled-before", title: "This was recalled", status: 422,
            detail: """
                \(label) was recalled from \(agency), whose node hides it for good. If it is right for them after all, \
                record it anew and give that.
                """)
    }

    static func withdrawnBefore(_ label: Label, from agency: AgencyCode) -> ProblemDetails {
        ProblemDetails(
            code: "withdrawn-before", title: "This was withdrawn", status: 422,
            detail: """
                \(label) was withdrawn from \(agency), and an entry is not given twice as it was. If it is right for them \
                again, record it anew and give that.
                """)
    }

    static let unknownWithdrawal = ProblemDetails(
        code: "withdrawal-unknown", title: "Which withdrawal?", status: 404,
        detail: "There is no such withdrawal here. See 'tallystick withdraw list'.")

    static let nothingRestsOnConsent = ProblemDetails(
        code: "nothing-rests-on-consent", title: "Nothing of this rests on consent", status: 409,
        detail: """
            No agreement asks for consent to anything of this case that others have still. Withdraw an entry by naming it.
            """)

    static let nothingUnderAgreement = ProblemDetails(
        code: "nothing-under-agreement", title: "Nothing was given under this that is over", status: 409,
        detail: """
            Nobody with whom this agreement has ended has anything of ours that was given under it. Withdraw an entry by naming \
            it.
            """)

    static func agreementKeeps(_ code: ProtocolCode, _ words: String) -> ProblemDetails {
        ProblemDetails(
            code: "agreement-keeps", title: "The agreement says that this is kept", status: 409,
            detail: """
                \(code) says of what was received before: it is kept as long as its retention rules say. \(words) Withdraw an \
                entry by naming it, where there is another reason.
                """)
    }

    static let forWhom = ProblemDetails(
        code: "form-malformed", title: "For whom is this said?", status: 400,
        detail: "Say it for one person, or for everybody who has not answered, and not for both at once.")

    static func takenBackSource(_ text: String) -> ProblemDetails {
        ProblemDetails(
            code: "source-taken-back", title: "What this is made from was taken back", status: 409,
            detail: """
                Entry '\(text)' was recalled or withdrawn from this agency, and nothing new is made from it. Leave it out, \
                or ask its author.
                """)
    }

    static func cannotBeTold(_ agency: AgencyCode) -> ProblemDetails {
        ProblemDetails(
            code: "no-key", title: "This agency cannot be told this way", status: 409,
            detail: """
                \(agency) has no key in force to seal anything for. Tell them by telephone now, and the agencies that can \
                be told this way without them.
                """)
    }

    static let unknownRequest = ProblemDetails(
        code: "request-unknown", title: "Which request?", status: 404,
        detail: "There is no such request here. See 'tallystick request list'.")

    /// What a request says, or the protocol that it goes by, cannot be read here: for good, or not yet.
    static let requestUnreadable = ProblemDetails(
        code: "request-unreadable", title: "This request cannot be read here", status: 409,
        detail: """
            What it says, or the agreement that it was made under, is not readable at this node, or not yet. See \
            'tallystick node status' for what is lacking; the agency that asked can ask again.
            """)

    static func unknownEntry(_ text: String) -> ProblemDetails {
        ProblemDetails(
            code: "entry-unknown", title: "Which entry?", status: 404,
            detail: """
                This agency recorded no entry '\(text)'. Type its digits, the first eight at least, as the command that recorded it \
                showed them; \
                'tallystick ledger case CASE' shows them too.
                """)
    }

    static func manyEntries(_ text: String) -> ProblemDetails {
        ProblemDetails(
            code: "entry-ambiguous", title: "Which entry?", status: 404,
            detail: "More than one entry begins with '\(text)'. Type more of its digits.")
    }

    static func bad(_ field: String, _ expected: String) -> ProblemDetails {
        ProblemDetails(
            code: "form-malformed", title: "A field does not read", status: 400,
            detail: "'\(field)' should be \(expected).")
    }

    static let malformed = ProblemDetails(
        code: "form-malformed", title: "The form does not read", status: 400,
        detail: "Send the JSON that 'tallystick' sends: use the same version for the command and the daemon.")

    static let notFound = ProblemDetails(
        code: "not-found", title: "There is nothing here", status: 404,
        detail: "Use the same version of 'tallystick' and of the daemon.")

    static func append(_ failure: AppendFailure) -> ProblemDetails {
        switch failure {
        case .refused(.wrongExpectedVersion):
            ProblemDetails(
                code: "changed-meanwhile", title: "Somebody else wrote here first", status: 409,
                detail: "Look at the case again, then repeat what you did.")
        case .refused(.partlyRecorded):
            ProblemDetails(
                code: "partly-recorded", title: "Part of this is recorded already", status: 409,
                detail: "Look at what is there before you repeat it.")
        case .refused(.tooLarge(_, let byteCount)):
            ProblemDetails(
                code: "too-large", title: "This is too large", status: 413,
                detail: "It has \(byteCount) bytes; one entry takes \(Limits.statementByteCount).")
        case .refused(.malformed):
            ProblemDetails(
                code: "entry-malformed", title: "This makes no entry that others could read", status: 422,
                detail:
                    "Nothing was recorded. Look for something named twice, or too much of something; then repeat it.")
        case .refused(.unsigned):
            ProblemDetails(
                code: "root-key-unusable", title: "The root key did not sign", status: 422,
                detail: "Nothing was recorded. See that the root key's file is this agency's, then repeat it.")
        case .store(let error): store(error)
        case .notSigned:
            ProblemDetails(
                code: "log-not-signed", title: "The log's key did not sign", status: 503,
                detail: "Nothing was recorded. See that the keys of this directory are in order, then repeat it.")
        case .stopping:
            ProblemDetails(
                code: "stopping", title: "The node is stopping", status: 503,
                detail: "Nothing was recorded. Start the node, then repeat what you did.")
        case .uncertain:
            ProblemDetails(
                code: "log-uncertain", title: "The node does not know yet how far its log goes", status: 503,
                detail: "Nothing was recorded. See 'tallystick node status', and repeat it later.")
        }
    }

    /// What was asked for is on the disk, and is not recorded.
    static func kept(_ number: Int) -> ProblemDetails {
        ProblemDetails(
            code: "kept-not-recorded", title: "Kept, and not yet recorded", status: 409,
            detail: """
                The node does not know yet whether its log goes further elsewhere, so it signs nothing. What you entered \
                is kept, sealed, as number \(number), and is recorded by itself once the node knows. Do not enter it \
                again. See 'tallystick node kept'.
                """)
    }

    /// Nobody takes anything more of this agency's log.
    static let logEnded = ProblemDetails(
        code: "log-ended", title: "This cannot be recorded", status: 410,
        detail: """
            This agency's log has ended: others hold another history of it, so nobody takes anything more from it. Nothing \
            was recorded or kept. Write it down elsewhere, ring whoever must know, and tell your administrator.
            """)

    static let keptIsFull = ProblemDetails(
        code: "kept-full", title: "No more can be kept", status: 507,
        detail: """
            Nothing was recorded or kept: as many commands wait as the node keeps. See 'tallystick node status' for why \
            the node does not write its log.
            """)

    static func unknownKept(_ number: Int) -> ProblemDetails {
        ProblemDetails(
            code: "kept-unknown", title: "Which kept command?", status: 404,
            detail: "No command \(number) waits for a decision. See 'tallystick node kept'.")
    }

    /// What the store could not do; only `outcomeUnknown` leaves open whether something was written.
    static func store(_ error: EventStoreError) -> ProblemDetails {
        let code = NodeFault(error).code
        switch error {
        case .diskFull:
            return ProblemDetails(
                code: code, title: "The disk is full", status: 507,
                detail: "Nothing was recorded. Free some space, then repeat what you did.")
        case .headConflict:
            return ProblemDetails(
                code: code, title: "Something else wrote to this log", status: 503,
                detail: "Nothing was recorded. Make sure that one node alone has this directory, then repeat it.")
        case .duplicate:
            return ProblemDetails(
                code: code, title: "This was recorded before", status: 409,
                detail: "Nothing was recorded a second time. Look at what is there.")
        case .unavailable:
            return ProblemDetails(
                code: code, title: "The log did not answer", status: 503,
                detail: "Nothing was recorded. See the node's log for \(code), then repeat what you did.")
        case .outcomeUnknown:
            return ProblemDetails(
                code: code, title: "The log could not be written", status: 503,
                detail: """
                    It is not known whether this was recorded. Start the node again, and look before you repeat it.
                    """)
        case .damaged(let damage):
            let place = damage.index.map { " at index \($0)" } ?? ""
            return ProblemDetails(
                code: code, title: "What is stored is damaged", status: 500,
                detail: """
                    The part '\(damage.part)'\(place) is not what it must be. Stop the node, keep its directory as it \
                    is, and run 'tallystick-node verify'.
                    """)
        }
    }

    /// The answer to any error. What is not explained here has its code, under which the node's log says more.
    static func answer(to error: any Error) -> ProblemDetails {
        switch error {
        case let problem as ProblemDetails: problem
        case let failure as AppendFailure: append(failure)
        case let error as EventStoreError: store(error)
        case let failure as TransportFailure:
            ProblemDetails(
                code: "broker-unreachable", title: "The broker did not answer", status: 502, detail: "\(failure)")
        default: fault(NodeFault(error))
        }
    }

    private static func fault(_ fault: NodeFault) -> ProblemDetails {
        ProblemDetails(
            code: fault.code, title: "Something went wrong in the node", status: 500,
            detail: "The node's log says more under the code \(fault.code); nothing of what you sent is in it.")
    }
}

extension NodeProblem {
    static func badFile(_ title: String, _ detail: String) -> ProblemDetails {
        ProblemDetails(code: "file-unusable", title: title, status: 422, detail: detail)
    }
}
