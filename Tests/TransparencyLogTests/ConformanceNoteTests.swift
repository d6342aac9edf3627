import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct ConformanceNoteTests {
    struct Note: Decodable, Sendable {
        let id: String
        let vkeys: [String]
        let note: String
        let valid: Bool
    }

    struct Key: Decodable, Sendable {
        let vkey: String
        let valid: Bool
        let why: String
    }

    @Test func signedNotes() throws {
        let file = try VectorDirectory().load("note/signed_notes.json", as: Note.self)
        #expect(file.vectors.count == file.count)
        for vector in file.vectors {
            let keys = try vector.vkeys.map { text in try NoteVerifierKey(parsing: text) }
            do throws(NoteError) {
                let note = try SignedNote(parsing: vector.note.bytes)
                let verified = try note.verify(with: keys)
                #expect(vector.valid, "\(vector.id)")
                #expect(Set(verified.map(\.key)) == Set(keys), "\(vector.id)")
                #expect(note.encoded == vector.note.bytes, "\(vector.id)")
            } catch {
                #expect(!vector.valid, "\(vector.id): \(error)")
            }
        }
    }

    /// The vectors whose key name is the first line are tree heads, with the witnesses'
    /// cosignatures.
    @Test func treeHeads() throws {
        let file = try VectorDirectory().load("note/signed_notes.json", as: Note.self)
        var count = 0
        for vector in file.vectors {
            let keys = try vector.vkeys.map { text in try NoteVerifierKey(parsing: text) }
            guard let head = try? UnverifiedTreeHead(parsing: vector.note.bytes),
                let log = keys.first, log.name == NoteKeyName(head.claimed.origin)
            else { continue }
            count += 1
            let signed = try? SignedTreeHead(
                verifying: head, origin: head.claimed.origin, key: log.key)
            #expect((signed != nil) == vector.valid, "\(vector.id)")
            guard let signed else { continue }
            #expect(signed.note == vector.note.bytes)
            #expect(signed.head.noteText == head.note.text)
            let witnesses = keys.filter { $0.kind == .cosignature }
            let cosignatures = try signed.cosignatures(by: witnesses)
            #expect(Set(cosignatures.map(\.key)) == Set(witnesses), "\(vector.id)")
            #expect(cosignatures.allSatisfy { $0.seconds > 1_700_000_000 })
        }
        #expect(count == 13)
    }

    @Test func verifierKeys() throws {
        let file = try VectorDirectory().load("note/vkeys.json", as: Key.self)
        #expect(file.vectors.count == file.count)
        for vector in file.vectors {
            do throws(NoteKeyError) {
                let key = try NoteVerifierKey(parsing: vector.vkey)
                #expect(vector.valid, "\(vector.vkey)")
                #expect(key.text == vector.vkey)
            } catch {
                #expect(!vector.valid, "\(vector.vkey): \(error)")
            }
        }
    }
}
