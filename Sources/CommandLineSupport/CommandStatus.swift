/// How a command ended, for scripts: the numbers are a documented contract.
///
/// Where both integrity and sharing outside protocol were found, integrity wins.
public enum CommandStatus: Int32, CaseIterable, Sendable {
    /// Done.
    case success = 0
    /// Not done.
    case failure = 1
    /// Something is not what it must be: bytes, order, signatures or verdicts.
    case integrity = 2
    /// Something was given that no clause in force permitted; for review.
    case outsideProtocol = 3
    /// Kept, and recorded by itself later.
    case kept = 4
    /// The command was not understood; the number is that of `sysexits.h` (EX_USAGE).
    case usage = 64
}
