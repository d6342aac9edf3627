/// How the bytes of an agency's file stand for characters.
enum FileEncoding: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    case windows1252 = "windows-1252"
    case latin1 = "iso-8859-1"

    /// The text of `bytes`, or nil when some byte stands for no character.
    func decode(_ bytes: some Collection<UInt8>) -> String? {
        switch self {
        case .utf8:
            return String(validating: bytes, as: UTF8.self)
        case .windows1252, .latin1:
            var text = String.UnicodeScalarView()
            for byte in bytes {
                guard let scalar = scalar(for: byte) else { return nil }
                text.append(scalar)
            }
            return String(text)
        }
    }

    /// Where the first byte lies that stands for no character, counted from the start of `bytes`.
    func firstInvalidOffset(in bytes: some Collection<UInt8>) -> Int? {
        switch self {
        case .utf8:
            var decoder = UTF8.ForwardParser()
            var iterator = bytes.makeIterator()
            var offset = 0
            while true {
                switch decoder.parseScalar(from: &iterator) {
                case .valid(let encoded): offset += encoded.count
                case .error: return offset
                case .emptyInput: return nil
                }
            }
        case .windows1252, .latin1:
            return bytes.enumerated().first { scalar(for: $0.element) == nil }?.offset
        }
    }

    private func scalar(for byte: UInt8) -> Unicode.Scalar? {
        guard (0x80...0x9f).contains(byte) else { return Unicode.Scalar(byte) }
        switch self {
        case .windows1252: return windows1252Specials[Int(byte) - 0x80].flatMap(Unicode.Scalar.init)
        // ISO 8859-1 has only control codes here: such a file is windows-1252 in truth.
        case .latin1, .utf8: return nil
        }
    }
}

/// Bytes 0x80 to 0x9F of windows-1252 (unicode.org, MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT).
private let windows1252Specials: [UInt16?] = [
    0x20ac, nil, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, nil, 0x017d, nil,
    nil, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, nil, 0x017e, 0x0178,
]
