import Imports
import TallystickPrimitives
import Testing

@Suite("Encodings")
struct EncodingTests {
    @Test("windows-1252 has quotes and dashes where iso-8859-1 has nothing")
    func singleByte() throws {
        let bytes = Array("a,b\n".utf8) + [0x93, 0xe9, 0x94, 0x2c, 0x80, 0x0a]
        let windows = try Reading(bytes, plainMapping("encoding: windows-1252"))
        #expect(windows.rows.map(\.fields) == [["first": "“é”", "second": "€"]])
        let latin = try Reading(bytes, plainMapping("encoding: iso-8859-1"))
        #expect(latin.rejected.map(\.problem) == [.invalidEncoding(byteOffset: 4)])
        let plain = Array("a,b\n".utf8) + [0xe9, 0x2c, 0xa3, 0x0a]
        let read = try Reading(plain, plainMapping("encoding: iso-8859-1"))
        #expect(read.rows.map(\.fields) == [["first": "é", "second": "£"]])
    }

    @Test(
        "windows-1252 refuses the five bytes that it leaves undefined",
        arguments: [0x81, 0x8d, 0x8f, 0x90, 0x9d] as [UInt8])
    func undefined(byte: UInt8) throws {
        let bytes = Array("a,b\nx,".utf8) + [byte]
        let read = try Reading(bytes, plainMapping("encoding: windows-1252"))
        #expect(read.rejected.map(\.problem) == [.invalidEncoding(byteOffset: 6)])
    }

    @Test("a row in another encoding is set aside with the byte's place, and only that row")
    func badUTF8() throws {
        let bytes = Array("a,b\nx,é\ny,".utf8) + [0xe9] + Array("\nz,1\n".utf8)
        let read = try Reading(bytes, plainMapping())
        #expect(read.values("first") == ["x", "z"])
        #expect(read.rejected.map(\.problem) == [.invalidEncoding(byteOffset: 11)])
        #expect(read.rejected.map(\.line) == [3])
    }

    @Test("a fault in a column that nobody wants counts as well")
    func unwantedColumn() throws {
        let bytes = Array("a,b,c\nx,y,".utf8) + [0xff]
        let read = try Reading(bytes, plainMapping())
        #expect(read.rejected.map(\.problem) == [.invalidEncoding(byteOffset: 10)])
    }

    @Test("a byte order mark is skipped, and tells of another encoding")
    func byteOrderMarks() throws {
        let marked = [0xef, 0xbb, 0xbf] + Array("a,b\n1,2\n".utf8)
        #expect(try Reading(marked, plainMapping()).rows.count == 1)
        #expect(throws: ImportFileProblem.wrongEncoding(declared: "windows-1252", found: "UTF-8")) {
            try Reading(marked, plainMapping("encoding: windows-1252"))
        }
        #expect(throws: ImportFileProblem.wrongEncoding(declared: "utf-8", found: "UTF-16")) {
            try Reading([0xff, 0xfe, 0x61, 0], plainMapping())
        }
        let bare = Array("a,b\n1,2\n".utf8).flatMap { [0, $0] as [UInt8] }
        #expect(throws: ImportFileProblem.self) { try Reading(bare, plainMapping()) }
    }
}
