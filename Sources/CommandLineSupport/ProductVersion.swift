/// The version that every executable tells.
public enum ProductVersion {
    /// Of this release (semver.org): nothing is promised before 1.0.0.
    public static let current = "0.1.0"
}
