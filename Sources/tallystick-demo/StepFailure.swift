/// A step of the story that did not come out as it must.
struct StepFailure: Error {
    let words: String

    init(_ words: String) { self.words = words }
}
