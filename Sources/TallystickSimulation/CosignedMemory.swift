import EventLogs
import HTTPTransport
import Replication
import TallystickPrimitives
import TransparencyLog

/// What each witness has cosigned, as it went over the network: of each log, one root at each size.
struct CosignedMemory {
    /// The heads that were offered to a witness last.
    private var offered: [AgencyCode: [Origin: TreeHead]] = [:]
    private var cosigned: [AgencyCode: [Origin: [TreeSize: Hash256]]] = [:]
    /// The first witness that cosigned two heads of one size, and of what.
    private(set) var contradiction: String?

    /// Takes note of an answer on its way to a witness.
    mutating func note(_ request: TransportRequest, _ answer: TransportResponse) throws {
        guard request.path == "/v1/witness/heads", answer.status == 200, let witness = request.peer else { return }
        let heads = try HeadOffers(decoding: answer.body).offers.map(\.request.head.claimed)
        offered[witness] = Dictionary(heads.map { ($0.origin, $0) }) { $1 }
    }

    /// Takes note of a request on its way from a witness.
    mutating func note(_ request: TransportRequest) throws {
        guard request.path == "/v1/witness/answers", let witness = request.peer else { return }
        for case .cosigned(let origin, _) in try WitnessAnswers(decoding: request.body).answers {
            guard let head = offered[witness]?[origin] else { continue }
            let known = cosigned[witness, default: [:]][origin, default: [:]].updateValue(head.root, forKey: head.size)
            if let known, known != head.root, contradiction == nil {
                contradiction = "\(witness) cosigned two heads of \(origin) at size \(head.size.value)"
            }
        }
    }

    /// How many heads were cosigned.
    var count: Int { cosigned.values.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.count } } }
}
