import Glibc

/// Shows on standard error how much of long work is done: a bar that grows on a terminal, and elsewhere a line for each
/// tenth. Work of a few steps shows nothing.
public struct ProgressLine: Sendable {
    static let leastCount = 10
    private static let width = 30

    private let work: String
    private let total: Int
    private let isTerminal: Bool

    /// Progress on this process's standard error.
    ///
    /// - Parameters:
    ///   - work: what is done, such as `pages verified`.
    ///   - total: how many steps there are.
    public init(_ work: String, total: Int) {
        self.init(work, total: total, isTerminal: isatty(StandardStream.error.rawValue) == 1)
    }

    init(_ work: String, total: Int, isTerminal: Bool) {
        self.work = work
        self.total = total
        self.isTerminal = isTerminal
    }

    /// Shows that so many steps are done; call it after each.
    public func show(_ done: Int) {
        if let text = text(done) { StandardStream.error.write(text) }
    }

    /// What to write after a step; nil for nothing.
    func text(_ done: Int) -> String? {
        guard total >= ProgressLine.leastCount, (1...total).contains(done) else { return nil }
        let percentage = done * 100 / total
        if isTerminal {
            let filled = done * ProgressLine.width / total
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: ProgressLine.width - filled)
            return "\r[\(bar)] \(percentage) % of \(total) \(work)" + (done == total ? "\n" : "")
        }
        guard done * 10 / total > (done - 1) * 10 / total else { return nil }
        return "\(done) of \(total) \(work) (\(percentage) %)\n"
    }
}
