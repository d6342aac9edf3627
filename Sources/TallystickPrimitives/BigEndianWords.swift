/// Bytes read as numbers of 64 bits, most significant byte first.
struct BigEndianWords {
    private let bytes: UnsafeRawBufferPointer

    /// Reads bytes in place.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The word at a place, counted in words; reading past the end stops the program.
    subscript(place: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
    }

    /// Reads a collection in place where it lies in one piece, and a copy of it otherwise.
    static func read<Value>(
        _ bytes: some Collection<UInt8>, _ body: (BigEndianWords) -> Value
    ) -> Value {
        let inPlace = bytes.withContiguousStorageIfAvailable {
            body(BigEndianWords(UnsafeRawBufferPointer($0)))
        }
        return inPlace ?? Array(bytes).withUnsafeBytes { body(BigEndianWords($0)) }
    }
}
