/// A copy of a store, in a directory inside of its own, that takes the store's place when everything in it is right.
///
/// The store itself is only read until then. The copy may be written part by part, since nobody uses it yet.
struct StoreCopy: Sendable {
    /// The copy.
    let copy: StoreConnection
    /// The version of the tables that was copied.
    let version: Int64
    private let source: StoreConnection
    private let original: StoreFile
    private let file: StoreFile

    /// Copies the store of a directory, in which no process may be at work, of whatever version. What an earlier attempt
    /// left is removed.
    init(of kind: StoreKind, in directory: String, to copyDirectory: String) throws(StoreOpeningError) {
        original = StoreFile(directory: directory, name: kind.fileName)
        file = StoreFile(directory: copyDirectory, name: kind.fileName)
        (source, version) = try StoreConnection.openAnyVersion(of: kind, in: directory)
        try file.remove()
        copy = try .copy(kind, from: source, to: copyDirectory)
    }

    /// Puts the copy in the store's place.
    func switchOver() throws {
        try copy.emptyWriteAheadLog()
        try copy.close()
        try source.emptyWriteAheadLog()
        try source.close()
        try file.replace(original)
        try file.remove()
    }

    /// Throws the copy away; the store is as it was.
    func discard() throws(StoreOpeningError) {
        try copy.close()
        try source.close()
        try file.remove()
    }
}
