public import SharingProtocols
public import TallystickPrimitives

/// The kinds of behaviour that people record by hand (DOMAIN §5). A partnership may divide one further: `noise-party` is a
/// kind of `noise`, and what holds for `hate` holds for `hate-disability`.
public enum CategoryBook {
    /// The codes, in alphabetical order.
    public static let codes: [CategoryCode] = [
        "abandoned-vehicle", "alcohol", "animals", "anti-social-behaviour", "arson", "assault", "begging", "child",
        "communal-areas", "criminal-damage", "cuckooing", "dogs", "domestic-abuse", "drugs", "exploitation",
        "fire-setting", "fireworks", "fly-tipping", "gangs", "graffiti", "harassment", "hate", "health",
        "intimidation", "litter", "neighbour-dispute", "noise", "nuisance", "other", "prostitution", "rough-sleeping",
        "rowdy-behaviour", "sexual-offence", "stalking", "street-drinking", "threats", "trespass", "vandalism",
        "vehicle-nuisance", "verbal-abuse", "violence", "weapons",
    ]

    /// Whether a code is one of them, or divides one of them further.
    public static func covers(_ category: CategoryCode) -> Bool {
        codes.contains { category == $0 || category.text.hasPrefix($0.text + "-") }
    }
}
