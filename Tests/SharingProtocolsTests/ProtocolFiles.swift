import Foundation
import SharingProtocols
import TallystickPrimitives

/// The protocols of the repository, read where they lie.
enum ProtocolFiles {
    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: "\(name).yaml")))
    }

    /// The names of all files, in alphabetical order: whoever adds one has its tests.
    static let names: [String] = {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return found.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "protocols")

    static func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }

    /// Parsed once for all tests; hundreds of them ask.
    static func terms(_ name: String) throws -> SharingProtocol {
        switch name {
        case "jag": try jag.get()
        case "victim-first": try victimFirst.get()
        case "mappa": try mappa.get()
        case "jag-narrowed": try narrowed.get()
        default: try SharingProtocol(parsing: try bytes(name), file: "\(name).yaml")
        }
    }

    private static let jag = Result {
        try SharingProtocol(parsing: try bytes("jag"), file: "jag.yaml")
    }

    /// The Joint Action Group's protocol with clauses that differ in every part: in the real one
    /// the gateways' own terms often say already what the clauses say.
    private static let narrowed = Result {
        let text = try edited(
            "jag",
            [
                (
                    "gateways: [cda-1998-s115, care-act-2014-s42, victims-code-right-4]",
                    "gateways: [care-act-2014-s42]"
                ), ("labels: [contact]\n    from: all", "labels: [contact]\n    from: [police]"),
                (
                    "purposes: [prevent-asb, protect-victim]\n    gateways: [cda-1998-s115]",
                    "purposes: [protect-victim]\n    gateways: [cda-1998-s115]"
                ),
                (
                    "  - clause: risk-to-case-agencies\n",
                    "  - clause: risk-to-case-agencies\n"
                        + "    conditions: [dpa-sch1-18-safeguarding]\n"
                ), ("    side: victim\n", "    side: subject\n"),
            ])
        return try SharingProtocol(parsing: Array(text.utf8), file: "jag-narrowed.yaml")
    }

    private static let mappa = Result {
        try SharingProtocol(parsing: try bytes("mappa"), file: "mappa.yaml")
    }

    private static let victimFirst = Result {
        try SharingProtocol(parsing: try bytes("victim-first"), file: "victim-first.yaml")
    }

    /// A protocol with pieces of its text replaced; each piece must be there.
    static func edited(_ name: String, _ edits: [(String, String)]) throws -> String {
        var text = try text(name)
        for (old, new) in edits {
            guard let range = text.range(of: old) else { throw MissingText(text: old) }
            text.replaceSubrange(range, with: new)
        }
        return text
    }

    struct MissingText: Error {
        let text: String
    }
}
