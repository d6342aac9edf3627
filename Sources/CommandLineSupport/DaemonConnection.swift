public import HTTPTransport
import PartyFiles

/// Asks a daemon of this machine by its local socket: JSON forms in, JSON answers out.
public struct DaemonConnection: Sendable {
    private let directory: PartyDirectory

    /// Names the daemon by its directory.
    public init(directory: String) { self.directory = PartyDirectory(path: directory) }

    /// Reads.
    /// - Throws: `CommandFailure`, with the daemon's own words where it gave any.
    public func get(_ path: String, query: [String: String] = [:]) async throws(CommandFailure)
        -> [UInt8]
    {
        try await send(.get, path, query: query, body: [], contentType: "application/json")
    }

    /// Submits a form.
    /// - Throws: `CommandFailure`, with the daemon's own words where it gave any.
    public func post(_ path: String, _ form: some Encodable) async throws(CommandFailure) -> [UInt8] {
        let body: [UInt8]
        do { body = try CommandJSON.bytes(form) } catch { throw CommandFailure(error) }
        return try await send(.post, path, query: [:], body: body, contentType: "application/json")
    }

    /// Why nobody can answer yet: a node that is not enrolled is not one that has stopped, and other people can help.
    private func silence() -> CommandFailure? {
        do { _ = try directory.partnership() } catch {
            switch error as? PartyFileError {
            case .notInitialised(let path):
                return CommandFailure("\(path) is no node's directory", hint: "check --node and TALLYSTICK_NODE")
            case .notJoined(let path):
                return CommandFailure(
                    "the node in \(path) is not enrolled yet",
                    hint: "carry its enrolment.request to the board; join with the board's file, found its log, run it")
            default: return nil
            }
        }
        return nil
    }

    /// Sends one request with a fresh client and returns the body of a success.
    /// - Throws: `CommandFailure`.
    public func send(
        _ method: TransportMethod, _ path: String, query: [String: String], body: [UInt8],
        contentType: String
    ) async throws(CommandFailure) -> [UInt8] {
        let client = UnixSocketClient(path: directory.socket)
        let result: Result<[UInt8], TransportFailure>
        do throws(TransportFailure) {
            let response = try await client.send(
                method: method, path: path, query: query, body: body, contentType: contentType,
                timeout: .seconds(CommandLimits.answerSeconds))
            result = .success(try response.successBody())
        } catch { result = .failure(error) }
        await client.shutdown()
        do { return try result.get() } catch {
            if case .unreachable = error, let reason = silence() { throw reason }
            throw CommandFailure(error)
        }
    }
}

/// Bounds of the command line.
public enum CommandLimits {
    /// Seconds to wait for a daemon's answer: a month of the largest force takes minutes to import.
    public static let answerSeconds: Int64 = 900
    /// Bytes of one page of a feed, as it is kept.
    public static let pageByteCount = 64 << 20
    /// Pages of one audit bundle.
    public static let pageCount = 1_000_000
    /// How often an audit's fetch goes on because the register grew meanwhile.
    public static let fetchRounds = 16
    /// How often one request waits for the broker's quota to refill.
    public static let quotaWaits = 64
}
