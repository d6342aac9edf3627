import Replication
import EventLogs
import Partnership
public import TallystickPrimitives

/// What a revoked key signed from the position on that its revocation names, and that was accepted before the revocation
/// was registered: void, but for what its agency stands by under its new key.
///
/// The register's verdicts stay what they are. That a statement is in doubt is said beside it, to people.
public struct KeyDoubt: Hashable, Sendable {
    /// The log.
    public let log: Origin
    /// Whose log it is.
    public let agency: AgencyCode?
    /// The revoked key.
    public let keyID: Hash256
    /// The register position from which its signatures are void.
    public let after: TreeSize
    /// Indexes of what is void, in runs.
    public let void: [ClosedRange<UInt64>]
    /// Indexes of what was reaffirmed, in runs.
    public let reaffirmed: [ClosedRange<UInt64>]

    /// How many statements are void.
    public var voidCount: UInt64 { void.reduce(0) { $0 + $1.upperBound - $1.lowerBound + 1 } }
}

/// Which key signed what, for whoever must tell later what is in doubt: a revocation may reach back.
struct SignedPlaces: Sendable {
    private struct Place: Sendable {
        let index: UInt64
        let position: UInt64
    }

    private var places: [Origin: [Hash256: [Place]]] = [:]

    /// Notes an accepted statement.
    mutating func note(_ keyID: Hash256, record: AdmissionRecord, at position: UInt64) {
        places[record.origin, default: [:]][keyID, default: []]
            .append(Place(index: record.index.value, position: position))
    }

    /// What is in doubt by everything that is known.
    func doubts(by roster: Roster) -> [KeyDoubt] {
        roster.revocations.sorted { $0.key < $1.key }.flatMap { origin, keys in
            keys.sorted { $0.key < $1.key }.map { keyID, after in
                let signed = places[origin]?[keyID] ?? []
                let inDoubt = signed.filter { $0.position >= after.value }.map(\.index)
                let claims = roster.reaffirmed[origin]?[keyID] ?? IndexRuns()
                return KeyDoubt(
                    log: origin, agency: roster.party(of: origin)?.code, keyID: keyID, after: after,
                    void: SignedPlaces.runs(inDoubt.filter { !claims.contains($0) }),
                    reaffirmed: SignedPlaces.runs(inDoubt.filter(claims.contains)))
            }
        }
    }

    /// Ascending indexes as runs without gaps.
    static func runs(_ indexes: [UInt64]) -> [ClosedRange<UInt64>] {
        indexes.reduce(into: []) { runs, index in
            if let last = runs.last, last.upperBound + 1 == index {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
    }
}

extension KeyDoubt {
    /// The doubt as lines of text.
    var lines: [String] {
        let whose = agency?.text ?? "board"
        var lines = ["log \(log) (\(whose)): key \(keyID) revoked, void from register position \(after)"]
        lines.append("  void, not reaffirmed: " + KeyDoubt.words(void))
        if !reaffirmed.isEmpty { lines.append("  reaffirmed: " + KeyDoubt.words(reaffirmed)) }
        return lines
    }

    private static func words(_ runs: [ClosedRange<UInt64>]) -> String {
        guard !runs.isEmpty else { return "nothing" }
        let indexes = runs.map { run in
            run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound) to \(run.upperBound)"
        }
        return "index " + indexes.joined(separator: ", ")
    }

    var value: JSONValue {
        func list(_ runs: [ClosedRange<UInt64>]) -> JSONValue {
            .list(runs.map { .list([.number($0.lowerBound), .number($0.upperBound)]) })
        }
        return .object([
            ("log", .text(of: log)), ("agency", .optional(agency, JSONValue.text(of:))), ("key", .text(of: keyID)),
            ("voidFrom", .number(after.value)), ("void", list(void)), ("reaffirmed", list(reaffirmed)),
        ])
    }
}
