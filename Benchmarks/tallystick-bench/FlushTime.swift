import BenchmarkFigures
import Glibc

/// What one flush to the disk takes.
enum FlushTime {
    private static let count = 300

    /// The median of writing 4 KiB at the end of a file in a directory and fdatasync, in seconds.
    static func median(in directory: String) throws -> Double {
        let path = directory + "/flush"
        let file = open(path, O_CREAT | O_WRONLY | O_EXCL, 0o600)
        guard file >= 0 else { throw BenchmarkFailure("cannot write \(path): \(errno)") }
        defer {
            close(file)
            unlink(path)
        }
        let page = [UInt8](repeating: 0x5a, count: 4096)
        let clock = ContinuousClock()
        var seconds: [Double] = []
        for _ in 0..<count {
            let started = clock.now
            guard write(file, page, page.count) == page.count, fdatasync(file) == 0 else {
                throw BenchmarkFailure("cannot flush \(path): \(errno)")
            }
            seconds.append((clock.now - started).seconds)
        }
        return Samples(seconds).median ?? 0
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { self / .seconds(1) }
}
