public import TallystickPrimitives

extension Limits {
    /// Rows in one list, the newest: more are found by searching.
    public static let listRowCount = 500
}
