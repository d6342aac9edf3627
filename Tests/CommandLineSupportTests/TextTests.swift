import CommandLineSupport
import Testing

@Suite("Text for terminals")
struct TextTests {
    @Test("Nothing from elsewhere moves the cursor or turns the writing")
    func printable() {
        for value in UInt32(0)..<0x2100 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let shown = PlainText.printable("a" + String(scalar) + "b").unicodeScalars
            let control = scalar.properties.generalCategory == .control
            let format = scalar.properties.generalCategory == .format
            let turning =
                [0x200e, 0x200f, 0x061c].contains(value) || (0x202a...0x202e).contains(value)
            if control || (format && turning) { #expect(!shown.contains(scalar)) }
            #expect(shown.count == 3)
        }
        #expect(PlainText.printable("one\ntwo") == "one two")
        #expect(PlainText.printable("one\ntwo", keepingLines: true) == "one\ntwo")
        #expect(PlainText.printable("Siân Ó Néill 東京") == "Siân Ó Néill 東京")
    }

    @Test("Tables align, and end no line in spaces")
    func tables() {
        let table = TextTable(["Case", "Stage"], [["a/1", "opened"], ["harbour-homes/2", ""]])
        #expect(
            table.text == """
                Case             Stage
                a/1              opened
                harbour-homes/2

                """)
        #expect(TextTable(["Case"], [], empty: "No cases yet.").text == "No cases yet.\n")
    }

    @Test(
        "Host and port",
        arguments: [
            ("relay.example:7443", "relay.example", 7443), ("127.0.0.1:0", "127.0.0.1", 0),
            ("[2001:db8::1]:65535", "[2001:db8::1]", 65535),
        ])
    func addresses(text: String, host: String, port: Int) throws {
        let address = try NetworkAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(
        "What is no host and port",
        arguments: ["", ":1", "host", "host:", "host:65536", "host:-1", "2001:db8::1:1"])
    func noAddresses(text: String) {
        #expect(throws: CommandFailure.self) { try NetworkAddress(text) }
    }

    @Test("Options of the form NAME=VALUE")
    func pairs() throws {
        #expect(try Pairs.numbers(["frequency=3", "fear=0"]) == ["frequency": 3, "fear": 0])
        #expect(
            try Pairs.answers(["weapon=yes", "suicidal=no"]) == ["weapon": true, "suicidal": false])
        #expect(try Pairs.texts(["summary=a=b"]) == ["summary": "a=b"])
        for wrong in [["frequency"], ["=3"], ["frequency=x"], ["a=1", "a=2"]] {
            #expect(throws: CommandFailure.self) { try Pairs.numbers(wrong) }
        }
        #expect(throws: CommandFailure.self) { try Pairs.answers(["weapon=maybe"]) }
    }
}
