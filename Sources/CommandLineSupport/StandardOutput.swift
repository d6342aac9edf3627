import Glibc

/// The output streams of this process: data on one, everything else on the other.
public enum StandardStream: Int32, Sendable {
    /// Data.
    case output = 1
    /// Errors, hints and progress.
    case error = 2

    /// Writes the whole text, or gives up when the other end is gone.
    public func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || errno != EINTR {
                return
            }
        }
    }
}

/// The environment of this process.
public enum Environment {
    /// The value of a variable; nil when it is not set or empty.
    public static func value(_ name: String) -> String? {
        guard let raw = getenv(name) else { return nil }
        let value = String(cString: raw)
        return value.isEmpty ? nil : value
    }
}
