public import KeyFiles
public import TallystickPrimitives

/// A party's day-to-day key file while its keys change: opened, changed in memory, and put in the file's place whole.
public struct PartyKeyFile: Sendable {
    private let path: String
    private let passphrase: SecretBytes
    private let cost: ScryptCost
    /// What it holds.
    public private(set) var contents: KeyFileContents

    init(path: String, passphrase: SecretBytes, cost: ScryptCost, contents: KeyFileContents) {
        self.path = path
        self.passphrase = passphrase
        self.cost = cost
        self.contents = contents
    }

    /// Adds a key of a role beside those that are there; gives the name it has from now on.
    ///
    /// A number is not used again while a later one is there, so that the newest is always the last.
    @discardableResult
    public mutating func add(_ secret: [UInt8], as role: String) -> String {
        let newest = PartySecret.names(of: role, in: contents).last.flatMap { PartySecret.number(of: $0, role) }
        let name = PartySecret.name(role, (newest ?? 0) + 1)
        contents = contents.adding(name, secret)
        return name
    }

    /// Replaces the only key of a role.
    public mutating func replace(_ name: String, by secret: [UInt8]) { contents = contents.adding(name, secret) }

    /// Forgets keys.
    public mutating func remove(_ names: Set<String>) { contents = contents.removing(names) }

    /// Puts what it holds in the file's place; it survives a power cut when this returns.
    /// - Throws: `PartyFileError`.
    public func save(entropy: any Entropy) throws(PartyFileError) {
        let bytes: [UInt8]
        do {
            bytes = try KeyFile.seal(contents, passphrase: passphrase.bytes, entropy: entropy, cost: cost)
        } catch { throw .keyFile(path: path, error) }
        do { try KeyFileStore.replace(bytes, at: path) } catch { throw .secretFile(error) }
    }
}
