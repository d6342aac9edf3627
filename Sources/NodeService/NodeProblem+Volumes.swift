import EventLogs
import HTTPTransport
import TallystickPrimitives

/// What is answered where a volume cannot be destroyed.
extension NodeProblem {
    static func volumeIncomplete(_ number: UInt64, size: UInt64) -> ProblemDetails {
        ProblemDetails(
            code: "volume-incomplete", title: "This volume is not complete", status: 409,
            detail: """
                Volume \(number) has fewer than \(size) entries yet, and volumes go whole. \
                'tallystick volume list' shows those that are complete.
                """)
    }

    static func volumeGone(_ number: UInt64) -> ProblemDetails {
        ProblemDetails(
            code: "volume-gone", title: "This volume is destroyed", status: 409,
            detail: "Volume \(number) went by the board's act; 'tallystick volume list' shows the record.")
    }

    static func volumeKept(_ number: UInt64, _ obstacles: [VolumeObstacle]) -> ProblemDetails {
        ProblemDetails(
            code: "volume-kept", title: "This volume cannot go", status: 409,
            detail: "Volume \(number): \(obstacles.map(words).joined(separator: "; ")). Nothing was proposed.")
    }

    private static func words(_ obstacle: VolumeObstacle) -> String {
        switch obstacle {
        case .onHold: "somebody holds something in it (see 'tallystick hold list')"
        case .kept: "an agency keeps something of it under a law, or has not answered (see 'tallystick erasure list')"
        case .notOver:
            "it has entries that are neither erased nor at rest for seven years (see 'tallystick retention list')"
        case .inUse: "a hold that stands was placed in it, or a case is led by an entry of it"
        }
    }
}
