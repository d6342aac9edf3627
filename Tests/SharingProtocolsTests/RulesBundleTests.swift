import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives
import Testing

@Suite struct RulesBundleTests {
    @Test func theHashIsOverTheFourPartsOfTheWireFormat() throws {
        let yaml = try ProtocolFiles.bytes("jag")
        let bundle = RulesBundle.current(yaml: yaml)
        // Built by hand: SHA-256(det([1, version, YAML, {table name: SHA-256(table)}])), WIRE §4.
        var preimage: [UInt8] = [0x84, 0x01, 0x02, 0x59]
        preimage += [UInt8(yaml.count >> 8), UInt8(yaml.count & 0xff)] + yaml
        preimage += [0xa4]
        for name in ["codes", "gateways", "hard-blocks", "event-fields"] {
            let table = try #require(bundle.tables[name])
            preimage += [0x60 | UInt8(name.utf8.count)] + Array(name.utf8) + [0x58, 0x20]
            preimage += Hash256(hashing: table).bytes
        }
        #expect(bundle.hash == Hash256(hashing: preimage))
    }

    @Test func aBundleComesBackAsItWas() throws {
        let bundle = RulesBundle.current(yaml: try ProtocolFiles.bytes("jag"))
        let bytes = bundle.encoded.encoded
        let back = try RulesBundle(decoding: try CBOR(decoding: bytes))
        #expect(back == bundle)
        #expect(back.hash == bundle.hash)
        #expect(try back.sharingProtocol() == ProtocolFiles.terms("jag"))
    }

    @Test func everythingThatDecidesChangesTheHash() throws {
        let yaml = try ProtocolFiles.bytes("jag")
        let bundle = RulesBundle.current(yaml: yaml)
        #expect(RulesBundle.current(yaml: yaml + [0x0a]).hash != bundle.hash)
        let edited = try rebuilt(bundle) { items in items[1] = .unsigned(3) }
        #expect(edited.hash != bundle.hash)
        for name in bundle.tables.keys {
            var tables = bundle.tables
            tables[name] = (tables[name] ?? []) + [0x0a]
            let other = try rebuilt(bundle) { $0[3] = map(tables) }
            #expect(other.hash != bundle.hash)
        }
    }

    @Test func aProgramThatLacksTheRulesSaysSo() throws {
        let bundle = RulesBundle.current(yaml: try ProtocolFiles.bytes("jag"))
        let newer = try rebuilt(bundle) { $0[1] = .unsigned(3) }
        #expect(throws: RulesBundleError.otherDecisionFunction(3)) { try newer.sharingProtocol() }
        var tables = bundle.tables
        tables["gateways"] = Array("none".utf8)
        let other = try rebuilt(bundle) { $0[3] = map(tables) }
        #expect(throws: RulesBundleError.otherTable("gateways")) { try other.sharingProtocol() }
        tables = bundle.tables
        tables["more"] = []
        let more = try rebuilt(bundle) { $0[3] = map(tables) }
        #expect(throws: RulesBundleError.otherTable("more")) { try more.sharingProtocol() }
        tables = bundle.tables
        tables["codes"] = nil
        let fewer = try rebuilt(bundle) { $0[3] = map(tables) }
        #expect(throws: RulesBundleError.otherTable("codes")) { try fewer.sharingProtocol() }
        let broken = RulesBundle.current(yaml: Array("code: jag".utf8))
        #expect(throws: RulesBundleError.self) { try broken.sharingProtocol() }
    }

    @Test(
        arguments: [
            .null, .array([]), .array([.unsigned(2), .unsigned(1), .bytes([]), .map(of: [])]),
            .array([.unsigned(1), .unsigned(1), .text("x"), .map(of: [])]),
            .array([.unsigned(1), .unsigned(1), .bytes([]), .map(of: [(.unsigned(1), .bytes([]))])]
            ),
            .array([.unsigned(1), .negative(0), .bytes([]), .map(of: [])]),
            .array([
                .unsigned(1), .unsigned(1),
                .bytes([UInt8](repeating: 0, count: Limits.rulesBundleByteCount + 1)), .map(of: []),
            ]),
        ] as [CBOR])
    func otherShapesAreRefused(item: CBOR) {
        let error = #expect(throws: RulesBundleError.self) { try RulesBundle(decoding: item) }
        guard case .malformed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func theTablesAreReadWhole() {
        for (name, bytes) in CodeTables.all {
            let text = String(decoding: bytes, as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.allSatisfy { !$0.isEmpty && !$0.hasSuffix(" ") }, "\(name)")
            let columns = ["event-fields": 4, "codes": 5, "gateways": 6, "hard-blocks": 9][name]
            let separator: Character = name == "event-fields" ? " " : "|"
            for line in lines {
                let cells = line.split(separator: separator, omittingEmptySubsequences: false)
                #expect(cells.count == columns, "\(line)")
            }
        }
    }

    private func map(_ tables: [String: [UInt8]]) -> CBOR {
        .map(of: tables.map { (.text($0.key), .bytes($0.value)) })
    }

    private func rebuilt(
        _ bundle: RulesBundle, _ change: (inout [CBOR]) -> Void
    ) throws -> RulesBundle {
        var items = try bundle.encoded.items()
        change(&items)
        return try RulesBundle(decoding: .array(items))
    }
}
