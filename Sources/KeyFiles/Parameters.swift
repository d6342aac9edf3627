import DeterministicCBOR

/// The part of a key file that is not secret, and that decides how the rest is opened.
struct Parameters {
    let salt: [UInt8]
    let cost: ScryptCost
    let nonce: [UInt8]

    static let firstLine = Array("tallystick-key-file 1\n".utf8)
    static let version: UInt64 = 1
    static let saltByteCount = 16
    static let nonceByteCount = 12

    init(salt: [UInt8], cost: ScryptCost, nonce: [UInt8]) {
        self.salt = salt
        self.cost = cost
        self.nonce = nonce
    }

    /// Reads the first six of the seven items of a key file.
    init(_ items: [CBOR]) throws(KeyFileError) {
        let numbers: [Int]
        do throws(CBORShapeError) {
            guard try items[0].unsigned() == Parameters.version else {
                throw CBORShapeError("version 1")
            }
            salt = try items[1].byteString(count: Parameters.saltByteCount)
            numbers = [try items[2].count(), try items[3].count(), try items[4].count()]
            nonce = try items[5].byteString(count: Parameters.nonceByteCount)
        } catch {
            throw .shape(error)
        }
        let cost = ScryptCost(rounds: numbers[0], blockSize: numbers[1], parallelism: numbers[2])
        guard let cost else { throw .costOutOfBounds }
        self.cost = cost
    }

    var items: [CBOR] {
        [
            .unsigned(Parameters.version), .bytes(salt), .unsigned(UInt64(cost.rounds)),
            .unsigned(UInt64(cost.blockSize)), .unsigned(UInt64(cost.parallelism)), .bytes(nonce),
        ]
    }

    /// What the tag of the sealed contents covers besides them.
    var authenticated: [UInt8] { Parameters.firstLine + CBOR.array(items).encoded }
}
