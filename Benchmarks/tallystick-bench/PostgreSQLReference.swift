import Foundation
import Glibc

/// A PostgreSQL server with its defaults on the same disk, for the time of one benchmark.
struct PostgreSQLReference {
    static let command = """
        PostgreSQL 15, defaults: pgbench -n -c 64 -j 2 -T 10 -f insert.sql (one row with 1 KiB of text), median of three
        """
    static let absent = """
        not compared: PostgreSQL 15 is not here; install it (Debian: apt-get install postgresql-15) and run this again
        """
    private static let binaries = "/usr/lib/postgresql/15/bin"
    private static let insert = """
        \\set stream random(1, 64)
        INSERT INTO entries (stream, body) VALUES (:stream, repeat('x', 1024));

        """

    private let directory: String
    private let clients: Int
    private let account: String?
    private let server = Process()

    private init(directory: String, clients: Int, account: String?) {
        self.directory = directory
        self.clients = clients
        self.account = account
    }

    /// Starts a server; nil when PostgreSQL is not installed.
    static func start(in workplace: Workplace, clients: Int) throws -> PostgreSQLReference? {
        guard FileManager.default.isExecutableFile(atPath: binaries + "/pgbench") else { return nil }
        workplace.say("starting a PostgreSQL server")
        // Beside the workplace, because the server's account may not enter that.
        let reference = PostgreSQLReference(
            directory: workplace.directory + "-postgresql", clients: clients,
            account: geteuid() == 0 ? unprivileged() : nil)
        do { try reference.start() } catch {
            reference.stop()
            throw error
        }
        return reference
    }

    /// Runs pgbench once.
    func insertsPerSecond() throws -> Double {
        let output = try run(
            "pgbench",
            [
                "-n", "-c", String(clients), "-j", "2", "-T", "10", "-f", directory + "/insert.sql",
                "-h", directory, "postgres",
            ])
        let line = output.split(separator: "\n").first { $0.hasPrefix("tps = ") }
        guard let number = line?.dropFirst(6).split(separator: " ").first, let rate = Double(number)
        else { throw BenchmarkFailure("pgbench tells no rate: \(output.suffix(300))") }
        return rate
    }

    /// Stops the server and removes what it kept.
    func stop() {
        if server.isRunning {
            // SIGINT: the server ends its connections and shuts down in order.
            server.interrupt()
            server.waitUntilExit()
        }
        try? FileManager.default.removeItem(atPath: directory)
    }

    private func start() throws {
        var attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        if let account { attributes[.ownerAccountName] = account }
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: false, attributes: attributes)
        try FileManager.default.setAttributes(attributes, ofItemAtPath: directory)
        let script = directory + "/insert.sql"
        try Data(PostgreSQLReference.insert.utf8).write(to: URL(fileURLWithPath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: script)
        let data = directory + "/data"
        try run("initdb", ["-D", data, "-A", "trust", "--no-instructions"])
        try startServer(data)
        try run(
            "psql",
            [
                "-q", "-h", directory, "-d", "postgres", "-c",
                """
                CREATE TABLE entries (id bigserial PRIMARY KEY, stream int NOT NULL, body text NOT NULL)
                """,
            ])
    }

    /// A child of ours and not of pg_ctl: so it is stopped by its process and no other.
    private func startServer(_ data: String) throws {
        let words = command(
            "postgres",
            [
                "-D", data, "-c", "listen_addresses=", "-c", "unix_socket_directories=\(directory)",
            ])
        server.executableURL = URL(fileURLWithPath: words[0])
        server.arguments = Array(words.dropFirst())
        server.currentDirectoryURL = URL(fileURLWithPath: directory)
        let log = URL(fileURLWithPath: directory + "/log")
        try Data().write(to: log)
        let file = try FileHandle(forWritingTo: log)
        server.standardOutput = file
        server.standardError = file
        server.standardInput = FileHandle.nullDevice
        try server.runHearingSignals()
        for _ in 0..<300 {
            if (try? run("pg_isready", ["-q", "-h", directory])) != nil { return }
            guard server.isRunning else { break }
            Thread.sleep(forTimeInterval: 0.1)
        }
        let said = String(decoding: FileManager.default.contents(atPath: log.path) ?? Data(), as: UTF8.self)
        throw BenchmarkFailure("PostgreSQL did not start: \(said.suffix(600))")
    }

    /// A server refuses to run as root.
    private static func unprivileged() -> String { getpwnam("postgres") == nil ? "nobody" : "postgres" }

    @discardableResult
    private func run(_ program: String, _ arguments: [String]) throws -> String {
        let words = command(program, arguments)
        return try Program.run(words[0], Array(words.dropFirst()), in: directory)
    }

    /// The command line of one of PostgreSQL's programs, as the account that may run it.
    private func command(_ program: String, _ arguments: [String]) -> [String] {
        let path = PostgreSQLReference.binaries + "/" + program
        guard let account else { return [path] + arguments }
        let setpriv = ["/usr/bin/setpriv", "--reuid=\(account)", "--clear-groups", "--"]
        return setpriv + [path] + arguments
    }
}
