import Logging
import Synchronization
import TallystickPrimitives
import Telemetry
import Testing

struct JSONLogHandlerTests {
    private final class CollectingSink: LogSink {
        private let collected = Mutex<[String]>([])
        var lines: [String] { collected.withLock { $0 } }
        func write(line: String) { collected.withLock { $0.append(line) } }
    }

    private struct FixedTime: TimeSource {
        func now() -> Timestamp { Timestamp(wholeSeconds: 1_772_357_400) }
    }

    private struct Canary: Error, CustomStringConvertible {
        var description: String { "CANARY" }
    }

    private func line(_ body: (inout Logger) -> Void) -> String {
        let sink = CollectingSink()
        var logger = Logger(label: "node") { label in
            JSONLogHandler(label: label, level: .debug, sink: sink, timeSource: FixedTime())
        }
        body(&logger)
        return sink.lines.joined(separator: "\n")
    }

    @Test func lineHasItsMembersInOrder() {
        let written = line { logger in
            logger[metadataKey: "log.origin"] = "broker.example/log"
            logger.info("Appended", metadata: ["tree.size": "\(7)", "batch.events": "2"])
        }
        #expect(
            written == #"{"time":"2026-03-01T09:30:00Z","level":"info","label":"node","#
                + #""message":"Appended","batch.events":"2","log.origin":"broker.example/log","#
                + #""tree.size":"7"}"#
        )
    }

    @Test func unknownKeysNestedValuesAndErrorsNeverReachTheLog() {
        let written = line { logger in
            logger[metadataKey: "child.name"] = "CANARY"
            logger.error(
                "Failed", error: Canary(),
                metadata: [
                    "error.code": "x", "payload": "CANARY", "stream.name": ["CANARY"],
                    "log.origin": ["CANARY": "CANARY"], "CANARY": "1",
                ])
        }
        #expect(!written.contains("CANARY"))
        #expect(written.hasSuffix(#""message":"Failed","error.code":"x","redacted":6}"#))
    }

    @Test func valuesAreCutAtTheirLimit() {
        let limit = TelemetryLimits.valueLength
        for count in [limit, limit + 1] {
            let written = line {
                $0.info("m", metadata: ["error.code": "\(String(repeating: "x", count: count))"])
            }
            #expect(written.filter { $0 == "x" }.count == limit)
        }
    }

    @Test func noValueEndsTheLineOrSteersATerminal() {
        let written = line {
            $0.info("m", metadata: ["error.code": "a\n\"b\\\u{1b}[2J\u{202e}\u{2028}\u{e0001}c"])
        }
        let escaped = #"a\u000a\"b\\\u001b[2J\u202e\u2028\udb40\udc01c"#
        #expect(written.hasSuffix("\"error.code\":\"" + escaped + "\"}"))
    }

    @Test func levelsBelowTheHandlersAreNotWritten() {
        #expect(line { $0.trace("quiet") } == "")
    }

    @Test func keysAreDottedLowerCase() {
        for key in LogKey.allCases {
            let isPlain = key.rawValue.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: ".")
            }
            #expect(isPlain && key.rawValue.contains("."))
        }
    }
}
