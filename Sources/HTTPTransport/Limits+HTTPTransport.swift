public import TallystickPrimitives

extension Limits {
    /// Bytes in one request on a daemon's own socket: a form with the largest file that is imported, a third longer as
    /// base64. The network takes `requestByteCount`.
    public static let localRequestByteCount = 40 << 20
    /// Bytes in one response that a client accepts: a full page of compartments and of statements,
    /// with framing.
    public static let responseByteCount = 32 << 20
    /// Bytes of an oversized body that a server reads away before it cuts the connection, so that
    /// the sender gets to see the refusal instead of a reset.
    public static let drainByteCount = 32 << 20
    /// Bytes in the path and query of one request.
    public static let requestTargetByteCount = 4096
    /// Parameters in the query of one request.
    public static let queryParameterCount = 32
    /// Bytes in all header lines of one request.
    public static let headerByteCount = 16 << 10
    /// Header lines in one request.
    public static let headerCount = 64
    /// Connections that a server holds open; further ones wait in the kernel's queue.
    public static let connectionCount = 256
    /// Connections that one agency may hold open at a server: its node's, and those of a node that it replaces.
    public static let peerConnectionCount = 16
    /// Seconds that a server waits for a handshake to end: on a busy machine it is its own turn that a client waits for.
    public static let handshakeSeconds: Int64 = 15
    /// Seconds that a server keeps a connection on which nothing happens.
    public static let serverIdleSeconds: Int64 = 90
    /// Seconds that a client keeps an unused connection; shorter than the server's, so that it is
    /// the client who ends it and no request meets a closing connection.
    public static let clientIdleSeconds: Int64 = 60
    /// Seconds that a client waits for a connection with its handshake.
    public static let connectSeconds: Int64 = 5
    /// Seconds of silence after which a client gives a response up: longer than a long poll of 30
    /// seconds.
    public static let readSeconds: Int64 = 45
    /// Seconds for an exchange with a peer besides the time that its bytes take: a long poll and a handshake.
    public static let exchangeSeconds: Int64 = 60
    /// Bytes a second of the slowest line that still gets everything through: 128 kbit/s, a bad mobile connection.
    public static let slowestLineBytesPerSecond = 16 << 10
    /// Seconds that either side waits for the other's goodbye when it ends a connection.
    public static let closeSeconds: Int64 = 1
    /// Connections that one client opens to its server.
    public static let clientConnectionCount = 8
    /// Bytes in the path of a Unix socket: what swift-nio's `SocketAddress` takes on every system.
    public static let socketPathByteCount = 103
}
