import Foundation

/// The folder of conformance vectors: `TALLYSTICK_VECTORS`, or `Tests/Vectors` of this package.
public struct VectorDirectory: Sendable {
    private let root: URL

    /// The folder that the environment names, or else the one of this package.
    public init() {
        if let path = ProcessInfo.processInfo.environment["TALLYSTICK_VECTORS"], !path.isEmpty {
            root = URL(fileURLWithPath: path, isDirectory: true)
        } else {
            // The sources may be linked into another package, so the link is followed first.
            let source = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            let package = source.deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            root = package.appendingPathComponent("Tests/Vectors", isDirectory: true)
        }
    }

    /// The folder at `path`.
    public init(path: String) { root = URL(fileURLWithPath: path, isDirectory: true) }

    /// The bytes of a file, named by its path inside the folder.
    /// - Throws: the error of the file system, which names the path.
    public func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appendingPathComponent(name)))
    }

    /// Reads a vector file such as `cbor/appendix_a.json`.
    /// - Throws: the error of the file system, or of decoding a vector as `Vector`.
    public func load<Vector: Decodable & Sendable>(
        _ name: String, as type: Vector.Type = Vector.self
    ) throws -> VectorFile<Vector> {
        try JSONDecoder().decode(VectorFile<Vector>.self, from: Data(try bytes(of: name)))
    }
}

/// One file of vectors, all of the same shape.
public struct VectorFile<Vector: Decodable & Sendable>: Decodable, Sendable {
    /// How many vectors the file says it has; groups count as one.
    public let count: Int
    /// What the file checks.
    public let about: String?
    /// The vectors in order.
    public let vectors: [Vector]
}
