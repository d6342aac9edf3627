import TallystickPrimitives

/// The path and query of a request line (RFC 9112 §3.2.1), read strictly.
struct RequestTarget: Hashable {
    let path: String
    let query: [String: String]

    init(path: String, query: [String: String]) {
        self.path = path
        self.query = query
    }

    /// Reads `/path?name=value&…`; nil for anything that two readers might read differently: a path
    /// that leaves its place, a fragment, a broken escape, a name that occurs twice.
    init?(parsing text: String) {
        guard text.utf8.count <= Limits.requestTargetByteCount, text.utf8.allSatisfy(isTargetByte)
        else { return nil }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, first.hasPrefix("/") else { return nil }
        let segments = first.split(separator: "/", omittingEmptySubsequences: false)
        guard !segments.contains("."), !segments.contains("..") else { return nil }
        path = String(first)
        guard let query = RequestTarget.parameters(parts.count == 2 ? parts[1] : "") else {
            return nil
        }
        self.query = query
    }

    /// The target as it is sent: parameters in order of their names, everything but unreserved
    /// characters escaped.
    var encoded: String {
        guard !query.isEmpty else { return path }
        let pairs = query.sorted { $0.key < $1.key }
            .map { "\(RequestTarget.escaped($0.key))=\(RequestTarget.escaped($0.value))" }
        return "\(path)?\(pairs.joined(separator: "&"))"
    }
}

extension RequestTarget {
    /// Percent-encodes everything but the unreserved characters of RFC 3986 §2.3.
    static func escaped(_ text: String) -> String {
        text.utf8.map {
            isUnreserved($0) ? String(UnicodeScalar($0)) : "%" + Hex.encode([$0]).uppercased()
        }.joined()
    }

    private static func parameters(_ text: Substring) -> [String: String]? {
        var result: [String: String] = [:]
        let pairs = text.split(separator: "&")
        guard pairs.count <= Limits.queryParameterCount else { return nil }
        for pair in pairs {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = unescaped(sides[0]),
                let value = unescaped(sides.count == 2 ? sides[1] : ""),
                !name.isEmpty, result.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        return result
    }

    /// Decodes percent escapes; nil when one is broken or the bytes are not UTF-8. A plus sign
    /// stays one.
    private static func unescaped(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let decoded = Hex.decode(digits) else { return nil }
            bytes += decoded
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

private func isTargetByte(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "#")
}

private func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: false
    }
}
