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
    /// costs nothing.
    /// - Throws: `PartyFileError.keyMissing` for a party that does not cosign.
    /// - Precondition: the daemon does not run.
    public func renewCosigningKey(passphrase: SecretBytes, entropy: any Entropy) throws -> CosignerLine {
        var file = try openKeyFile(passphrase: passphrase)
        let held = PartySecret.names(of: PartySecret.witness, in: file.contents)
        guard let newest = held.last else { throw PartyFileError.keyMissing(PartySecret.witness) }
        var waiting = newest
        if held.count == 1 {
            waiting = file.add(entropy.bytes(count: 32), as: PartySecret.witness)
            try file.save(entropy: entropy)
        }
        guard let seed = file.contents[waiting] else { throw PartyFileError.keyMissing(PartySecret.witness) }
        return try writeCosignerLine(try enrolment(), seed: seed.bytes)
    }

    /// Forgets the cosigning keys before the newest, once the board lists that one.
    ///
    /// - Parameter listed: the verifier keys of the board's list.
    public func forgetFormerCosigningKeys(
        listed: Set<String>, passphrase: SecretBytes, entropy: any Entropy
    ) throws {
        guard let name = CosignerLine.keyName(of: try enrolment().origin) else { return }
        var file = try openKeyFile(passphrase: passphrase)
        let held = PartySecret.names(of: PartySecret.witness, in: file.contents)
        guard held.count > 1, let newest = held.last, let seed = file.contents[newest] else { return }
        let key = try SigningKey(seed: seed.bytes).publicKey
        guard listed.contains(NoteVerifierKey(name: name, kind: .cosignature, key: key).text) else { return }
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
