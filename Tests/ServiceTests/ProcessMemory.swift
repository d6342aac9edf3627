import Foundation
import Glibc

/// The memory of a running process, read as an administrator of the machine could.
struct ProcessMemory {
    let process: Int32

    /// Whether some readable part of it holds the bytes.
    func contains(_ needle: [UInt8]) throws -> Bool {
        let maps = try String(contentsOfFile: "/proc/\(process)/maps", encoding: .utf8)
        let descriptor = open("/proc/\(process)/mem", O_RDONLY)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM) }
        defer { close(descriptor) }
        for line in maps.split(separator: "\n") {
            let parts = line.split(separator: " ")
            let bounds = parts[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            // Only what the process itself wrote: program files and shared libraries hold no content.
            guard bounds.count == 2, parts[1].hasPrefix("rw") else { continue }
            if holds(needle, from: bounds[0], to: bounds[1], descriptor) { return true }
        }
        return false
    }

    private func holds(_ needle: [UInt8], from: UInt64, to end: UInt64, _ descriptor: Int32) -> Bool {
        let step = 4 << 20
        var buffer = [UInt8](repeating: 0, count: step + needle.count)
        var position = from
        while position < end {
            let wanted = min(buffer.count, Int(end - position))
            let count = pread(descriptor, &buffer, wanted, off_t(position))
            guard count > 0 else { return false }
            if Data(buffer[..<count]).range(of: Data(needle)) != nil { return true }
            position += UInt64(min(step, count))
        }
        return false
    }
}
