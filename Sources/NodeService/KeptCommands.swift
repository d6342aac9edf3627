import DeterministicCBOR
import PartyFiles
import Sealing
import Synchronization
import TallystickPrimitives

/// Commands that cannot be recorded yet: each is a file, sealed under the local key, and survives power loss from the
/// moment on that its number is given.
///
/// They are carried out in the order in which they were given. A command is marked before it is carried out and after,
/// so that a node which stops in between never carries one out twice: what nobody knows the outcome of is shown to
/// people, who look.
final class KeptCommands: Sendable {
    /// A command as it was given.
    struct Command: Hashable, Sendable {
        let number: Int
        let keptAt: Timestamp
        /// The path of the local interface, or the name of what the node itself records.
        let path: String
        let body: [UInt8]
        /// Why it could not be recorded.
        var refusal: String?
    }

    private struct State {
        /// The number given last.
        var last = 0
        /// Up to which number everything has been carried out, or been refused.
        var done = 0
        /// Those that wait, in order.
        var waiting: [Int] = []
        /// Those that could not be recorded.
        var refused: Set<Int> = []
    }

    private let directory: String
    private let localKey: LocalKey
    private let entropy: any Entropy
    private let state: Mutex<State>
    /// The number given last before this start.
    private let lastAtStart: Int

    /// Takes up what is kept.
    ///
    /// - Throws: what the files say; a node does not start over commands that it cannot read.
    init(in directory: String, localKey: LocalKey, entropy: any Entropy) throws {
        self.directory = directory
        self.localKey = localKey
        self.entropy = entropy
        var state = State()
        state.done = try KeptCommands.mark("done", in: directory)
        state.last = state.done
        for name in try PublicFile.names(in: directory) {
            guard let number = KeptCommands.number(in: name) else { continue }
            state.last = max(state.last, number)
            if name.hasSuffix(KeptCommands.refusedSuffix) {
                state.refused.insert(number)
            } else if number > state.done {
                state.waiting.append(number)
            } else {
                PublicFile.remove(directory + "/" + name)
            }
        }
        state.waiting.sort()
        lastAtStart = state.last
        self.state = Mutex(state)
        let begun = try KeptCommands.mark("begun", in: directory)
        if begun > state.done, state.waiting.first == begun, let command = try next() {
            try settle(command, refusal: KeptCommands.outcomeUnknown)
        }
    }

    /// How many wait or could not be recorded.
    var count: Int { state.withLock { $0.waiting.count + $0.refused.count } }

    /// Whether any waits.
    var isWaiting: Bool { state.withLock { !$0.waiting.isEmpty } }

    /// Keeps a command; it survives power loss when this returns.
    ///
    /// - Returns: its number; nil when no more are kept.
    func keep(_ path: String, _ body: [UInt8], at now: Timestamp) throws -> Int? {
        try state.withLock { state in
            guard state.waiting.count + state.refused.count < Limits.keptCommandCount else { return nil }
            try PublicFile.makeDirectory(directory)
            let command = Command(number: state.last + 1, keptAt: now, path: path, body: body)
            try write(command, suffix: KeptCommands.waitingSuffix)
            state.last = command.number
            state.waiting.append(command.number)
            return command.number
        }
    }

    /// The command to carry out next.
    func next() throws -> Command? {
        guard let number = state.withLock({ $0.waiting.first }) else { return nil }
        return try read(number, suffix: KeptCommands.waitingSuffix)
    }

    /// The next command is about to be carried out.
    func begin(_ command: Command) throws { try mark("begun", command.number) }

    /// Nothing of the next command was recorded: it waits on.
    func putOff(_ command: Command) throws { try mark("begun", command.number - 1) }

    /// The next command has been carried out, or could not be and is shown with the reason.
    func settle(_ command: Command, refusal: String?) throws {
        if let refusal {
            var refused = command
            refused.refusal = refusal
            try write(refused, suffix: KeptCommands.refusedSuffix)
        }
        try mark("done", command.number)
        state.withLock { state in
            state.done = command.number
            state.waiting.removeAll { $0 == command.number }
            if refusal != nil { state.refused.insert(command.number) }
        }
        PublicFile.remove(path(command.number, KeptCommands.waitingSuffix))
    }

    /// What waits or could not be recorded, in order; each is let go before the next is read, for one may be a large file.
    func rows<Row>(limit: Int, _ row: (Command) -> Row) throws -> [Row] {
        let (waiting, refused) = state.withLock { ($0.waiting, $0.refused) }
        let all = waiting.map { ($0, KeptCommands.waitingSuffix) } + refused.map { ($0, KeptCommands.refusedSuffix) }
        return try all.sorted { $0.0 < $1.0 }.prefix(limit).map { number, suffix in
            row(try read(number, suffix: suffix))
        }
    }

    /// One that waits or could not be recorded; nil for none of that number.
    func command(_ number: Int) throws -> Command? {
        let (isWaiting, isRefused) = state.withLock { ($0.waiting.contains(number), $0.refused.contains(number)) }
        guard isWaiting || isRefused else { return nil }
        return try read(number, suffix: isWaiting ? KeptCommands.waitingSuffix : KeptCommands.refusedSuffix)
    }

    /// The log went on, before it was put back, after commands were kept that wait now: they were carried out then, or
    /// nobody knows. They are shown, and not carried out.
    ///
    /// - Parameter instant: when the newest statement was written that came back.
    func doubt(upTo instant: Timestamp) throws {
        for number in state.withLock({ state in state.waiting.filter { $0 <= lastAtStart } }) {
            let command = try read(number, suffix: KeptCommands.waitingSuffix)
            guard command.keptAt <= instant else { return }
            try settle(command, refusal: KeptCommands.outcomeUnknown)
        }
    }

    /// Forgets a command that could not be recorded; whether there was one.
    func forget(_ number: Int) throws -> Bool {
        try state.withLock { state in
            guard state.refused.remove(number) != nil else { return false }
            try PublicFile.removeDurably(path(number, KeptCommands.refusedSuffix))
            return true
        }
    }

    // MARK: Files

    private static let waitingSuffix = ".waiting"
    private static let refusedSuffix = ".refused"
    /// What is shown of a command of which nobody knows what came of it.
    static let outcomeUnknown = """
        The node stopped while it carried this out. Look whether it is recorded before you enter it again.
        """

    private static func number(in name: String) -> Int? {
        for suffix in [waitingSuffix, refusedSuffix] where name.hasSuffix(suffix) {
            return Int(name.dropLast(suffix.count))
        }
        return nil
    }

    private func path(_ number: Int, _ suffix: String) -> String { "\(directory)/\(number)\(suffix)" }

    private static func mark(_ name: String, in directory: String) throws -> Int {
        guard PublicFile.exists(directory + "/" + name) else { return 0 }
        let text = String(decoding: try PublicFile.read(directory + "/" + name, limit: 32), as: UTF8.self)
        guard text.hasSuffix("\n"), let number = Int(text.dropLast()) else {
            throw PartyFileError.unreadable(path: directory + "/" + name)
        }
        return number
    }

    private func mark(_ name: String, _ number: Int) throws {
        try PublicFile.write(Array("\(number)\n".utf8), to: directory + "/" + name)
    }

    private func write(_ command: Command, suffix: String) throws {
        let plain = CBOR.array([
            .seconds(command.keptAt), .text(command.path), .bytes(command.body),
            .optional(command.refusal, CBOR.text),
        ]).encoded
        let sealed = localKey.seal(plain, context: context(command.number, suffix), entropy: entropy)
        try PublicFile.write(sealed, to: path(command.number, suffix))
    }

    private func read(_ number: Int, suffix: String) throws -> Command {
        let path = path(number, suffix)
        let sealed = try PublicFile.read(path, limit: Limits.keptCommandByteCount)
        guard let plain = try? localKey.open(sealed, context: context(number, suffix)),
            let items = try? CBOR(decoding: plain, limit: plain.count).items(count: 4),
            let keptAt = try? items[0].seconds(), let name = try? items[1].string(),
            let body = try? items[2].byteString()
        else { throw PartyFileError.unreadable(path: path) }
        return Command(
            number: number, keptAt: keptAt, path: name, body: body, refusal: try? items[3].orNil?.string())
    }

    private func context(_ number: Int, _ suffix: String) -> String { "tallystick/kept/v1/\(number)\(suffix)" }
}

extension Limits {
    /// Commands that are kept at a time: some days of a busy office, and its readings.
    static let keptCommandCount = 20_000
    /// Bytes of a kept command: an import's file and its framing.
    static let keptCommandByteCount = 80 << 20
}
