import CommandLineSupport
import Replication

/// How a broker stands, as its local interface says it.
struct BrokerStatus: Answer, Codable {
    let registerSize: Int
    let parties: [String]
    let logs: Int
    let viewsFault: String?
    let finalSize: UInt64?
    let finality: String
    let twoStories: [String]

    var text: String {
        let views =
            viewsFault.map { "behind the register (\($0)); look-ups are refused until they have caught up" }
            ?? "up to date"
        return """
            Register entries: \(registerSize)
            Logs: \(logs)
            Parties: \(parties.joined(separator: ", "))
            Views: \(views)
            Final to: \(finalSize.map(String.init) ?? "nothing yet") (\(finality))

            """
                + twoStories.map { "Two stories: \($0); nothing more of it is admitted\n" }.joined()
    }
}

/// What the broker answers to the board's file.
enum BoardTaken {
    /// How many of the board's statements have a receipt.
    static func count(_ answer: [UInt8]) throws -> Int {
        do { return try PushAnswer(decoding: answer).receipts.count } catch {
            throw CommandFailure("the broker's answer does not read")
        }
    }
}
