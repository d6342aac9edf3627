import EventLogs
import HTTPTransport
import Partnership
import SharingProtocols
import TallystickPrimitives

/// What is answered where people have to choose, with what there is to choose from.
extension NodeProblem {
    static func unknownPurpose(_ purpose: PurposeCode, under terms: SharingProtocol) -> ProblemDetails {
        unknown(
            "purpose-unknown", "purpose", purpose.text, of: terms.purposes.map(\.code.text), lines: purposes(terms),
            under: terms)
    }

    static func unknownGateway(_ gateway: GatewayCode, under terms: SharingProtocol) -> ProblemDetails {
        let codes = terms.gateways.map(\.code)
        return unknown(
            "gateway-unknown", "power", gateway.text, of: codes.map(\.text), lines: codes.map(line), under: terms)
    }

    static func unknownLabel(_ label: String, askable: [ProtocolLabel], under terms: SharingProtocol) -> ProblemDetails
    {
        unknown(
            "label-unknown", "kind of information", label, of: askable.map(\.label.text),
            lines: askable.map { "\($0.label): \($0.meaning)" },
            under: terms)
    }

    static func notAnotherAgency(_ given: String, of agencies: [AgencyCode]) -> ProblemDetails {
        let nearest = Suggestions.nearest(to: given, among: agencies.map(\.text)).map { " Did you mean '\($0)'?" }
        return ProblemDetails(
            code: "agency-unknown", title: "Which agency?", status: 422,
            detail: "'\(given)' is no other enrolled agency.\(nearest ?? "") "
                + listed("Enrolled are", agencies.map(\.text)))
    }

    static func unknownCategory(_ given: String, of codes: [String]) -> ProblemDetails {
        let nearest = Suggestions.nearest(to: given, among: codes).map { " Did you mean '\($0)'?" } ?? ""
        return ProblemDetails(
            code: "category-unknown", title: "Which kind of behaviour?", status: 422,
            detail: """
                Nothing is listed under '\(given)'.\(nearest) Use one of these, or divide one further, as noise-party \
                does noise: \(codes.joined(separator: ", ")).
                """)
    }

    static func badArea(_ given: String) -> ProblemDetails {
        ProblemDetails(
            code: "area-malformed", title: "Which area?", status: 422,
            detail: """
                '\(given)' is no ward or LSOA. Give its code, one letter and eight digits as in E01025700, or a ward's \
                name. Whatever is finer than a ward goes under 'place' or 'address', which fewer agencies see.
                """)
    }

    static func unknownProtocol(_ given: String, of codes: [String]) -> ProblemDetails {
        let nearest = Suggestions.nearest(to: given, among: codes).map { " Did you mean '\($0)'?" } ?? ""
        let known = codes.isEmpty ? "None is in force yet." : listed("In force are", codes)
        return ProblemDetails(
            code: "protocol-unknown", title: "Which protocol?", status: 404,
            detail: "No protocol '\(given)' is in force.\(nearest) \(known)")
    }

    /// The review of a protocol has passed, and it says that sharing stops then.
    static func reviewLapsed(_ published: PublishedProtocol) -> ProblemDetails {
        let (code, review) = (published.publication.code, published.terms.review)
        return ProblemDetails(
            code: "review-overdue", title: "The agreement should have been reviewed", status: 409,
            detail: """
                The review of \(code) version \(published.publication.version) was due by \(review.by), and nothing new \
                is shared under it after that day. Ask \(review.lead). If somebody is in danger now, use \
                'tallystick emergency'.
                """)
    }

    private static func unknown(
        _ code: ProblemCode, _ what: String, _ given: String, of codes: [String], lines: [String],
        under terms: SharingProtocol
    ) -> ProblemDetails {
        let nearest = Suggestions.nearest(to: given, among: codes).map { " Did you mean '\($0)'?" } ?? ""
        return ProblemDetails(
            code: code, title: "There is no such \(what) to choose", status: 422,
            detail: "'\(given)' is no \(what) that can be chosen here under \(terms.code).\(nearest) "
                + listed("You can choose", lines))
    }

    static func choosePurpose(of codes: [PurposeCode], under terms: SharingProtocol) -> ProblemDetails {
        let known = terms.purposes.filter { codes.contains($0.code) }
        return ProblemDetails(
            code: "purpose-missing", title: "What is it for?", status: 422,
            detail: listed(
                "More than one purpose would do, and the choice is yours. Give --purpose",
                known.map { "\($0.code): \($0.meaning)" }))
    }

    static func chooseGateway(of codes: [GatewayCode], for purpose: PurposeCode) -> ProblemDetails {
        ProblemDetails(
            code: "gateway-missing", title: "Under which power?", status: 422,
            detail: listed(
                "For \(purpose) more than one power would do, and the choice is yours. Give --gateway",
                codes.map(line)))
    }

    /// What was chosen permits nothing. What might is not named: nobody is to try one power after another (PRACTICE P33).
    static func nothingPermitted(
        under terms: SharingProtocol, _ wish: ProtocolChoice.Wish, to agencies: [AgencyCode]
    ) -> ProblemDetails {
        let chosen = [wish.purpose.map { " for \($0)" }, wish.gateway.map { " under \($0)" }].compactMap(\.self)
        return ProblemDetails(
            code: "not-permitted", title: "The protocol does not allow this", status: 422,
            detail: """
                Nothing of this may go to \(agencies.map(\.text).joined(separator: ", ")) by \(terms.code)\
                \(chosen.joined()). 'tallystick protocol explain \(terms.code)' says what may.
                """)
    }

    private static func purposes(_ terms: SharingProtocol) -> [String] {
        terms.purposes.map { "\($0.code): \($0.meaning)" }
    }

    private static func line(_ gateway: GatewayCode) -> String { "\(gateway): \(gateway.meaning)" }

    private static func listed(_ heading: String, _ lines: [String]) -> String {
        ([heading + ":"] + lines.map { "  " + $0 }).joined(separator: "\n")
    }
}
