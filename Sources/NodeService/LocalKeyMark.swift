import PartyFiles

/// Says, by being there, that something was or is about to be destroyed, so that the local key must be replaced before anybody
/// is told that it is gone: an older copy of the disk opens with the key of today otherwise (DESIGN §9).
struct LocalKeyMark: Sendable {
    let path: String

    init(directory: String) { path = directory + "/local-key-due" }

    var isSet: Bool { PublicFile.exists(path) }

    /// Sets it; it survives a power cut when this returns.
    func set() throws { try PublicFile.write([], to: path) }

    func remove() throws { try PublicFile.removeDurably(path) }
}

/// Something was destroyed, and the local key is to be replaced: the node must stop, and its next start does that.
struct LocalKeyDue: Error {}
