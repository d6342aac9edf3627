import Glibc
import KeyFiles
import PartyFiles
import SQLiteStore

/// Where the board's office keeps its log and keys.
///
/// The members' key files are made here and then belong on the members' own media.
public struct BoardDirectory: Hashable, Sendable {
    /// The directory's path, mode 0700.
    public let path: String

    /// Names a directory.
    public init(path: String) { self.path = path }

    /// The keys of the log's statements and heads; they authorise nothing.
    public var keyFile: String { path + "/board.key" }

    /// A member's key, counted from 1.
    public func memberKeyFile(_ number: Int) -> String { "\(path)/member-\(number).key" }

    /// Makes the directory; it may be there, but hold no board.
    func make() throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST, chmod(path, 0o700) == 0 else {
            throw PartyFileError.system(path: path, code: errno)
        }
        guard access(keyFile, F_OK) == 0 else { return }
        // The fingerprint is told when the genesis is in the log; keys without one are nobody's.
        throw hasNoGenesis ? PartyFileError.cutShort(path) : .alreadyInitialised(path)
    }

    /// Whether there is no log here, or one without an entry. What does not open may have one.
    private var hasNoGenesis: Bool {
        do throws(StoreOpeningError) {
            let store = try NodeStore.open(in: path)
            return (try? store.verifyRightEdge().newest == nil) ?? false
        } catch {
            guard case .missing = error else { return false }
            return true
        }
    }
}

/// The names of the secrets in the board's key files.
enum BoardSecret {
    static let statement = "statement"
    static let log = "log"
    static let member = "board-member"
}

/// Reads a key file.
func openKeyFile(_ path: String, passphrase: SecretBytes) throws(PartyFileError) -> KeyFileContents {
    let bytes: [UInt8]
    do { bytes = try KeyFileStore.read(from: path) } catch { throw .secretFile(error) }
    do { return try KeyFile.open(bytes, passphrase: passphrase.bytes) } catch {
        throw .keyFile(path: path, error)
    }
}
