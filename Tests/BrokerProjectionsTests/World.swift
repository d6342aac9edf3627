import BrokerProjections
import DeterministicCBOR
import EventLogs
import Foundation
import Replication
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// A register in the making: admissions in order, with their statements signed.
struct World {
    static let bundle = Hash256(hashing: Array("jag".utf8))
    static let start = Timestamp(wholeSeconds: 1_770_000_000)

    var admissions: [FoldedAdmission] = []
    var position: UInt64 = 0
    var now = World.start
    let entropy: SeededEntropy
    let key: SigningKey

    init(seed: UInt64 = 1) {
        entropy = SeededEntropy(seed: seed)
        key = SigningKey(from: entropy)
    }

    /// Starts with the bundle signed by these agencies.
    init(seed: UInt64 = 1, signedBy agencies: [AgencyCode]) throws {
        self.init(seed: seed)
        for agency in agencies {
            try admit(agency, .adopt(bundle: World.bundle, offices: []), stream: .control)
        }
    }

    func stream() -> StreamID { StreamID(from: entropy) }

    static func origin(_ agency: AgencyCode) throws -> Origin {
        try #require(Origin("\(agency).example/log"))
    }

    /// The body of a pointer.
    func pointer(
        area: String? = "E05000001", category: String? = "noise", week: String? = "2026-W09",
        lead: String? = nil, more: [FieldCode: CBOR] = [:]
    ) -> CompartmentBody {
        var fields = more
        fields["pointer-area"] = area.map(CBOR.text)
        fields["pointer-category"] = category.map(CBOR.text)
        fields["pointer-week"] = week.map(CBOR.text)
        fields["pointer-lead"] = lead.map(CBOR.text)
        return CompartmentBody(seed: entropy.bytes(count: 32), fields: fields)
    }

    /// Admits a statement at the next position and gives it back.
    @discardableResult
    mutating func admit(
        _ agency: AgencyCode, _ control: ControlBody = .record, stream: StreamID,
        pointers: [CompartmentBody] = [], carried: [CompartmentBody]? = nil,
        verdict: Verdict = .accepted, bundle: Hash256? = World.bundle, rules: PointerRules? = nil,
        expires: Timestamp? = nil
    ) throws -> Statement {
        let origin = try World.origin(agency)
        let payload = StatementPayload(
            stream: stream, sequence: 0, previous: nil, seen: nil,
            compartments: pointers.map { describe($0, expires: expires) }, grants: [],
            decision: nil, control: control)
        let header = StatementHeader(
            keyID: key.publicKey.keyID, issuer: origin, subject: stream, issuedAt: now,
            eventID: EventID(from: entropy))
        let statement = try Statement(
            try SignedStatement.sign(payload.encoded, header: header, with: key))
        admissions.append(
            FoldedAdmission(
                position: position,
                record: AdmissionRecord(
                    origin: origin, index: LeafIndex(position), leafHash: statement.leafHash,
                    verdict: verdict, admittedAt: now),
                statement: statement, agency: agency, pointers: carried ?? pointers, bundle: bundle,
                pointerRules: try rules ?? World.rules.get()))
        position += 1
        return statement
    }

    private func describe(
        _ body: CompartmentBody, expires: Timestamp?
    ) -> CompartmentDescriptor {
        let content = CarriedCompartment.clearContent(body)
        return CompartmentDescriptor(
            id: CompartmentID(from: entropy), label: "pointer",
            paddedLength: ByteCount(content.count), contentHash: Hash256(hashing: content),
            wrapHash: nil, keyCommitment: nil, fieldRoot: body.fieldRoot, reader: .pointer,
            caveats: [], expires: expires)
    }
}

extension World {
    /// The pointer rules of the repository's own protocol.
    static let rules = Result { try #require(try edited([]).pointer) }

    /// The same with pieces of its text replaced; each piece must be there.
    static func edited(_ edits: [(String, String)]) throws -> SharingProtocol {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let bytes = try Data(contentsOf: folder.appending(path: "protocols/jag.yaml"))
        var text = String(decoding: bytes, as: UTF8.self)
        for (old, new) in edits {
            text.replaceSubrange(try #require(text.range(of: old)), with: new)
        }
        return try SharingProtocol(parsing: Array(text.utf8), file: "jag.yaml")
    }

    /// Runs `body` with a directory that is gone afterwards.
    static func withDirectory<Value>(_ body: (String) throws -> Value) throws -> Value {
        let name = "tallystick-views-\(UUID().uuidString)"
        let directory = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        return try body(directory.path())
    }

    /// Runs `body` with views into which everything so far has been folded.
    func folded<Value>(_ body: (BrokerViews) throws -> Value) throws -> Value {
        try World.withDirectory { directory in
            let views = try BrokerViews.open(in: directory)
            try views.fold(admissions, next: position)
            return try body(views)
        }
    }

    /// What an agency that has signed the bundle sees.
    func seen(
        by asker: AgencyCode = "northshire-police", area: String? = nil, category: String? = nil,
        signed: Set<Hash256> = [World.bundle]
    ) throws -> [VisibilityEntry] {
        try folded { views in
            let query = VisibilityQuery(area: area, category: category)
            return try views.visibility(query, for: asker, signed: signed, smallestGroup: 1)
        }
    }
}
