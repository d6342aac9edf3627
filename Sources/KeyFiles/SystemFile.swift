import Glibc

/// The system's words for an errno.
func systemMessage(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// An open file, closed at the end of its life.
struct SystemFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    init(path: String, flags: Int32, mode: mode_t = 0) throws(SecretFileError) {
        // Without O_NONBLOCK a pipe in the file's place would block the start for ever.
        descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NONBLOCK, mode)
        self.path = path
        guard descriptor >= 0 else {
            switch errno {
            case ELOOP: throw .symbolicLink(path: path)
            case EEXIST: throw .alreadyExists(path: path)
            default: throw .system(path: path, code: errno)
            }
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func status() throws(SecretFileError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(path: path, code: errno) }
        return status
    }

    /// Reads to the end, but never more than `limit` bytes.
    func read(atMost limit: Int) throws(SecretFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system(path: path, code: errno) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer.prefix(count))
        }
        throw .tooLarge(path: path, limit: limit)
    }

    func write(_ bytes: [UInt8]) throws(SecretFileError) {
        var written = 0
        while written < bytes.count {
            let rest = Array(bytes[written...])
            let count = Glibc.write(descriptor, rest, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system(path: path, code: errno) }
            written += count
        }
    }

    func setMode(_ mode: mode_t) throws(SecretFileError) {
        guard fchmod(descriptor, mode) == 0 else { throw .system(path: path, code: errno) }
    }

    func synchronise() throws(SecretFileError) {
        guard fsync(descriptor) == 0 else { throw .system(path: path, code: errno) }
    }
}
