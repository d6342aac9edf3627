public import EventLogs
import Partnership
import SharingProtocols
public import TallystickPrimitives

/// What the agencies of a county write.
extension CountyFixture {
    /// The broker's own first statements: its genesis and its keys.
    public mutating func brokerStatements() throws -> [Statement] {
        guard let broker = logs[CountyFixture.broker] else { return [] }
        return [
            try write(broker.genesis(of: fingerprint), by: CountyFixture.broker),
            try write(broker.keySet, by: CountyFixture.broker),
        ]
    }

    /// Writes genesis and keys of an agency.
    public mutating func join(_ code: AgencyCode) throws {
        guard let log = logs[code] else { throw CountyFixtureError.unknown(code) }
        try write(log.genesis(of: fingerprint), by: code)
        try write(log.keySet, by: code)
    }

    /// Writes the board's publication and activation of the protocol.
    public mutating func publishProtocol() throws {
        let body = CompartmentBody(
            seed: entropy.bytes(count: 32), fields: [PublishedProtocol.bundleField: bundle.encoded])
        let content = CarriedCompartment.clearContent(body)
        let carried = CarriedCompartment(id: CompartmentID(from: entropy), content: content, wrap: nil)
        let descriptor = CompartmentDescriptor(
            id: carried.id, label: PublishedProtocol.bundleLabel, paddedLength: ByteCount(content.count),
            contentHash: Hash256(hashing: content), wrapHash: nil, keyCommitment: nil, fieldRoot: body.fieldRoot,
            reader: .public, caveats: [], expires: nil)
        try act(
            ProtocolPublication(code: "jag", version: 1, bundle: bundle.hash), .protocol, compartments: [carried],
            { $0.descriptors = [descriptor] }
        ) { .protocol($0) }
        try act(Activation(bundle: bundle.hash, position: .empty), .activate) { .activate($0) }
    }

    /// Writes an agency's signature under the protocol.
    public mutating func adopt(_ code: AgencyCode) throws {
        let offices = try bundle.sharingProtocol().party(code)?.offices ?? ["data-protection-officer"]
        try write(.adopt(bundle: bundle.hash, offices: offices), by: code)
    }

    /// The codes that an agency decides under: each has its own lawful basis.
    public func decision(of code: AgencyCode) -> DecisionCodes {
        let bases: [AgencyCode: BasisCode] = [
            CountyFixture.police: "law-enforcement", CountyFixture.homes: "recognised-interests",
            CountyFixture.meadow: "recognised-interests",
        ]
        return DecisionCodes(
            bundle: bundle.hash, purpose: "prevent-asb", gateway: "cda-1998-s115",
            basis: bases[code] ?? "public-task", condition: nil)
    }

    /// A case of an agency: its stream, its circle, and the register head that its statements name.
    public struct Matter: Sendable {
        /// The stream.
        public let stream: StreamID
        /// The epoch of its circle.
        public let epoch: EpochID
        /// The head.
        public let seen: SeenHead

        /// Names a case.
        public init(stream: StreamID, epoch: EpochID, seen: SeenHead) {
            self.stream = stream
            self.epoch = epoch
            self.seen = seen
        }
    }

    /// Writes a circle of members who are all due one label; the author's next records go to it.
    public mutating func open(
        _ matter: Matter, by code: AgencyCode, with members: [AgencyCode], label: Label = "record",
        from sequence: UInt64 = 0
    ) throws {
        let decision = decision(of: code)
        try write(
            .circle(
                CircleControl(
                    epoch: matter.epoch, members: members.sorted(),
                    labels: [label: CircleLabel(members: Array(members.indices), keyCommitment: .zero)],
                    fromSequence: sequence, bundle: bundle.hash, reason: "case-opened")), by: code
        ) { options in
            options.stream = matter.stream
            options.seen = matter.seen
            options.decision = decision
        }
    }

    /// Writes a record with sealed compartments that all members of its circle are due.
    @discardableResult
    public mutating func record(
        in matter: Matter, by code: AgencyCode, label: Label = "record", paddedLengths: [Int] = [1 << 10],
        contentCount: Int? = nil, _ change: (inout PartyLog.Options) -> Void = { _ in }
    ) throws -> Statement {
        let decision = decision(of: code)
        let parts = paddedLengths.map {
            sealedPart(label, in: matter.epoch, paddedLength: $0, contentCount: contentCount)
        }
        return try write(.record, by: code, compartments: parts.map(\.carried)) { options in
            options.stream = matter.stream
            options.seen = matter.seen
            options.decision = decision
            options.descriptors = parts.map(\.descriptor)
            change(&options)
        }
    }

    /// A compartment that looks sealed; nobody can open it.
    public func sealedPart(
        _ label: Label, in epoch: EpochID, paddedLength: Int, contentCount: Int? = nil
    ) -> (descriptor: CompartmentDescriptor, carried: CarriedCompartment) {
        let id = CompartmentID(from: entropy)
        // With nonce, tag and framing, unless another length is asked for.
        let content =
            entropy.bytes(count: 64) + [UInt8](repeating: 0x5a, count: (contentCount ?? paddedLength + 36) - 64)
        let wrap = KeyWrap(compartment: id, epoch: epoch, wrapped: entropy.bytes(count: 40)).encoded
        let descriptor = CompartmentDescriptor(
            id: id, label: label, paddedLength: ByteCount(paddedLength), contentHash: Hash256(hashing: content),
            wrapHash: Hash256(hashing: wrap), keyCommitment: .zero, fieldRoot: .zero, reader: .epoch(epoch),
            // Every restriction that the fixture's protocol has: more than any clause asks for.
            caveats: ["ask-first", "no-contact-with-subject", "no-onward", "same-purpose"], expires: nil)
        return (descriptor, CarriedCompartment(id: id, content: content, wrap: wrap))
    }
}
