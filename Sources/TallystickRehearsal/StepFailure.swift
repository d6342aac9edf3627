/// A step of the story that did not come out as it must.
public struct StepFailure: Error {
    /// What fell short.
    public let words: String

    /// Prepares it.
    public init(_ words: String) { self.words = words }
}
