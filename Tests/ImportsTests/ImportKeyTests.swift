import Imports
import TallystickPrimitives
import Testing

@Suite("Identity of imported rows")
struct ImportKeyTests {
    private let salt = [UInt8](repeating: 7, count: 32)

    private func identifiers(_ text: String, salt: [UInt8]) throws -> [EventID] {
        let reader = try ImportReader(bytes: Array(text.utf8), mapping: plainMapping())
        return Reading(reader).rows.map { reader.key(of: $0).eventID(salt: salt) }
    }

    @Test("identical rows stay apart, and a second reading gives the same identifiers")
    func distinctAndRepeatable() throws {
        let text = "a,b\n" + String(repeating: "same,row\n", count: 18)
        let first = try identifiers(text, salt: salt)
        #expect(Set(first).count == 18)
        #expect(try identifiers(text, salt: salt) == first)
    }

    @Test("another file, another salt, another line or another kind gives another identifier")
    func separation() throws {
        let text = "a,b\nx,y\n"
        let base = try identifiers(text, salt: salt)
        #expect(try identifiers(text, salt: salt + [7]) != base)
        #expect(try identifiers(text + "\n", salt: salt) != base)
        let hash = Hash256(hashing: Array(text.utf8))
        let key = ImportKey(fileHash: hash, line: 2)
        #expect(key.eventID(salt: salt) == base[0])
        #expect(key.streamID(salt: salt).bytes != key.eventID(salt: salt).bytes)
        #expect(ImportKey(fileHash: hash, line: 3).eventID(salt: salt) != base[0])
    }

    @Test("the derivation is the written one")
    func vector() {
        let key = ImportKey(fileHash: .zero, line: 258)
        var input = Array("tallystick/import/v1".utf8) + salt
        input += [UInt8](repeating: 0, count: 32) + [0, 0, 0, 0, 0, 0, 1, 2]
        let stream = Hash256(hashing: input + [1]).bytes.prefix(16)
        let event = Hash256(hashing: input + [2]).bytes.prefix(16)
        #expect(key.streamID(salt: salt).bytes == Array(stream))
        #expect(key.eventID(salt: salt).bytes == Array(event))
    }

    @Test("a salt that could be guessed is a programming error")
    func shortSalt() async {
        await #expect(processExitsWith: .failure) {
            _ = ImportKey(fileHash: .zero, line: 1).eventID(salt: [UInt8](repeating: 1, count: 15))
        }
    }

    @Test("objects on one line of JSON stay apart")
    func json() throws {
        let mapping = try mapping(
            "{name: j, format: json, columns: [a], fields: {x: {column: a}}}")
        let bytes = Array(#"[{"a":"1"},{"a":"1"}]"#.utf8)
        let reader = try ImportReader(bytes: bytes, mapping: mapping)
        let keys = Reading(reader).rows.map { reader.key(of: $0) }
        #expect(Set(keys).count == 2)
    }
}
