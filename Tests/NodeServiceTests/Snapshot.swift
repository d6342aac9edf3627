import Foundation
import PartyFiles

/// What a node had at a moment, to be put back over it: the log and what lies beside it, without the second store.
struct Snapshot {
    let place: PartyDirectory
    let copy: String

    init(of place: PartyDirectory, in directory: String) throws {
        self.place = place
        copy = directory + "/snapshot"
        try FileManager.default.copyItem(atPath: place.path, toPath: copy)
    }

    func putBack() throws {
        try FileManager.default.removeItem(atPath: place.path)
        try FileManager.default.copyItem(atPath: copy, toPath: place.path)
    }
}
