import Auditing
import EventLogs
import Foundation
import PartyFiles
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// A bundle on the disk as an auditor fetches it: a county's whole register, with every statement and what came with it.
struct AuditLoad: AuditBundleSource {
    private static let mattersOfPage = Limits.pageStatementCount / 8

    let fetchedAt: Timestamp
    private(set) var pageCount = 0
    /// Who is who by the board's log.
    let roster: Roster
    /// How many statements there are.
    private(set) var statementCount = 0
    /// The signatures of the first of them.
    private(set) var signatures = SignatureLoad()

    /// The register's head after the first page, as an earlier audit may have left it.
    private(set) var trusted: TreeHead?

    private let directory: String
    private let registerOrigin: Origin
    private let registerKey: SigningKey
    private var register = TreeFrontier()
    private var notes: [Origin: [UInt8]] = [:]

    /// Writes a bundle of at least so many statements; the broker's verdict on each is that it stands, and the audit
    /// judges that again.
    init(directory: String, protocolFile: [UInt8], statements count: Int) throws {
        let now = Timestamp(wholeSeconds: SystemTime().now().wholeSeconds)
        self.directory = directory
        fetchedAt = now.adding(seconds: 60)
        var county = try CountyFixture(protocolFile: protocolFile, now: now)
        roster = try county.bootstrap()
        guard let broker = county.logs[CountyFixture.broker] else {
            throw CountyFixtureError.unknown(CountyFixture.broker)
        }
        (registerOrigin, registerKey) = (broker.origin, broker.logKey)
        let own = try county.brokerStatements().map { RegisterLeaf.own($0).encoded }
        try county.publishProtocol()
        var pushes = [try county.push(of: CountyFixture.boardCode)]
        for code in CountyFixture.agencies {
            try county.join(code)
            try county.adopt(code)
            pushes.append(try county.push(of: code))
        }
        try write(page: pushes, after: own, at: now)
        let seen = SeenHead(origin: broker.origin, size: register.size, root: register.root)
        while statementCount < count {
            for code in CountyFixture.agencies { try write(page: [day(of: code, in: &county, seen: seen)], at: now) }
        }
    }

    func page(_ number: Int) throws -> [UInt8] { Array(try Data(contentsOf: file(number))) }
    func headNotes() throws -> [UInt8] { HeadNotes(notes: notes).encoded }
    func receiptParts() throws -> [[UInt8]] { [] }

    private func file(_ number: Int) -> URL { URL(filePath: "\(directory)/\(number).cbor") }

    /// A page's worth of one agency's statements: circles and seven records for each.
    private mutating func day(
        of code: AgencyCode, in county: inout CountyFixture, seen: SeenHead
    ) throws -> PushRequest {
        for _ in 0..<AuditLoad.mattersOfPage {
            let matter = CountyFixture.Matter(
                stream: StreamID(from: county.entropy), epoch: EpochID(from: county.entropy), seen: seen)
            try county.open(matter, by: code, with: CountyFixture.agencies)
            for _ in 0..<7 { try county.record(in: matter, by: code) }
        }
        let push = try county.push(of: code)
        if signatures.count < 1 << 15 {
            let key = county.logs[code]?.statementKey.publicKey.bytes ?? []
            for carried in push.statements { try signatures.add(carried.bytes, key: key) }
        }
        return push
    }

    private mutating func write(page pushes: [PushRequest], after own: [[UInt8]] = [], at now: Timestamp) throws {
        let from = register.size
        var leaves = own
        var entries: [FeedEntry] = []
        for push in pushes {
            for (offset, carried) in push.statements.enumerated() {
                let index = LeafIndex(push.firstIndex.value + UInt64(offset))
                let position = from.value + UInt64(leaves.count)
                let record = AdmissionRecord(
                    origin: push.origin, index: index, leafHash: MerkleTree.leafHash(carried.bytes),
                    verdict: .accepted, admittedAt: now)
                leaves.append(RegisterLeaf.verdict(record).encoded)
                entries.append(
                    FeedEntry(position: position, statementPosition: position, index: index, statement: carried))
            }
            notes[push.origin] = push.headNote
            statementCount += push.statements.count
        }
        for leaf in leaves { register.append(MerkleTree.leafHash(leaf)) }
        let head = TreeHead(origin: registerOrigin, size: register.size, root: register.root)
        trusted = trusted ?? head
        let note = try SignedTreeHead.sign(head, with: registerKey).note
        notes[registerOrigin] = note
        let page = FeedPage(from: from, leaves: leaves, headNote: note, entries: entries)
        try Data(page.encoded).write(to: file(pageCount))
        pageCount += 1
    }
}
