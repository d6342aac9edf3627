public import KeyFiles
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// The key with which a party cosigns, replaced: made by the party, listed by the board, used from the moment on at which the
/// party follows that list. Both are held meanwhile, so that nobody waits.
extension PartyDirectory {
    /// Makes a new cosigning key beside the one on the board's list, and its line for the board.
    ///
    /// While one waits for the board no other is made: the same line is written again, so that to be cut short or asked twice
    /// costs nothing. One that the board lists waits no more, whether or not the program was started since.
    /// - Parameters:
    ///   - listed: the verifier keys of the board's list, as far as the party has followed it.
    ///   - replacesWaiting: whether a key that waits is given up for another: it may be stolen too.
    /// - Returns: also whether the key is new.
    /// - Throws: `PartyFileError.keyMissing` for a party that does not cosign.
    /// - Precondition: the daemon does not run.
    public func renewCosigningKey(
        listed: Set<String>, replacesWaiting: Bool = false, passphrase: SecretBytes, entropy: any Entropy
    ) throws -> (line: CosignerLine, isNew: Bool) {
        var file = try openKeyFile(passphrase: passphrase)
        let held = PartySecret.names(of: PartySecret.witness, in: file.contents)
        guard let newest = held.last, let seed = file.contents[newest] else {
            throw PartyFileError.keyMissing(PartySecret.witness)
        }
        let request = try enrolment()
        let isListed = try isListed(seed: seed, of: request, in: listed)
        if held.count > 1, !isListed {
            guard replacesWaiting else { return (try writeCosignerLine(request, seed: seed.bytes), false) }
            file.remove([newest])
        } else {
            file.remove(Set(held.dropLast()))
        }
        let fresh = entropy.bytes(count: 32)
        file.add(fresh, as: PartySecret.witness)
        try file.save(entropy: entropy)
        return (try writeCosignerLine(request, seed: fresh), true)
    }

    private func isListed(
        seed: SecretBytes, of request: EnrolmentRequest, in listed: Set<String>
    ) throws -> Bool {
        guard let name = CosignerLine.keyName(of: request.origin) else { return false }
        let key = try SigningKey(seed: seed.bytes).publicKey
        return listed.contains(NoteVerifierKey(name: name, kind: .cosignature, key: key).text)
    }

    /// Forgets the cosigning keys before the newest, once the board lists that one.
    ///
    /// - Parameter listed: the verifier keys of the board's list.
    public func forgetFormerCosigningKeys(
        listed: Set<String>, passphrase: SecretBytes, entropy: any Entropy
    ) throws {
        var file = try openKeyFile(passphrase: passphrase)
        let held = PartySecret.names(of: PartySecret.witness, in: file.contents)
        guard held.count > 1, let newest = held.last, let seed = file.contents[newest] else { return }
        guard try isListed(seed: seed, of: try enrolment(), in: listed) else { return }
        file.remove(Set(held.dropLast()))
        try file.save(entropy: entropy)
    }

    /// Writes the line that the board is given.
    func writeCosignerLine(_ request: EnrolmentRequest, seed: [UInt8]) throws -> CosignerLine {
        let line = try CosignerLine(request, key: SigningKey(seed: seed).publicKey)
        try PublicFile.write(Array((line.text + "\n").utf8), to: cosignerFile)
        return line
    }
}
