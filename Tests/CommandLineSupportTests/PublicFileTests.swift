import CommandLineSupport
import Foundation
import HTTPTransport
import Imports
import NodeInterface
import PartyFiles
import TallystickPrimitives
import Testing

@Suite("Files without secrets")
struct PublicFileTests {
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let name = "tallystick-file-\(UInt64.random(in: 0 ... .max))"
        let path = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test("A file is read up to its limit, and named when it is longer")
    func limit() throws {
        try inDirectory { directory in
            let path = directory + "/file"
            // Less and more than what is read at a time.
            for limit in [1, 70_000] {
                try PublicFile.write([UInt8](repeating: 7, count: limit), to: path)
                #expect(try PublicFile.read(path, limit: limit).count == limit)
                try PublicFile.write([UInt8](repeating: 7, count: limit + 1), to: path)
                #expect(throws: PartyFileError.tooLong(path: path, limit: limit)) {
                    try PublicFile.read(path, limit: limit)
                }
            }
        }
    }

    @Test("A file is replaced whole, and nothing is left beside it")
    func replaced() throws {
        try inDirectory { directory in
            let path = directory + "/file"
            for content: [UInt8] in [[1], [2, 3], []] {
                try PublicFile.write(content, to: path)
                #expect(try PublicFile.read(path) == content)
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["file"])
            }
        }
    }

    @Test("The largest file that is imported fits the form that carries it to the daemon")
    func largestImport() throws {
        #expect(ImportLimits.fileByteCount > 20 << 20, "a month of the largest force")
        // The bytes and the words that take most room in base64 and JSON.
        let form = ImportForm(
            officer: "h1", mapping: String(repeating: "\u{1}", count: ImportLimits.mappingByteCount),
            mappingName: "m", data: Data(repeating: 0xff, count: ImportLimits.fileByteCount).base64EncodedString(),
            dataName: "d")
        #expect(try CommandJSON.bytes(form).count <= Limits.localRequestByteCount)
    }
}
