import Testing

@testable import CommandLineSupport

@Suite struct ProgressLineTests {
    @Test(arguments: [10, 11, 37, 1000])
    func elsewhereThereIsALineForEachTenth(total: Int) {
        let line = ProgressLine("pages checked", total: total, isTerminal: false)
        let said = (1...total).compactMap(line.text)
        #expect(said.count == 10)
        #expect(said.last == "\(total) of \(total) pages checked (100 %)\n")
    }

    @Test func onATerminalTheBarGrowsToItsEnd() throws {
        let line = ProgressLine("pages checked", total: 40, isTerminal: true)
        let said = (1...40).compactMap(line.text)
        #expect(said.count == 40)
        #expect(said.allSatisfy { $0.hasPrefix("\r[") })
        #expect(said[19].contains("[###############...............] 50 % of 40 pages checked"))
        #expect(said.map { $0.hasSuffix("\n") } == Array(repeating: false, count: 39) + [true])
    }

    @Test func shortWorkAndStepsOutOfRangeShowNothing() {
        for isTerminal in [false, true] {
            let short = ProgressLine("pages checked", total: 9, isTerminal: isTerminal)
            #expect((0...10).compactMap(short.text).isEmpty)
            let long = ProgressLine("pages checked", total: 10, isTerminal: isTerminal)
            #expect(long.text(0) == nil && long.text(11) == nil)
        }
    }
}
