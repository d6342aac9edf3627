import Crypto
import CryptoExtras
import DeterministicCBOR
public import TallystickPrimitives

/// Named secrets sealed under a passphrase: scrypt (RFC 7914) and AES-256-GCM.
///
/// The line `tallystick-key-file 1`, then det([1, salt b16, N, r, p, nonce b12, sealed || tag]).
/// The line and the first six items are authenticated, so no part can be changed unnoticed.
public enum KeyFile {
    /// Seals `contents` under `passphrase`, with a fresh salt and nonce.
    /// - Throws: `KeyFileError.emptyPassphrase`, `.derivationFailed`, or `.tooLarge` beyond
    ///   `KeyFileLimits.byteCount`.
    public static func seal(
        _ contents: KeyFileContents, passphrase: [UInt8], entropy: any Entropy,
        cost: ScryptCost = .standard
    ) throws(KeyFileError) -> [UInt8] {
        let parameters = Parameters(
            salt: entropy.bytes(count: Parameters.saltByteCount), cost: cost,
            nonce: entropy.bytes(count: Parameters.nonceByteCount))
        let key = try derive(passphrase, parameters)
        let sealed: [UInt8]
        do {
            let box = try AES.GCM.seal(
                contents.encoded, using: key, nonce: AES.GCM.Nonce(data: parameters.nonce),
                authenticating: parameters.authenticated)
            sealed = Array(box.ciphertext) + Array(box.tag)
        } catch {
            preconditionFailure("an entropy source must return as many bytes as it was asked for")
        }
        let items = parameters.items + [.bytes(sealed)]
        let bytes = Parameters.firstLine + CBOR.array(items).encoded
        try checkSize(bytes)
        return bytes
    }

    /// Opens a key file.
    /// - Throws: `KeyFileError`. The cost is checked before any memory is taken.
    public static func open(
        _ bytes: [UInt8], passphrase: [UInt8]
    ) throws(KeyFileError) -> KeyFileContents {
        try checkSize(bytes)
        let (parameters, sealed) = try parse(bytes)
        let key = try derive(passphrase, parameters)
        guard
            let box = try? AES.GCM.SealedBox(combined: parameters.nonce + sealed),
            let plain = try? AES.GCM.open(box, using: key, authenticating: parameters.authenticated)
        else { throw .wrongPassphraseOrDamaged }
        guard let contents = KeyFileContents(decoding: Array(plain)) else { throw .contents }
        return contents
    }

    /// What a guess of a key file's passphrase costs, for whoever seals other contents in its place.
    /// - Throws: `KeyFileError`.
    public static func cost(of bytes: [UInt8]) throws(KeyFileError) -> ScryptCost {
        try checkSize(bytes)
        return try parse(bytes).0.cost
    }

    private static func checkSize(_ bytes: [UInt8]) throws(KeyFileError) {
        guard bytes.count <= KeyFileLimits.byteCount else {
            throw .tooLarge(byteCount: bytes.count, limit: KeyFileLimits.byteCount)
        }
    }

    private static func parse(
        _ bytes: [UInt8]
    ) throws(KeyFileError) -> (Parameters, sealed: [UInt8]) {
        guard bytes.starts(with: Parameters.firstLine) else { throw .notKeyFile }
        let item: CBOR
        do throws(CBORError) {
            item = try CBOR(decoding: Array(bytes.dropFirst(Parameters.firstLine.count)))
        } catch { throw .cbor(error) }
        let items: [CBOR]
        do throws(CBORShapeError) { items = try item.items(count: 7) } catch { throw .shape(error) }
        let parameters = try Parameters(items)
        do throws(CBORShapeError) { return (parameters, try items[6].byteString()) } catch {
            throw .shape(error)
        }
    }

    private static func derive(
        _ passphrase: [UInt8], _ parameters: Parameters
    ) throws(KeyFileError) -> SymmetricKey {
        guard !passphrase.isEmpty else { throw .emptyPassphrase }
        do {
            return try KDF.Scrypt.deriveKey(
                from: passphrase, salt: parameters.salt, outputByteCount: 32,
                rounds: parameters.cost.rounds, blockSize: parameters.cost.blockSize,
                parallelism: parameters.cost.parallelism)
        } catch { throw .derivationFailed }
    }
}
