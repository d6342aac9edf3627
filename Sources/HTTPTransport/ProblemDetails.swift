import FoundationEssentials
public import TallystickPrimitives

/// Marks the code of a problem.
public enum ProblemTag: Sendable {}
/// What kind of problem a response reports, such as `peer-not-enrolled`.
public typealias ProblemCode = Code<ProblemTag>

/// Why a request was not answered as asked, for people and programs (RFC 9457).
///
/// On the wire its `type` is `tallystick:problem/<code>`. It never carries sealed content, names or
/// free text of others.
public struct ProblemDetails: Error, Hashable, Sendable {
    /// The kind of problem.
    public let code: ProblemCode
    /// A short summary that is the same for every problem of this kind.
    public let title: String
    /// The HTTP status of the response, from 400 to 599.
    public let status: Int
    /// What happened this time, and what to do.
    public let detail: String

    /// The media type of a problem.
    public static let mediaType = "application/problem+json"

    /// A problem made of its parts.
    /// - Precondition: `status` is from 400 to 599.
    public init(code: ProblemCode, title: String, status: Int, detail: String) {
        precondition((400...599).contains(status), "a problem has a status of an error")
        self.code = code
        self.title = title
        self.status = status
        self.detail = detail
    }

    /// Reads a problem from JSON; nil for other JSON and for problems that are not ours.
    public init?(json: [UInt8]) {
        guard let wire = try? JSONDecoder().decode(WireProblem.self, from: Data(json)),
            wire.type.hasPrefix(WireProblem.typePrefix), (400...599).contains(wire.status),
            let code = ProblemCode(String(wire.type.dropFirst(WireProblem.typePrefix.count)))
        else { return nil }
        self.init(code: code, title: wire.title, status: wire.status, detail: wire.detail)
    }

    /// The problem as JSON, with its members in alphabetical order.
    public var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let wire = WireProblem(
            type: WireProblem.typePrefix + code.text, title: title, status: status, detail: detail)
        guard let data = try? encoder.encode(wire) else {
            preconditionFailure("strings and integers always encode")
        }
        return Array(data)
    }
}

extension ProblemDetails: CustomStringConvertible {
    public var description: String { "\(title) (\(code), HTTP \(status)): \(detail)" }
}

/// The members of a problem as they are written.
private struct WireProblem: Codable {
    let type: String
    let title: String
    let status: Int
    let detail: String

    static let typePrefix = "tallystick:problem/"
}
