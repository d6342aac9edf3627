import EventLogs
import TallystickPrimitives

/// What the world has shown or promised to somebody, and must stand by.
struct WorldRecord {
    /// The register.
    var register = LogMemory()
    /// Every log as far as the register has it, by origin.
    var registered: [Origin: LogMemory] = [:]
    /// Each agency's log.
    var logs: [AgencyCode: LogMemory] = [:]
    /// The events whose recording an agency's node has acknowledged.
    var acknowledged: [AgencyCode: Set<EventID>] = [:]
}
