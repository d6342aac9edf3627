public import TallystickPrimitives

/// Which restrictions travel with what is given (decision 0035).
extension ShareDecisions {
    /// What the sender states: every restriction of every clause that permits it, and of what it was made from.
    ///
    /// - Returns: none where it is not permitted.
    public static func caveatsToState(
        _ question: ShareQuestion, under terms: SharingProtocol?
    ) -> Set<CaveatCode> {
        guard case .permit(let clauses) = decideShare(question, under: terms) else { return [] }
        return Set(clauses.flatMap(\.caveats))
    }

    /// What must at least be stated, as far as whoever asks can see: the restrictions that every clause has which may have
    /// permitted it. Whoever sees less sees more clauses that may have, and asks for no more than the sender stated.
    ///
    /// - Returns: none where it is not permitted; that is another finding.
    public static func caveatsDue(_ question: ShareQuestion, under terms: SharingProtocol?) -> Set<CaveatCode> {
        guard case .permit(let clauses) = decideShare(question, under: terms), let first = clauses.first else {
            return []
        }
        return clauses.dropFirst().reduce(into: Set(first.caveats)) { $0.formIntersection($1.caveats) }
    }
}
