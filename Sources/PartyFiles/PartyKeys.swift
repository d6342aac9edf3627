import EventLogs
public import HTTPTransport
public import KeyFiles
public import SignedStatements

/// The names of the secrets in a party's key files.
public enum PartySecret {
    /// The offline key.
    public static let root = "root"
    /// Signs statements.
    public static let statement = "statement"
    /// Signs heads.
    public static let log = "log"
    /// Cosigns the heads of all logs.
    public static let witness = "witness"
    /// Receives keys by HPKE; its seed.
    public static let kem = "kem"
    /// Wraps what the node keeps.
    public static let local = "local"
    /// What imported rows are known by, from the first local key.
    public static let importSalt = "import-salt"
    /// The TLS key, PKCS #8 DER.
    public static let tls = "tls"

    /// The name of a role's key that comes after the first: `kem-2`, `kem-3` and so on.
    static func name(_ role: String, _ number: Int) -> String { number == 1 ? role : "\(role)-\(number)" }

    /// The names under which a file holds keys of a role, the oldest first.
    static func names(of role: String, in contents: KeyFileContents) -> [String] {
        contents.secrets.keys.compactMap { name in number(of: name, role).map { (number: $0, name: name) } }
            .sorted { $0.number < $1.number }.map(\.name)
    }

    static func number(of name: String, _ role: String) -> Int? {
        if name == role { return 1 }
        guard name.hasPrefix(role + "-"), let number = Int(name.dropFirst(role.count + 1)), number > 1,
            self.name(role, number) == name
        else { return nil }
        return number
    }

    static func seeds(for party: PartyKind) -> [String] {
        switch party {
        case .agency: [statement, log, witness, kem, local]
        case .auditor: [statement, log, kem, local]
        case .broker: [statement, log]
        case .witness: [witness]
        }
    }
}

/// A key of a file under the name that it has there.
public struct NamedKey<Key: Sendable>: Sendable {
    /// Such as `log-2`.
    public let name: String
    /// The key.
    public let key: Key
}

/// A party's opened keys. The seeds of KEM and local key stay bytes here: who may not open content does not link the
/// code that would use them.
///
/// A role may have several keys, the oldest first: while they change, and as long as one that was replaced is still
/// needed. Which is in force the party's own log says.
public struct PartyKeys: Sendable {
    /// Sign statements.
    public let statements: [NamedKey<SigningKey>]
    /// Sign heads.
    public let logs: [NamedKey<SigningKey>]
    /// Proves the party in TLS.
    public let tls: TLSIdentity
    /// The same with the certificate that the board is asked to enrol; nil where none waits.
    public let renewedTLS: TLSIdentity?
    /// Cosign heads, for agencies; two while a new one waits for the board.
    public let witnesses: [SigningKey]
    /// The KEM keys' seeds, for parties that receive content.
    public let kems: [NamedKey<SecretBytes>]
    /// The local keys, for parties that keep content; more than one while it is replaced.
    public let locals: [NamedKey<SecretBytes>]
    /// What imported rows are known by, once the local key that gave it has been replaced.
    public let importSalt: SecretBytes?

    /// The newest key that signs statements.
    public let statement: SigningKey
    /// The newest key that signs heads.
    public let log: SigningKey
    /// The newest KEM key's seed.
    public var kemSeed: SecretBytes? { kems.last?.key }

    /// - Parameter enrolled: the certificates that the board has enrolled for the party, as far as it has the board's log:
    ///   asked for where no key fits the requests, as after a restore from before a renewal.
    init(
        _ contents: KeyFileContents, request: EnrolmentRequest, renewal: EnrolmentRequest?, enrolled: () -> [[UInt8]]
    ) throws {
        func secrets(_ role: String) -> [NamedKey<SecretBytes>] {
            PartySecret.names(of: role, in: contents).compactMap { name in
                contents[name].map { NamedKey(name: name, key: $0) }
            }
        }
        func signers(_ role: String) throws -> (all: [NamedKey<SigningKey>], newest: SigningKey) {
            let all = try secrets(role).map { NamedKey(name: $0.name, key: try SigningKey(seed: $0.key.bytes)) }
            guard let newest = all.last?.key else { throw PartyFileError.keyMissing(role) }
            return (all, newest)
        }
        (statements, statement) = try signers(PartySecret.statement)
        (logs, log) = try signers(PartySecret.log)
        kems = secrets(PartySecret.kem)
        witnesses = try secrets(PartySecret.witness).map { try SigningKey(seed: $0.key.bytes) }
        let tlsKeys = secrets(PartySecret.tls)
        guard !tlsKeys.isEmpty else { throw PartyFileError.keyMissing(PartySecret.tls) }
        func identity(_ certificate: [UInt8]) -> TLSIdentity? {
            tlsKeys.lazy.compactMap {
                try? TLSIdentity(certificateDER: certificate, privateKeyDER: $0.key.bytes)
            }.first
        }
        let current = identity(request.certificate)
        let renewed = renewal.flatMap { $0.certificate == request.certificate ? nil : identity($0.certificate) }
        guard let tls = current ?? renewed ?? enrolled().lazy.compactMap(identity).first else {
            throw PartyFileError.noCertificate
        }
        self.tls = tls
        renewedTLS = current == nil ? nil : renewed
        locals = secrets(PartySecret.local)
        importSalt = contents[PartySecret.importSalt]
    }
}
