/// The numbers of the texts that hold a word, ascending, each once: the distance from the one before, in as few bytes
/// as it needs (seven bits of it in each, the lowest first).
struct WordPlaces {
    private(set) var count = 0
    private var bytes: [UInt8] = []
    private var last: UInt32 = 0

    /// Adds a text; the newest one may be given again.
    /// - Precondition: it is no earlier than the newest.
    mutating func add(_ text: UInt32) {
        guard count == 0 || text != last else { return }
        var distance = text - last
        while distance >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: distance) | 0x80)
            distance >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: distance))
        last = text
        count += 1
    }

    /// The numbers.
    var texts: [UInt32] {
        var texts: [UInt32] = []
        texts.reserveCapacity(count)
        var (text, distance, shift): (UInt32, UInt32, UInt32) = (0, 0, 0)
        for byte in bytes {
            distance |= UInt32(byte & 0x7f) << shift
            shift += 7
            guard byte < 0x80 else { continue }
            text += distance
            texts.append(text)
            (distance, shift) = (0, 0)
        }
        return texts
    }
}
