/// The bounds that several modules share, each with its unit and reason; a module's own are in an extension there.
///
/// A new one needs a test at the limit and one beyond; the few without are listed in `LimitTests`.
public enum Limits {
    /// Characters in a code (WIRE §4).
    public static let codeLength = 32
    /// Characters in a log's origin: fits one line of a signed note and one database key.
    public static let originLength = 200
    /// Nesting of CBOR items: our deepest object has six levels.
    public static let cborDepth = 8
    /// Bytes in one CBOR item from a peer: the largest push or feed page.
    public static let cborByteCount = 64 << 20
    /// Items inside one CBOR item: the largest push has some 300,000, and an item takes up to 50 times its bytes.
    public static let cborItemCount = 1 << 19
    /// Bytes in one statement: the 16-bit entry length of tlog-tiles leaves room to spare.
    public static let statementByteCount = 16 << 10
    /// Bytes in one sealed compartment before chunking is needed.
    public static let compartmentByteCount = 1 << 20
    /// Compartments in one statement.
    public static let compartmentCount = 16
    /// Grants in one statement: one for each member of a full circle.
    public static let grantCount = 64
    /// Agencies in one circle.
    public static let circleMemberCount = 64
    /// Bytes in one direct grant: an X-Wing encapsulation and the keys of a few hundred compartments.
    public static let grantByteCount = 64 << 10
    /// Statements in one append batch: bounds the time a caller waits for its neighbours.
    public static let batchEventCount = 256
    /// Statements in one push or one page of a feed.
    public static let pageStatementCount = 512
    /// Register leaves in one page.
    public static let pageLeafCount = 4096
    /// Bytes of compartments carried in one page before the rest waits for the next.
    public static let pageByteCount = 8 << 20
    /// Bytes in one HTTP request body: a page with its framing.
    public static let requestByteCount = 16 << 20
    /// Signature lines in one signed note (c2sp.org/signed-note asks for at least 16).
    public static let noteSignatureCount = 64
    /// Bytes in one signed note.
    public static let noteByteCount = 64 << 10
    /// Padded sizes of a sealed compartment, in bytes: what a size reveals is one of seven.
    public static let paddingBuckets = [256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20]
}
