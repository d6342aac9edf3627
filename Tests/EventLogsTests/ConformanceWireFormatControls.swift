import EventLogs
import TallystickPrimitives
import TallystickTesting
import Testing

/// The control body of a statement in the vectors; which parts there are depends on the kind.
struct WireControl: Decodable, Sendable {
    struct Address: Decodable, Sendable {
        let origin: String
        let index: UInt64
        let compartment: HexBytes
    }
    struct Place: Decodable, Sendable {
        let index: UInt64
        let compartment: HexBytes
    }
    struct Finding: Decodable, Sendable {
        let origin: String
        let index: UInt64
        let finding: String
    }
    struct Due: Decodable, Sendable {
        let members: [Int]
        let key_commitment: HexBytes
    }
    struct Key: Decodable, Sendable {
        let role: String
        let algorithm: Int64
        let key: HexBytes
        let expires: UInt64?
    }

    var party: String?
    var root_key: HexBytes?
    var board_fingerprint: HexBytes?
    var threshold: Int?
    var board_keys: [HexBytes]?
    var statement_key: HexBytes?
    var log_key: HexBytes?
    var recipient: String?
    var addresses: [Address]?
    var places: [Place]?
    var expires: UInt64?
    var asked: String?
    var due: UInt64?
    var request_origin: String?
    var request_event: HexBytes?
    var compartments: [HexBytes]?
    var reason: String?
    var backups_by: UInt64?
    var register_size: UInt64?
    var register_root: HexBytes?
    var findings: [Finding]?
    var epoch: HexBytes?
    var members: [String]?
    var labels: [String: Due]?
    var from_sequence: UInt64?
    var bundle: HexBytes?
    var keys: [Key]?
    var key_id: HexBytes?
    var compromised_after: UInt64?
    var indexes: [[UInt64]]?
    var origin: String?
    var size: UInt64?
    var root: HexBytes?
    var ended_log: String?
    var stream: HexBytes?
    var streams: [HexBytes]?
    var grant_indexes: [UInt64]?
    var question: HexBytes?
    var reply: String?
    var until: UInt64?
    var law: String?
    var offices: [String]?
    var response: String?
    var words: HexBytes?
    var matter: WireAddress?
    var step: String?
    var lead: WireAddress?
    var offer: WireAddress?
    var because: WireAddress?
    var succession: HexBytes?
    var word: String?
    var count: UInt64?
    var decision: WireBoardDecision?
    var signatures: [WireSignature]?

    private func madeHandover() throws -> HandoverControl {
        let made: HandoverControl.Step =
            switch try #require(step) {
            case "offer":
                .offer(
                    lead: try lead?.asEvent(), to: try wireCode(#require(recipient)),
                    due: optionalTime(due))
            case "accept": .accept(offer: try offer?.asEvent())
            case "decline": .decline(offer: try #require(offer).asEvent())
            case "withdraw": .withdraw(offer: try #require(offer).asEvent())
            case "lead": .lead(by: try #require(lead).asEvent())
            default:
                .release(
                    lead: try lead?.asEvent(), to: try wireCode(#require(recipient)),
                    because: try #require(because).asEvent())
            }
        return HandoverControl(matter: try #require(matter).asStream(), step: made)
    }

    private func madeSuccession() throws -> ControlBody {
        if let decision { return .succession(try act(decision.madeSuccession())) }
        let said: SuccessionWord.Word =
            switch try #require(word) {
            case "gives": .gives
            case "takes": .takes
            case "gave": .gave(try #require(count))
            default: .took(try #require(count))
            }
        return .successionWord(SuccessionWord(act: try #require(succession).id(), word: said))
    }

    private func madeAdoption() throws -> ControlBody {
        let bundle = try #require(bundle).hash()
        let offices: [OfficeCode] = try #require(offices).map { try wireCode($0) }
        if let response {
            return .consulted(
                ConsultationControl(
                    bundle: bundle, offices: offices,
                    response: try #require(ConsultationControl.Response(rawValue: response)),
                    words: try words?.id()))
        }
        guard let reason else { return .adopt(bundle: bundle, offices: offices) }
        return .endAdoption(bundle: bundle, offices: offices, reason: try wireCode(reason))
    }

    /// The control body that the parts make.
    func made(_ kind: StatementKind) throws -> ControlBody {
        switch kind {
        case .genesis: try madeGenesis()
        case .record: .record
        case .access: .access
        case .share: .share(try madeShare())
        case .request: .request(asked: try wireCode(#require(asked)), due: try time(due))
        case .answer:
            .answer(
                origin: try wireOrigin(#require(request_origin)),
                request: try #require(request_event).id())
        case .withdraw: .withdraw(try madeTakeBack())
        case .recall: .recall(try madeTakeBack())
        case .purged: try madePurged()
        case .erase: .erase(try madeErase())
        case .hold: .hold(try madeHold())
        case .received: .received(try madeReceived())
        case .circle: .circle(try madeCircle())
        case .keyset: .keyset(try madeKeys())
        case .revoke: try madeRevocation()
        case .reaffirm:
            .reaffirm(
                ReaffirmControl(
                    keyID: try #require(key_id).hash(), indexes: try #require(indexes).map { $0[0]...$0[1] }))
        case .continues:
            .continues(
                ContinuesControl(
                    origin: try wireOrigin(#require(origin)), size: TreeSize(try #require(size)),
                    root: try #require(root).hash()))
        case .adopt:
            try madeAdoption()
        case .enrol: .enrol(try act(decision?.enrolment()))
        case .witnesses: .witnesses(try act(decision?.witnessList()))
        case .protocol: .protocol(try act(decision?.publication()))
        case .activate: .activate(try act(decision?.activation()))
        case .members: .members(try act(decision?.membership()))
        case .handover: .handover(try madeHandover())
        case .succession: try madeSuccession()
        case .reassign: .reassign(try act(decision?.reassignment()))
        }
    }

    private func madePurged() throws -> ControlBody {
        guard let stream else {
            return .purged(
                compartments: try #require(compartments).map { try $0.id() },
                reason: try wireCode(#require(reason)), backupsBy: optionalTime(backups_by))
        }
        return .erased(
            ErasedControl(
                origin: try wireOrigin(#require(origin)), stream: try stream.id(),
                places: try #require(places).map {
                    ErasedControl.Place(index: LeafIndex($0.index), compartment: try $0.compartment.id())
                }, grants: try #require(grant_indexes).map { LeafIndex($0) },
                reason: try wireCode(#require(reason)), backupsBy: try time(backups_by)))
    }

    private func madeHold() throws -> HoldControl {
        if let question { return .lifted(try question.id()) }
        return .placed(try madeStreams(), reason: try wireCode(#require(reason)))
    }

    private func madeErase() throws -> EraseControl {
        if let question {
            guard let reply else { return .withdrawn(question: try question.id()) }
            let known: [String: ErasureReply] = ["will-erase": .willErase, "holds-nothing": .holdsNothing]
            let made = try known[reply] ?? .kept(until: try time(until), law: try wireCode(#require(law)))
            return .answered(question: try question.id(), made)
        }
        guard due != nil else { return .begun(try madeStreams()) }
        return .asked(streams: try #require(streams).map { try $0.id() }, due: try time(due))
    }

    private func madeStreams() throws -> HeldStreams {
        HeldStreams(
            origin: try wireOrigin(#require(origin)), streams: try #require(streams).map { try $0.id() })
    }

    private func madeTakeBack() throws -> TakeBackControl {
        TakeBackControl(
            recipient: try wireCode(#require(recipient)),
            places: try #require(places).map {
                TakeBackControl.Place(index: LeafIndex($0.index), compartment: try $0.compartment.id())
            }, reason: try wireCode(#require(reason)), endedLog: try ended_log.map(wireOrigin))
    }

    private func madeRevocation() throws -> ControlBody {
        if let decision { return .boardRevoke(try act(decision.revocation())) }
        return .revoke(
            RevokeControl(
                keyID: try #require(key_id).hash(), compromisedAfter: TreeSize(try #require(compromised_after))))
    }

    private func act<Decision>(_ decision: Decision?) throws -> BoardAct<Decision> {
        BoardAct(
            decision: try #require(decision),
            signatures: try WireSignature.byKey(#require(signatures)))
    }

    private func madeGenesis() throws -> ControlBody {
        guard let threshold else {
            return .genesis(
                Genesis(
                    party: try wireParty(party), rootKey: try #require(root_key).bytes,
                    boardFingerprint: try #require(board_fingerprint).hash()))
        }
        return .boardGenesis(
            BoardGenesis(
                threshold: threshold, boardKeys: try #require(board_keys).map(\.bytes),
                statementKey: try #require(statement_key).bytes,
                logKey: try #require(log_key).bytes))
    }

    private func madeShare() throws -> ShareControl {
        ShareControl(
            recipient: try wireCode(#require(recipient)),
            compartments: try #require(addresses).map {
                CompartmentAddress(
                    origin: try wireOrigin($0.origin), index: LeafIndex($0.index),
                    compartment: try $0.compartment.id())
            }, expires: optionalTime(expires))
    }

    private func madeReceived() throws -> ReceivedControl {
        ReceivedControl(
            registerSize: TreeSize(try #require(register_size)),
            registerRoot: try #require(register_root).hash(),
            findings: try #require(findings).map {
                ReceivedFinding(
                    origin: try wireOrigin($0.origin), index: LeafIndex($0.index),
                    finding: try wireCode($0.finding))
            })
    }

    private func madeCircle() throws -> CircleControl {
        var due: [Label: CircleLabel] = [:]
        for (label, entry) in try #require(labels) {
            due[try wireCode(label)] = CircleLabel(
                members: entry.members, keyCommitment: try entry.key_commitment.hash())
        }
        return CircleControl(
            epoch: try #require(epoch).id(),
            members: try #require(members).map { try wireCode($0) },
            labels: due, fromSequence: try #require(from_sequence), bundle: try bundle?.hash(),
            reason: try wireCode(#require(reason)))
    }

    private func madeKeys() throws -> [KeySetEntry] {
        try #require(keys).map {
            KeySetEntry(
                role: try #require(KeyRole(rawValue: $0.role)), algorithm: $0.algorithm,
                key: $0.key.bytes, expires: optionalTime($0.expires))
        }
    }

    private func time(_ seconds: UInt64?) throws -> Timestamp {
        Timestamp(wholeSeconds: try #require(seconds))
    }

    private func optionalTime(_ seconds: UInt64?) -> Timestamp? {
        seconds.map { Timestamp(wholeSeconds: $0) }
    }
}
