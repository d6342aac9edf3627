import GRDB
import Synchronization

/// The words of the views' entries. It changes when the transaction that changes the entries has been committed, before
/// anybody else's turn.
final class SearchIndex: Sendable {
    private let index = Mutex(WordIndex())

    /// What a transaction changes.
    enum Change: Sendable {
        case added(WordIndex.Found, SearchWords)
        case removed(Int64)
    }

    /// Makes changes in their order if the present transaction is committed.
    func apply(_ changes: [Change], after database: Database) {
        guard !changes.isEmpty else { return }
        database.afterNextTransaction { _ in
            self.index.withLock { index in
                for change in changes {
                    switch change {
                    case .added(let entry, let words): index.add(entry, words: words)
                    case .removed(let entry): index.remove(entry)
                    }
                }
            }
        }
    }

    /// The entries that hold every word; see `WordIndex.find(_:)`.
    func find(_ words: SearchWords) -> [WordIndex.Found] { index.withLock { $0.find(words) } }
}
