import TallystickPrimitives

/// The address of a published part of a log, below its prefix (c2sp.org/tlog-tiles).
public enum TilePath: Hashable, Sendable {
    /// The signed tree head: `checkpoint`.
    case checkpoint
    /// Hashes: `tile/<level>/<index>`, with `.p/<width>` when partial.
    case hashes(Tile)
    /// The entries under a tile of level 0: `tile/entries/<index>`, with `.p/<width>` when partial.
    case entries(index: UInt64, width: Int)

    /// Parses a path; nil unless it is spelt exactly as `text` spells it.
    public init?(_ text: String) {
        guard text != "checkpoint" else {
            self = .checkpoint
            return
        }
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, parts.count <= 12, parts.removeFirst() == "tile" else { return nil }
        let kind = parts.removeFirst()
        guard let width = TilePath.takeWidth(&parts), let index = TilePath.index(parts) else {
            return nil
        }
        if kind == "entries" {
            self = .entries(index: index, width: width)
        } else {
            guard let level = UInt8(kind), level < Tile.levelCount else { return nil }
            self = .hashes(Tile(level: level, index: index, width: width))
        }
        guard self.text == text else { return nil }
    }

    /// The path, without a slash in front.
    public var text: String {
        switch self {
        case .checkpoint: "checkpoint"
        case .hashes(let tile):
            "tile/\(tile.level)/" + TilePath.text(index: tile.index, width: tile.width)
        case .entries(let index, let width):
            "tile/entries/" + TilePath.text(index: index, width: width)
        }
    }

    private static func text(index: UInt64, width: Int) -> String {
        var groups: [String] = []
        var rest = index
        repeat {
            let digits = String(1000 + rest % 1000).dropFirst()
            groups.append(groups.isEmpty ? String(digits) : "x" + digits)
            rest /= 1000
        } while rest > 0
        let path = groups.reversed().joined(separator: "/")
        return width == Tile.fullWidth ? path : path + ".p/\(width)"
    }

    /// Removes `.p/<width>` from the end; nil when it is there and not a width.
    private static func takeWidth(_ parts: inout [String]) -> Int? {
        guard parts.count >= 2, parts[parts.count - 2].hasSuffix(".p") else {
            return Tile.fullWidth
        }
        let width = Int(parts.removeLast())
        parts[parts.count - 1].removeLast(2)
        return width.flatMap { (1..<Tile.fullWidth).contains($0) ? $0 : nil }
    }

    /// The number in groups of three digits; `text` then tells whether it is spelt in the one right
    /// way.
    private static func index(_ groups: [String]) -> UInt64? {
        UInt64(groups.map { $0.hasPrefix("x") ? String($0.dropFirst()) : $0 }.joined())
    }
}

extension TilePath: CustomStringConvertible {
    public var description: String { text }
}
