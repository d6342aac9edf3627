import DeterministicCBOR
public import EventLogs
import Glibc
import HTTPTransport
public import KeyFiles
public import Partnership
public import SignedStatements
public import TallystickPrimitives

/// One party's directory: its keys, its public facts, the partnership it belongs to, its log.
///
/// `root.key` signs the genesis and the key sets, and belongs on a medium that is kept offline; `party.key` holds what
/// the daemon needs every day.
public struct PartyDirectory: Sendable {
    /// The directory's path, mode 0700.
    public let path: String

    /// Names a directory.
    public init(path: String) { self.path = path }

    /// The day-to-day keys.
    public var keyFile: String { path + "/party.key" }
    /// The root key.
    public var rootKeyFile: String { path + "/root.key" }
    /// A copy of all keys, which two shares open.
    public var recoveryFile: String { path + "/recovery.key" }
    /// A node's views, sealed between two runs.
    public var sealedViewsFile: String { path + "/views.sealed" }
    /// The public facts that the board enrols.
    public var enrolmentFile: String { path + "/enrolment.request" }
    /// The name of the log, where it went on in another's place; the enrolment has the first one's.
    public var continuedLogFile: String { path + "/log.origin" }
    /// The board's log.
    public var partnershipFile: String { path + "/partnership.tally" }
    /// The line for the board's list of co-signers.
    public var cosignerFile: String { path + "/cosigner.line" }
    /// What that file says; nil for a party that cosigns nothing.
    public var cosignerLine: String? {
        (try? PublicFile.read(cosignerFile)).map { String(decoding: $0.dropLast(), as: UTF8.self) }
    }
    /// The file with the evidence that a log has told two stories.
    public func evidenceFile(of origin: Origin) -> String {
        path + "/evidence-" + Hash256(hashing: Array(origin.text.utf8)).hex.prefix(16) + ".txt"
    }
    /// The pinned fingerprint, 64 hexadecimal digits.
    public var fingerprintFile: String { path + "/board.fingerprint" }
    /// The socket of the daemon's local interface.
    public var socket: String { path + "/local.sock" }

    /// Says, by being there, that the log was put back from a backup and has not been held against what others have.
    public var restoredMark: String { path + "/restored" }
    /// Commands that are kept until the log may be written.
    public var keptCommands: String { path + "/kept" }

    /// Makes the directory with new keys and the enrolment request.
    ///
    /// - Parameters:
    ///   - years: how long the TLS certificate lives.
    ///   - cost: how hard the passphrase is to guess; tests take less.
    public func initialise(
        agency: AgencyCode, party: PartyKind, origin: Origin, passphrase: SecretBytes, entropy: any Entropy,
        now: Timestamp, years: Int64 = 2, cost: ScryptCost = .standard
    ) throws -> EnrolmentRequest {
        try makeDirectory()
        func isAny(of files: [String]) -> Bool { files.contains { (file: String) in access(file, F_OK) == 0 } }
        guard !isAny(of: [enrolmentFile, partnershipFile, fingerprintFile]) else {
            throw PartyFileError.alreadyInitialised(path)
        }
        // Keys alone are nobody's yet: what names them to the board is written last.
        guard !isAny(of: [rootKeyFile, keyFile]) else { throw PartyFileError.cutShort(path) }
        let root = SigningKey(from: entropy)
        let tls = try TLSIdentity.create(
            agency: agency, entropy: entropy, notBefore: now.adding(seconds: -3600),
            notAfter: now.adding(seconds: years * 365 * 86_400))
        var secrets: [String: [UInt8]] = [PartySecret.tls: tls.privateKeyDER]
        for name in PartySecret.seeds(for: party) { secrets[name] = entropy.bytes(count: 32) }
        try seal(KeyFileContents([PartySecret.root: root.seed]), rootKeyFile, passphrase, entropy, cost)
        try seal(KeyFileContents(secrets), keyFile, passphrase, entropy, cost)
        let request = EnrolmentRequest(
            agency: agency, party: party, origin: origin, rootKey: root.publicKey.bytes,
            certificate: tls.certificateDER)
        try PublicFile.write(request.encoded, to: enrolmentFile)
        if let seed = secrets[PartySecret.witness] {
            _ = try writeCosignerLine(request, seed: seed)
        }
        return request
    }

    /// The public facts.
    public func enrolment() throws -> EnrolmentRequest {
        guard access(enrolmentFile, F_OK) == 0 else { throw PartyFileError.notInitialised(path) }
        var request = try EnrolmentRequest(decoding: try PublicFile.read(enrolmentFile))
        if let continued = try continuedLog() { request.log = continued }
        return request
    }

    /// The name of the log, where it went on in another's place.
    private func continuedLog() throws(PartyFileError) -> Origin? {
        guard PublicFile.exists(continuedLogFile) else { return nil }
        let text = String(decoding: try PublicFile.read(continuedLogFile), as: UTF8.self)
        guard text.hasSuffix("\n"), let origin = Origin(String(text.dropLast())) else {
            throw .unreadable(path: continuedLogFile)
        }
        return origin
    }

    /// Pins a board and keeps its log, after checking the one against the other.
    public func join(_ file: PartnershipFile, fingerprint: Hash256, now: Timestamp) throws {
        _ = try file.bootstrap(fingerprint: fingerprint, now: now)
        try PublicFile.write(file.encoded, to: partnershipFile)
        try PublicFile.write(Array((fingerprint.hex + "\n").utf8), to: fingerprintFile)
    }

    /// The pinned fingerprint and the board's log.
    public func partnership() throws -> (file: PartnershipFile, fingerprint: Hash256) {
        guard access(enrolmentFile, F_OK) == 0 else { throw PartyFileError.notInitialised(path) }
        guard let fingerprint = try pinnedFingerprint() else { throw PartyFileError.notJoined(path) }
        return (try PartnershipFile(decoding: try PublicFile.read(partnershipFile)), fingerprint)
    }

    /// Who is who by the board's log that this party joined with.
    public func joinedRoster(now: Timestamp) throws -> Roster {
        let (file, fingerprint) = try partnership()
        return try file.bootstrap(fingerprint: fingerprint, now: now)
    }

    /// The pinned fingerprint; nil where none is.
    public func pinnedFingerprint() throws(PartyFileError) -> Hash256? {
        guard PublicFile.exists(fingerprintFile) else { return nil }
        let text = String(decoding: try PublicFile.read(fingerprintFile), as: UTF8.self)
        guard let fingerprint = Hash256(hex: String(text.prefix(64))) else { throw .unreadable(path: fingerprintFile) }
        return fingerprint
    }

    /// Opens the day-to-day keys.
    public func openKeys(passphrase: SecretBytes) throws -> PartyKeys {
        let contents = try open(keyFile, passphrase)
        let request = try enrolment()
        return try PartyKeys(contents, request: request, renewal: try renewal()) {
            // The newest first. Whose they are the key says that fits.
            let statements = try? partnership().file.boardStatements()
            return (statements ?? []).reversed().compactMap { statement in
                guard case .enrol(let act) = statement.payload.control, act.decision.agency == request.agency else {
                    return nil
                }
                return act.decision.certificate
            }
        }
    }

    /// Opens what a witness that is no agency holds: no key of its signs any statement.
    public func openWitness(passphrase: SecretBytes) throws -> WitnessKeys {
        try WitnessKeys(try open(keyFile, passphrase), request: try enrolment())
    }

    /// Opens the root key; only founding and key changes need it.
    ///
    /// - Parameter file: where it is, if not in the directory: it is kept offline.
    /// - Throws: `PartyFileError.otherRootKey` when it is not the one that the board enrolled.
    public func openRootKey(at file: String? = nil, passphrase: SecretBytes) throws -> SigningKey {
        let path = file ?? rootKeyFile
        guard let seed = try open(path, passphrase)[PartySecret.root] else {
            throw PartyFileError.keyMissing(PartySecret.root)
        }
        let key = try SigningKey(seed: seed.bytes)
        guard try enrolment().rootKey == key.publicKey.bytes else { throw PartyFileError.otherRootKey(path: path) }
        return key
    }

    /// Opens the day-to-day key file to change what is in it.
    public func openKeyFile(passphrase: SecretBytes) throws(PartyFileError) -> PartyKeyFile {
        let bytes: [UInt8]
        do { bytes = try KeyFileStore.read(from: keyFile) } catch { throw .secretFile(error) }
        do {
            return PartyKeyFile(
                path: keyFile, passphrase: passphrase, cost: try KeyFile.cost(of: bytes),
                contents: try KeyFile.open(bytes, passphrase: passphrase.bytes))
        } catch { throw .keyFile(path: keyFile, error) }
    }

    private func open(_ file: String, _ passphrase: SecretBytes) throws(PartyFileError) -> KeyFileContents {
        let bytes: [UInt8]
        do { bytes = try KeyFileStore.read(from: file) } catch { throw .secretFile(error) }
        do { return try KeyFile.open(bytes, passphrase: passphrase.bytes) } catch { throw .keyFile(path: file, error) }
    }

    private func seal(
        _ contents: KeyFileContents, _ file: String, _ passphrase: SecretBytes, _ entropy: any Entropy,
        _ cost: ScryptCost
    ) throws {
        let bytes = try KeyFile.seal(contents, passphrase: passphrase.bytes, entropy: entropy, cost: cost)
        do { try KeyFileStore.write(bytes, to: file) } catch { throw PartyFileError.secretFile(error) }
    }

    private func makeDirectory() throws(PartyFileError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .system(path: path, code: errno) }
        guard chmod(path, 0o700) == 0 else { throw .system(path: path, code: errno) }
    }
}
