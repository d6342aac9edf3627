import Foundation
import TallystickRehearsal
import Testing

/// The commands of the README's steps do what the README says, as they stand there.
@Suite("The README's steps", .serialized)
struct ReadmeTests {
    /// One block of commands.
    private struct Block {
        enum Kind: String { case commands = "sh", daemon = "sh daemon", stopped = "sh stopped" }

        let kind: Kind
        let text: String
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The blocks from the first step to the last.
    private static func blocks() throws -> [Block] {
        let text = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let steps = try #require(text.range(of: "**1. Passphrases**"))
        var blocks: [Block] = []
        var open: (kind: Block.Kind, lines: [Substring])?
        for line in text[steps.lowerBound...].split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("## ") || line.hasPrefix("### ") { break }
            if let block = open {
                if line == "```" {
                    blocks.append(Block(kind: block.kind, text: block.lines.joined(separator: "\n")))
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if line.hasPrefix("```"), let kind = Block.Kind(rawValue: String(line.dropFirst(3))) {
                open = (kind, [])
            }
        }
        return blocks
    }

    @Test("Every step works as it is printed, and two daemons never run in one directory")
    func everyStep() throws {
        let blocks = try ReadmeTests.blocks()
        try #require(blocks.count > 12, "the blocks have been found")
        let place = NSTemporaryDirectory() + "ts-readme-\(UUID().uuidString.prefix(8))"
        let stage = try RehearsalStage(directory: place, project: Self.root.path, programs: "/bin", isQuiet: true)
        defer { try? FileManager.default.removeItem(atPath: place) }
        try SmallFile.write(Data(script(of: blocks, in: place).utf8), to: stage.path("steps"))
        let outcome = try stage.run("bash", [stage.path("steps")])
        #expect(outcome.status == 0, "\(outcome.errors.suffix(2000))")
        for words in [
            "Joint Action Group, Northshire (jag", "findings: none", "complete to register head",
            "another process already runs in harbour",
        ] {
            #expect((outcome.output + outcome.errors).contains(words), "\(words)")
        }
    }

    /// The blocks with what a person does between them: wait until things have arrived, stop a node before it is checked.
    private func script(of blocks: [Block], in place: String) -> String {
        // A port of one's own, so that nothing else that listens is met.
        let port = 20_000 + Int(ProcessInfo.processInfo.processIdentifier % 20_000)
        var lines = [
            """
            set -euo pipefail
            cd '\(place)'
            PROJECT='\(Self.root.path)'
            PATH='\(Rehearsal.programs(root: Self.root.path))':$PATH
            # Key files as tests make them: quick to open.
            tallystick() { case "${1:-} ${2:-}" in *' init') command tallystick "$@" --test-cost;; *) command tallystick "$@";; esac; }
            tallystick-node() { case "${1:-}" in init) command tallystick-node "$@" --test-cost;; *) command tallystick-node "$@";; esac; }
            tallystick-broker() { case "${1:-}" in init) command tallystick-broker "$@" --test-cost;; *) command tallystick-broker "$@";; esac; }
            declare -A daemons
            stop_all() { for daemon in "${daemons[@]}"; do kill "$daemon" 2>/dev/null || true; done; wait; }
            trap stop_all EXIT
            standing() {
              for node in harbour police; do
                command tallystick node status --node $node --officer readme --format json | tr ',{}' '\\n\\n\\n' | grep -E '"(pending|registerSize)"'
              done
            }
            settle() {
              local before= now= same=0
              for _ in $(seq 600); do
                now=$(standing)
                if [[ $now == "$before" && $(grep -c '"pending" *: *0' <<< "$now") == 2 && $(grep registerSize <<< "$now" | sort -u | wc -l) == 1 ]]; then
                  same=$((same + 1)); [[ $same == 4 ]] && return 0
                else same=0; fi
                before=$now; sleep 0.1
              done
              echo "it never settled: $now" >&2; return 1
            }
            """
        ]
        var runs = false
        for block in blocks {
            let text = block.text.replacingOccurrences(of: "127.0.0.1:7443", with: "127.0.0.1:\(port)")
            switch block.kind {
            case .commands:
                if runs { lines.append("settle") }
                lines.append(text)
            case .daemon:
                lines.append(started(text))
                runs = true
            case .stopped:
                lines.append("\(secondDaemon(port: port))\nstop harbour\n\(text)")
                runs = false
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A daemon in the background, once it serves.
    private func started(_ command: String) -> String {
        let words = command.split(separator: " ")
        let directory = words.firstIndex(of: "--dir").map { String(words[$0 + 1]) } ?? "unknown"
        return """
            command \(command) > \(directory).out 2> \(directory).log &
            daemons[\(directory)]=$!
            for _ in $(seq 600); do grep -q ready \(directory).out && break; sleep 0.1; done
            grep -q ready \(directory).out
            """
    }

    /// While a node runs, another in its directory does not start; after this it is stopped.
    private func secondDaemon(port: Int) -> String {
        """
        stop() { [[ -z ${daemons[$1]:-} ]] || { kill "${daemons[$1]}"; wait "${daemons[$1]}" || true; unset "daemons[$1]"; }; }
        if [[ -n ${daemons[harbour]:-} ]]; then
          if command tallystick-node run --dir harbour --broker 127.0.0.1:\(port) --passphrase-file harbour.passphrase; then
            echo "a second daemon ran" >&2; exit 1
          fi
        fi
        """
    }
}
