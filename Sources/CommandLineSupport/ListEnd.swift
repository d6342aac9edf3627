import NodeInterface
import TallystickPrimitives

/// What a list says when it may not be whole.
enum ListEnd {
    /// Nothing for a list that is whole.
    static func words(after count: Int) -> String {
        guard count >= Limits.listRowCount else { return "" }
        return "These are the newest \(count); find others with 'tallystick search'.\n"
    }
}
