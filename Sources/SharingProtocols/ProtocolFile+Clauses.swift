import TallystickPrimitives
import Yams

extension ProtocolFile {
    /// The rules of one channel, feeds or direct shares.
    mutating func readRules(_ channel: SharingChannel) -> [SharingClause] {
        let key = channel == .feed ? "feeds" : "direct"
        return reader.list(top, key).compactMap { readRule($0, channel) }
    }

    private mutating func readRule(_ node: Node, _ channel: SharingChannel) -> SharingClause? {
        let always = ["clause", "labels", "from", "to", "purposes", "gateways", "standing", "text"]
        let required = always + (channel == .direct ? ["days"] : [])
        let section = reader.section(
            node, channel == .feed ? "a feed" : "a direct share", required: required,
            optional: ["conditions", "caveats"])
        let code = clauseName(section)
        let labels = labelList(section)
        let senders = roleList(section, "from")
        let recipients = roleList(section, "to")
        let served = purposeList(section)
        let known = gateways.map(\.code.text)
        let ways = reader.codes(section, "gateways", GatewayCode.self, among: known)
        let needed = reader.codes(
            section, "conditions", ConditionCode.self, among: conditions.map(\.text).sorted())
        let days = channel == .direct ? reader.number(section, "days", in: 1...366) : nil
        let carried = reader.codes(
            section, "caveats", CaveatCode.self, among: caveats.map(\.code.text))
        let standing = reader.choice(section, "standing", ClauseStanding.self)
        let text = reader.text(section, "text")
        guard let code, let standing, let text else { return nil }
        if labels.contains(.pointer) {
            reader.report(
                node.mark, "a pointer is in nobody's feed", "describe it in the `pointer` section")
        }
        return SharingClause(
            code: code, channel: channel, labels: labels, senders: senders,
            recipients: recipients, purposes: served, gateways: Set(ways),
            conditions: Set(needed), days: days, caveats: carried.sorted(), standing: standing,
            text: text)
    }

    mutating func readNevers() -> [NeverClause] {
        reader.list(top, "never").compactMap { readNever($0) }
    }

    private mutating func readNever(_ node: Node) -> NeverClause? {
        let section = reader.section(
            node, "a `never`", required: ["clause", "labels", "channels", "to", "standing", "text"])
        let code = clauseName(section)
        let labels = labelList(section)
        let channels = channelList(section)
        let recipients = roleList(section, "to")
        let standing = reader.choice(section, "standing", ClauseStanding.self)
        let text = reader.text(section, "text")
        guard let code, let standing, let text else { return nil }
        return NeverClause(
            code: code, labels: labels, channels: channels, recipients: recipients,
            standing: standing, text: text)
    }

    mutating func readConsents() -> [ConsentClause] {
        reader.list(top, "consent").compactMap { readConsent($0) }
    }

    private mutating func readConsent(_ node: Node) -> ConsentClause? {
        let section = reader.section(
            node, "a consent rule",
            required: ["clause", "channels", "labels", "to", "standing", "text"],
            optional: ["events", "accept", "refuse", "safe-contact"])
        let code = clauseName(section)
        let channels = channelList(section)
        let known = EventCatalogue.current.eventTypes.map(\.text)
        let events = reader.codes(section, "events", EventTypeCode.self, among: known)
        let labels = labelList(section)
        let recipients = roleList(section, "to")
        let accepted = choices(section, "accept", ConsentState.self)
        let refused = choices(section, "refuse", ConsentState.self)
        let contact = choices(section, "safe-contact", SafeContactState.self)
        let standing = reader.choice(section, "standing", ClauseStanding.self)
        let text = reader.text(section, "text")
        guard let section, let code, let standing, let text else { return nil }
        guard accepted.isEmpty != refused.isEmpty else {
            reader.report(
                node.mark, "a consent rule needs `accept` or `refuse`, not both",
                "list the states that let it go, or those that stop it")
            return nil
        }
        return ConsentClause(
            code: code, channels: channels,
            eventTypes: section.values["events"] == nil ? nil : Set(events), labels: labels,
            recipients: recipients, test: refused.isEmpty ? .accept(accepted) : .refuse(refused),
            safeContact: section.values["safe-contact"] == nil ? nil : contact,
            standing: standing, text: text)
    }

    /// A clause's name, which no other clause of the protocol may have.
    private mutating func clauseName(_ section: YAMLSection?) -> ClauseCode? {
        guard let code = reader.code(section, "clause", ClauseCode.self) else { return nil }
        let isNew = clauseNames.insert(code).inserted
        if !isNew {
            reader.report(
                section?.values["clause"]?.mark, "the clause `\(code)` stands twice",
                "give each clause its own name")
        }
        return code
    }

    /// The roles of a list, or of the word `all`; only roles that a party has.
    mutating func roleList(_ section: YAMLSection?, _ key: String) -> Set<PartyRole> {
        if case .scalar(let scalar)? = section?.values[key], scalar.string == "all" {
            return Set(parties.map(\.role))
        }
        return Set(reader.codes(section, key, PartyRole.self, among: roles))
    }

    mutating func purposeList(_ section: YAMLSection?) -> Set<PurposeCode> {
        let known = purposes.map(\.code.text)
        return Set(reader.codes(section, "purposes", PurposeCode.self, among: known))
    }

    private mutating func labelList(_ section: YAMLSection?) -> Set<Label> {
        let known = labels.map(\.label.text)
        return Set(reader.codes(section, "labels", Label.self, among: known))
    }

    private mutating func channelList(_ section: YAMLSection?) -> Set<SharingChannel> {
        choices(section, "channels", SharingChannel.self)
    }

    private mutating func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ section: YAMLSection?, _ key: String, _ type: Choice.Type
    ) -> Set<Choice> where Choice.RawValue == String {
        Set(reader.list(section, key).compactMap { reader.choice($0, key, type) })
    }
}
