import Glibc
public import Logging
public import ServiceLifecycle
public import TallystickPrimitives
import Telemetry
import UnixSignals

/// What both daemons do alike as processes.
public enum DaemonProcess {
    /// Closes the process to other accounts: files for the owner alone, no memory image on disk.
    ///
    /// - Throws: `CommandFailure` when the system does not grant it; a daemon must not run then.
    public static func harden() throws(CommandFailure) {
        umask(0o077)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0, forbidDumps() else {
            throw CommandFailure("the system does not let this process switch off memory dumps")
        }
    }

    /// A core pattern that pipes to a program ignores the limit, hence the attribute as well.
    ///
    /// `prctl` takes variable arguments, which Swift does not import; its calling convention for
    /// whole numbers is that of a plain function on the platforms we build for.
    private static func forbidDumps() -> Bool {
        typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
        guard let symbol = dlsym(nil, "prctl") else { return false }
        let control = unsafeBitCast(symbol, to: Control.self)
        let (setDumpable, getDumpable): (Int32, Int32) = (4, 3)
        return control(setDumpable, 0, 0, 0, 0) == 0 && control(getDumpable, 0, 0, 0, 0) == 0
    }

    /// Sends this process's log to standard error as JSON lines. Call once, first thing.
    public static func startLogging(time: any TimeSource) {
        LoggingSystem.bootstrap { label in JSONLogHandler(label: label, timeSource: time) }
    }

    /// Runs a service until it ends or the system asks it to stop (SIGTERM, SIGINT).
    public static func run(_ service: any Service, logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: [service], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        try await ServiceGroup(configuration: configuration).run()
    }

    /// Tells whoever started the process that it serves.
    public static func sayReady() { StandardStream.output.write("ready\n") }
}
