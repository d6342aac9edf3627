import EventLogs
import SharingProtocols
public import TallystickPrimitives

/// What statements do to the life of protocols.
extension Roster {
    /// Takes in a statement about a protocol: published, activated, signed, ended, or responded to.
    mutating func foldProtocol(
        _ statement: Statement, at position: TreeSize, compartments: [CarriedCompartment]
    ) throws(RosterFault) {
        let code = party(of: statement.origin)?.code
        switch statement.payload.control {
        case .protocol(let act):
            try publish(act.decision, in: statement, compartments: compartments, at: position)
        case .activate(let act): activate(act.decision, at: position)
        case .adopt(let bundle, let offices):
            guard let code else { return }
            newestSigning = max(newestSigning ?? .empty, position)
            let required = protocols[bundle]?.requiredOffices(of: code)
            parties[code]?.sign(bundle, at: position, offices: offices, required: required)
        case .endAdoption(let bundle, let offices, let reason):
            guard let code else { return }
            newestEnding = position
            let ending = Adoption.Ending(
                position: position, statedAt: statement.issuedAt, reason: reason, offices: offices)
            parties[code]?.adoptions[bundle]?.end(ending)
        case .consulted(let control):
            guard let code, protocols[control.bundle] != nil else { return }
            let words = Consultation.words(of: control, in: statement, compartments: compartments)
            for office in control.offices {
                let reply = Consultation.Reply(
                    party: code, office: office, response: control.response.rawValue, words: words,
                    wordsIn: control.words, statedAt: statement.issuedAt, position: position)
                consultations[control.bundle, default: Consultation()].take(reply)
            }
        default: break
        }
    }

    private mutating func publish(
        _ publication: ProtocolPublication, in statement: Statement, compartments: [CarriedCompartment],
        at position: TreeSize
    ) throws(RosterFault) {
        // Published again it stays what it is: active, if it was.
        let bundle = publication.bundle
        switch try PublishedProtocol.read(publication, in: statement, compartments: compartments) {
        case .lacked(let rules):
            lackedRules[bundle] = rules
            // Of a format that this program lacks it cannot even tell whether the rules are the ones signed for.
            if case .format = rules.lack { halt(at: TreeSize(position.value + 1), for: rules) }
        case .published(var published):
            guard protocols[bundle] == nil else { return }
            published.publishedAt = position
            protocols[bundle] = published
            for party in published.terms.parties {
                parties[party.agency]?.adoptions[bundle]?.require(Set(party.offices))
            }
        }
    }

    private mutating func activate(_ activation: Activation, at position: TreeSize) {
        // What it names may lie ahead: until then every circle is asked for anew.
        newestSigning = max(newestSigning ?? .empty, position, activation.position)
        if let rules = lackedRules[activation.bundle] {
            halt(at: max(activation.position, TreeSize(position.value + 1)), for: rules)
        }
        protocols[activation.bundle]?.activate(from: activation.position, admittedAt: position)
    }

    private mutating func halt(at position: TreeSize, for rules: LackedRules) {
        if lack.map({ position < $0.from }) ?? true { lack = (position, rules) }
    }

    /// The rules that decide at a register position and that this program lacks: it must not go on there.
    public func lackedRules(at position: TreeSize) -> LackedRules? {
        lack.flatMap { $0.from <= position ? $0.rules : nil }
    }
}

extension Party {
    fileprivate mutating func sign(
        _ bundle: Hash256, at position: TreeSize, offices: [OfficeCode], required: Set<OfficeCode>?
    ) {
        var adoption = adoptions[bundle] ?? Adoption()
        if let required { adoption.require(required) }
        adoption.sign(at: position, offices: offices)
        adoptions[bundle] = adoption
    }
}
