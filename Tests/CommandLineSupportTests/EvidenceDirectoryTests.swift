import CommandLineSupport
import Foundation
import PartyFiles
import Replication
import TallystickPrimitives
import Testing

@Suite("Evidence made of a fetched copy")
struct EvidenceDirectoryTests {
    private let folder: URL
    private let copy: AuditBundleDirectory
    private let source: [String: [UInt8]] = [
        "bundle.json": Array(
            #"{"fetchedAt":"2026-03-01T09:30:00Z","register":"r.example/log","broker":"b","pages":2,"covers":"mandate"}"#
                .utf8),
        "heads.cbor": [0xa0], "partnership.tally": [0x81, 0x00], "pages/00000000.cbor": [1, 2],
        "pages/00000001.cbor": [3],
    ]

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "ts-evidence-\(UUID().uuidString)")
        let fetched = folder.appending(path: "fetched")
        try FileManager.default.createDirectory(
            at: fetched.appending(path: "pages"), withIntermediateDirectories: true)
        for (name, bytes) in source { try Data(bytes).write(to: fetched.appending(path: name)) }
        copy = try AuditBundleDirectory(reading: fetched.path)
    }

    private func made(_ receipts: [[UInt8]] = [[7], [8, 9]]) throws -> (URL, Hash256) {
        let path = folder.appending(path: "evidence")
        try? FileManager.default.removeItem(at: path)
        let evidence = try EvidenceDirectory(of: copy, adding: receipts, at: path.path)
        return (path, try evidence.seal(report: "{}\n"))
    }

    private func proofs(in path: URL) throws -> [[UInt8]] {
        try AuditBundleDirectory(reading: path.path).receiptParts().flatMap { try ReceiptsPart(decoding: $0).proofs }
    }

    private func cleanUp() { try? FileManager.default.removeItem(at: folder) }

    @Test("has the bytes that were fetched, and a manifest that names every file")
    func sameBytes() throws {
        defer { cleanUp() }
        let (path, hash) = try made()
        for (name, bytes) in source { #expect(Array(try Data(contentsOf: path.appending(path: name))) == bytes) }
        #expect(try proofs(in: path) == [[7], [8, 9]])
        let manifest = Array(try Data(contentsOf: path.appending(path: EvidenceManifest.name)))
        #expect(Hash256(hashing: manifest) == hash)
        let read = try #require(EvidenceManifest(decoding: manifest))
        #expect(read.encoded == manifest)
        #expect(read.hashes.map(\.name) == (source.keys + ["receipts/00000000.cbor", "report.json"]).sorted())
        #expect(EvidenceManifest.faults(in: path.path) == [])
    }

    @Test("says which file was changed, cut off or taken away")
    func changed() throws {
        defer { cleanUp() }
        for name in source.keys + ["receipts/00000000.cbor", "report.json"] {
            let (path, _) = try made()
            let file = path.appending(path: name)
            var bytes = Array(try Data(contentsOf: file))
            bytes[bytes.count - 1] ^= 1
            try Data(bytes).write(to: file)
            #expect(EvidenceManifest.faults(in: path.path) == ["\(name) is not what MANIFEST.sha256 says"])
            try FileManager.default.removeItem(at: file)
            #expect(EvidenceManifest.faults(in: path.path) == ["\(name) is missing or cannot be read"])
        }
    }

    @Test(
        "has a manifest of plain lines, or one that does not read",
        arguments: [
            "", "\n", "0\n", String(repeating: "a", count: 64) + "  /etc/passwd\n",
            String(repeating: "a", count: 64) + "  pages/../../x\n", String(repeating: "a", count: 64) + " x\n",
            String(repeating: "A", count: 64) + "  x\n", String(repeating: "a", count: 64) + "  x",
            String(repeating: String(repeating: "a", count: 64) + "  x\n", count: 2),
        ])
    func malformed(text: String) throws {
        defer { cleanUp() }
        #expect(EvidenceManifest(decoding: Array(text.utf8)) == nil)
        let (path, _) = try made()
        try Data(text.utf8).write(to: path.appending(path: EvidenceManifest.name))
        #expect(EvidenceManifest.faults(in: path.path) == ["MANIFEST.sha256 does not read"])
    }

    @Test("a fetched copy has no manifest, and nothing to be held against")
    func fetched() {
        defer { cleanUp() }
        #expect(EvidenceManifest.faults(in: copy.path) == [])
    }

    @Test("is never written over another, and keeps the receipts of one that it is made of")
    func again() throws {
        defer { cleanUp() }
        let (path, _) = try made()
        #expect(throws: CommandFailure.self) { try EvidenceDirectory(of: copy, adding: [], at: path.path) }
        let next = folder.appending(path: "next").path
        let evidence = try EvidenceDirectory(of: try AuditBundleDirectory(reading: path.path), adding: [[1]], at: next)
        #expect(try proofs(in: URL(fileURLWithPath: evidence.copy.path)) == [[7], [8, 9], [1]])
    }

    @Test("has no more receipts than its manifest names, whatever is put beside them")
    func added() throws {
        defer { cleanUp() }
        let (path, _) = try made()
        let planted = ReceiptsPart(proofs: [[66]]).encoded
        try Data(planted).write(to: path.appending(path: "receipts/00000001.cbor"))
        #expect(try proofs(in: path) == [[7], [8, 9]])
        #expect(EvidenceManifest.faults(in: path.path) == ["receipts/00000001.cbor is not in MANIFEST.sha256"])
        let next = folder.appending(path: "next").path
        let evidence = try EvidenceDirectory(of: try AuditBundleDirectory(reading: path.path), adding: [], at: next)
        #expect(try proofs(in: URL(fileURLWithPath: evidence.copy.path)) == [[7], [8, 9]])
        // A line less is a file less: it is named, and not passed over.
        let manifest = path.appending(path: EvidenceManifest.name)
        let lines = try String(contentsOf: manifest, encoding: .utf8).split(separator: "\n")
        let cut = lines.filter { !$0.hasSuffix("pages/00000001.cbor") }.map { $0 + "\n" }.joined()
        try Data(cut.utf8).write(to: manifest)
        #expect(EvidenceManifest.faults(in: path.path).contains("pages/00000001.cbor is not in MANIFEST.sha256"))
    }

    @Test("has receipts in files of a bounded number")
    func parts() throws {
        defer { cleanUp() }
        let many = (0...Limits.receiptsOfPartCount).map { [UInt8($0 & 0xff)] }
        let (path, _) = try made(many)
        #expect(try proofs(in: path) == many)
        let files = try FileManager.default.contentsOfDirectory(atPath: path.appending(path: "receipts").path)
        #expect(files.sorted() == ["00000000.cbor", "00000001.cbor"])
        #expect(throws: WireFault.self) { try ReceiptsPart(decoding: ReceiptsPart(proofs: many).encoded) }
    }
}
