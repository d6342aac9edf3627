import CommandLineSupport
import Foundation
import PartyFiles
import Testing

@Suite("A copy without one of its pages")
struct MissingPageTests {
    @Test("is an integrity failure that names the page")
    func missing() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "ts-page-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path + "/pages", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let facts =
            #"{"fetchedAt":"2026-03-01T09:30:00Z","register":"r.example/log","broker":"b","pages":2,"covers":"mandate"}"#
        try PublicFile.write(Array(facts.utf8), to: path + "/bundle.json")
        try PublicFile.write([7], to: path + "/pages/00000000.cbor")
        let bundle = try AuditBundleDirectory(reading: path)
        #expect(try bundle.page(0) == [7])
        let page = FileHandle(forWritingAtPath: path + "/pages/00000000.cbor")
        try page?.truncate(atOffset: UInt64(CommandLimits.pageByteCount))
        #expect(try bundle.page(0).count == CommandLimits.pageByteCount)
        try page?.truncate(atOffset: UInt64(CommandLimits.pageByteCount + 1))
        #expect(throws: PartyFileError.self) { try bundle.page(0) }
        let failure = #expect(throws: CommandFailure.self) { try bundle.page(1) }
        #expect(failure?.status == .integrity)
        #expect(failure?.message.hasPrefix("page 1 of the copy is missing") == true)
        #expect(failure?.hint?.contains("fetch again") == true)
    }
}
