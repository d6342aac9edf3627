import SharingProtocols

extension AccessPack {
    /// The name of its files, without an ending.
    public var fileName: String { regime.rawValue }

    private static let marking = "WORKING DRAFT for the lead who answers. Not checked, not to be released."

    private var title: String { "Information about \(asked.requester): \(regime.meaning)" }

    private var reasons: [String] {
        exemptions.isEmpty ? [] : exemptions.map { "Something was left out: \($0.meaning)." }
    }

    /// The draft as text.
    public var text: String {
        var lines = [AccessPack.marking, "", title, String(repeating: "=", count: title.count), ""]
        for page in pages {
            lines += ["Page \(page.number). \(page.title)", ""]
            lines += page.lines.map { PlainTable.wrapped("\($0.heading): \($0.text)") }
            lines += [AccessPack.marking, ""]
        }
        lines += reasons
        return lines.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined()
    }

    /// The draft as a page without scripts, for a browser or a printer; each of its pages begins a sheet.
    public var html: String {
        let mark = "<p class=\"mark\">\(PlainTable.escaped(AccessPack.marking))</p>\n"
        let body = pages.map { page in
            let rows = page.lines.map { line in
                "<dt>\(PlainTable.escaped(line.heading))</dt><dd>\(PlainTable.escaped(line.text))</dd>\n"
            }
            let heading = "<h2>Page \(page.number). \(PlainTable.escaped(page.title))</h2>\n"
            return "<section>\n\(mark)\(heading)<dl>\n\(rows.joined())</dl>\n</section>\n"
        }
        let why = reasons.map { "<p>\(PlainTable.escaped($0))</p>\n" }
        return """
            <!doctype html>
            <html lang="en-GB">
            <head>
            <meta charset="utf-8">
            <title>\(PlainTable.escaped(title))</title>
            <style>
            body { font-family: sans-serif; margin: 2rem auto; max-width: 50rem; padding: 0 1rem; line-height: 1.5 }
            .mark { border: 2px solid #d4351c; padding: 0.4rem; font-weight: bold }
            section { break-before: page }
            dt { font-weight: bold }
            </style>
            </head>
            <body>
            \(mark)<h1>\(PlainTable.escaped(title))</h1>
            \(body.joined())\(why.joined())</body>
            </html>

            """
    }
}
