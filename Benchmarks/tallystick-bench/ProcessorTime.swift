import Glibc

/// What this process uses of all cores: on a machine that others use too, it says more than the time that passed.
struct ProcessorTime {
    private let started = ProcessorTime.seconds()

    /// Microseconds since the start for each of so many things.
    func microseconds(perEach count: Double) -> Int { Int((ProcessorTime.seconds() - started) * 1e6 / count) }

    private static func seconds() -> Double {
        var used = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
        return Double(used.tv_sec) + Double(used.tv_nsec) / 1e9
    }
}
