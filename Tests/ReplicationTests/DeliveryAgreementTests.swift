import EventLogs
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// Broker and recipients judge alike what reaches whom while signatures come and go (decision 0013).
@Suite struct DeliveryAgreementTests {
    private static let others = [World.council, World.homes]
    private static let parties = [World.police] + others

    /// A history of ends, signatures, circles, records and shares in one case, some written before others were heard of.
    private struct History {
        var world: World
        let scene: Scene
        var epoch: EpochID
        var members: [AgencyCode] = parties

        mutating func step(_ generator: inout Generator) throws {
            let party = parties[generator.int(in: 0...2)]
            let recipient = others[generator.int(in: 0...1)]
            switch generator.int(in: 0...9) {
            case 0, 1: try admit(scene.end(by: party), &generator)
            case 2: try admit(world.adoption(by: party), &generator)
            case 3: try openCircle(&generator)
            case 4, 5: try admit(record(labels(&generator)), &generator)
            case 6: try admit(scene.share(to: World.council).with { $0.added = [] }, &generator)
            default: try admit(share(to: recipient, labels(&generator)), &generator)
            }
        }

        private func labels(_ generator: inout Generator) -> [Label] { generator.int(in: 0...1) == 0 ? [] : ["record"] }

        private mutating func openCircle(_ generator: inout Generator) throws {
            let wanted = others.filter { _ in generator.int(in: 0...2) > 0 } + [World.police]
            let next = EpochID(from: world.entropy)
            let head = try #require(world.logs[World.police]?.streams[scene.caseStream])
            let sketch = Sketch(
                World.police, world.circle(wanted, ["record": wanted], epoch: next, from: head.sequence + 1),
                in: scene.caseStream, decision: wanted.count > 1 ? world.decision(of: World.police) : nil)
            if try admit(sketch, &generator).verdict.isAccepted { (epoch, members) = (next, wanted) }
        }

        private func record(_ labels: [Label]) -> Sketch {
            scene.sound([]).with { $0.parts = labels.map { world.part($0, in: epoch) } }
        }

        /// In the stream of the case itself, which other entries share with it.
        private func share(to recipient: AgencyCode, _ labels: [Label]) -> Sketch {
            scene.share(to: recipient).with {
                $0.stream = scene.caseStream
                $0.parts = labels.map { world.part($0, in: epoch) }
            }
        }

        @discardableResult
        private mutating func admit(_ sketch: Sketch, _ generator: inout Generator) throws -> Judgement {
            // What its author has heard of, from its last statement to now.
            let known = world.register.admission.edge(of: try #require(world.logs[sketch.author]).origin).seen
            let later = Int(world.register.tree.size.value - known.value)
            let heard = [0, 0, later, generator.int(in: 0...later)][generator.int(in: 0...3)]
            let seen =
                known == .empty ? world.register.seen : world.register.seen(at: TreeSize(known.value + UInt64(heard)))
            return world.admit(try world.submission(sketch.with { $0.seen = .some(seen) }))
        }
    }

    @Test func whatAnHonestBrokerSendsNobodyReportsAndWhatElseItSendsIsReported() throws {
        let scene = try Scene.set.get()
        var (notDue, due) = (0, 0)
        try checkProperty(cases: 24) { generator in
            var history = History(world: scene.world, scene: scene, epoch: scene.epoch)
            for _ in 0..<14 { try history.step(&generator) }
            let world = history.world
            for agency in DeliveryAgreementTests.others {
                var follower = try world.follower(of: agency)
                let followed = try world.followToEnd(&follower, of: agency)
                #expect(followed.findings.isEmpty, "\(agency)")
                for made in world.register.admitted.suffix(14) where isCasework(made, naming: agency) {
                    let isDue = made.judgement.deliveries[agency]?.areGrantsDue == true
                    let findings = try findings(of: world, sending: made, to: agency)
                    #expect(findings.isEmpty == isDue, "\(agency) \(made.position) \(findings)")
                    if isDue { due += 1 } else { notDue += 1 }
                }
            }
        }
        #expect(due > 20 && notDue > 10)
    }

    private func isCasework(_ made: Admitted, naming agency: AgencyCode) -> Bool {
        guard made.judgement.verdict.isAccepted else { return false }
        switch made.statement.payload.control {
        case .circle(let circle): return circle.members.contains(agency)
        case .share(let share): return share.recipient == agency
        default: return false
        }
    }

    /// What an agency finds in a statement that it is sent with everything that could be for it.
    private func findings(of world: World, sending made: Admitted, to agency: AgencyCode) throws -> [ReasonCode] {
        var follower = try world.follower(of: agency)
        let page = try world.register.page(for: agency, from: 0, to: world.register.tree.size.value)
        let own = Set(made.statement.payload.compartments.map(\.id))
        let entry = FeedEntry(
            position: made.position, statementPosition: made.position, index: made.submission.index,
            statement: CarriedStatement(
                bytes: made.statement.bytes, compartments: made.submission.compartments.filter { own.contains($0.id) },
                grants: made.submission.grants))
        // What the share gives comes again beside it as the honest broker sends it, or not at all.
        let others = page.entries.filter { $0.position != made.position || $0.statementPosition != made.position }
        let entries = (others + [entry]).sorted {
            ($0.position, $0.position == $0.statementPosition ? 0 : 1, $0.statementPosition)
                < ($1.position, $1.position == $1.statementPosition ? 0 : 1, $1.statementPosition)
        }
        let followed = try world.take(page.with(entries: entries), into: &follower, of: agency)
        return followed.findings.filter { $0.origin == made.statement.origin && $0.index == made.submission.index }
            .map(\.finding)
    }
}
