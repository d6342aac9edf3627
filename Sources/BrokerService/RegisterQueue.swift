import HTTPTransport
import Replication
import TallystickPrimitives

/// What waits to be registered together.
struct RegisterQueue {
    typealias Outcome = Result<RegisteredPush, ProblemDetails>

    /// What is to be registered.
    enum Entry {
        /// The statements of a push. The peer is whose certificate brought it; nil where the acts carry the board's own
        /// signatures.
        case push(CheckedPush, peer: AgencyCode?)
        /// That somebody looked something up.
        case lookUp(RegisterLeaf)

        var leafCount: Int {
            switch self {
            case .push(let push, _): push.request.statements.count
            case .lookUp: 1
            }
        }
    }

    /// An entry, and who waits for it.
    struct Waiting {
        let entry: Entry
        let continuation: CheckedContinuation<Outcome, Never>
    }

    private var waiting: [Waiting] = []

    var count: Int { waiting.count }

    mutating func append(_ push: Waiting) { waiting.append(push) }

    /// They were taken, and must be taken again before all others.
    mutating func putBack(_ group: [Waiting]) { waiting.insert(contentsOf: group, at: 0) }

    /// Takes the first that together are at most as many statements as one transaction holds, at least one entry.
    mutating func takeNext() -> [Waiting] {
        var leafCount = 0
        var count = 0
        while count < waiting.count {
            leafCount += waiting[count].entry.leafCount
            guard leafCount <= Limits.registeredTogetherCount || count == 0 else { break }
            count += 1
        }
        defer { waiting.removeFirst(count) }
        return Array(waiting.prefix(count))
    }

    mutating func takeAll() -> [Waiting] {
        defer { waiting = [] }
        return waiting
    }
}

extension Limits {
    /// Statements that one transaction of the register holds: a full push. More would leave the other cores without
    /// pushes to check while one registers, and a flush of the disk is little beside so many.
    static let registeredTogetherCount = 512
}
