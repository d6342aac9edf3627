import Glibc

/// Type and permissions of a file; nil when there is none.
func mode(_ path: String) -> UInt32? {
    var result = stat()
    return lstat(path, &result) == 0 ? result.st_mode : nil
}

/// Leaves a socket in the file system that nobody listens on.
func leaveDeadSocket(_ path: String) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    precondition(result == 0)
    close(descriptor)
}
