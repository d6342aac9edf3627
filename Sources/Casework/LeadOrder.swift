public import TallystickPrimitives

/// Who has led a case, in order, where its lead ever changed: whoever opened it first, who leads it now last.
///
/// It follows from steps that everybody on the case can check, and never from what an entry says.
public struct LeadOrder: Hashable, Sendable {
    /// The agencies; empty where whoever opened the case leads it still.
    public let agencies: [AgencyCode]

    /// States the order.
    public init(_ agencies: [AgencyCode] = []) { self.agencies = agencies }

    /// Who leads now; nil where whoever opened the case does.
    public var last: AgencyCode? { agencies.last }

    /// What the newest lead says of something that not every one of them spoke of.
    public func newest<Value>(_ said: (AgencyCode) -> Value?) -> Value? {
        agencies.reversed().lazy.compactMap(said).first
    }

    /// Whether an agency may say what a case is: whoever opened it, and whoever came to lead it after the one that said so
    /// last.
    ///
    /// - Parameters:
    ///   - opener: who opened the case, where that is known.
    ///   - speaker: who said it last; nil where nobody did.
    public func mayState(_ agency: AgencyCode, opener: AgencyCode?, after speaker: AgencyCode?) -> Bool {
        guard !agencies.isEmpty else { return (opener ?? speaker).map { $0 == agency } ?? true }
        guard let rank = agencies.lastIndex(of: agency) else { return false }
        return speaker.flatMap { agencies.lastIndex(of: $0) }.map { rank >= $0 } ?? true
    }
}
