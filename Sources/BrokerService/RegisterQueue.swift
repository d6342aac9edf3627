import HTTPTransport
import Replication
import TallystickPrimitives

/// The pushes that wait to be registered together.
struct RegisterQueue {
    typealias Outcome = Result<RegisteredPush, ProblemDetails>

    /// One push, and who waits for it.
    struct Waiting {
        let push: CheckedPush
        /// Whose certificate brought it; nil where the acts carry the board's own signatures.
        let peer: AgencyCode?
        let continuation: CheckedContinuation<Outcome, Never>
    }

    private var waiting: [Waiting] = []

    var count: Int { waiting.count }

    mutating func append(_ push: Waiting) { waiting.append(push) }

    /// Takes the first that together are at most as many statements as one transaction holds, at least one push.
    mutating func takeNext() -> [Waiting] {
        var statementCount = 0
        var count = 0
        while count < waiting.count {
            statementCount += waiting[count].push.request.statements.count
            guard statementCount <= Limits.registeredTogetherCount || count == 0 else { break }
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
