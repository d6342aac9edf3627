import EventLogs
import HTTPTransport
import SQLiteStore
import TallystickPrimitives
import TransparencyLog

/// The register as tiles (c2sp.org/tlog-tiles), for whoever may read the feed: hashes and leaves are the same for
/// everybody there.
extension RegisterKeeper {
    /// A part of the register by its path; nil where the register has none, or not so much of it yet.
    @concurrent nonisolated func tile(_ path: TilePath) async throws(ProblemDetails) -> TransportResponse? {
        let (size, note) = await standing
        do {
            switch path {
            case .checkpoint:
                guard size != .empty else { return nil }
                return TransportResponse(status: 200, contentType: "text/plain; charset=utf-8", body: note)
            case .hashes(let tile):
                guard holds(tile.index, tile.width, of: Tile.hashCount(level: tile.level, in: size)) else { return nil }
                return .tile(try tile.nodes.flatMap { try store.registerNode($0).bytes })
            case .entries(let index, let width):
                guard holds(index, width, of: size.value) else { return nil }
                return .tile(EntryBundle.encode(try store.registerLeaves(from: index << 8, limit: width)))
            }
        } catch { throw BrokerProblem.store(error as? EventStoreError ?? .unavailable("tiles")) }
    }

    /// What is on the disk, and the head that covers it.
    private var standing: (size: TreeSize, note: [UInt8]) { (size, published.headNote) }

    /// Whether so many of a tile are there, without adding up what a caller made up.
    private nonisolated func holds(_ index: UInt64, _ width: Int, of count: UInt64) -> Bool {
        index <= count >> 8 && index << 8 + UInt64(width) <= count
    }
}

extension TransportResponse {
    fileprivate static func tile(_ body: [UInt8]) -> TransportResponse {
        TransportResponse(status: 200, contentType: "application/octet-stream", body: body)
    }
}
