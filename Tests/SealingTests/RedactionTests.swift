import Sealing
import TallystickPrimitives
import Testing

/// No secret shows in a description, a dump or a mirror, its own or that of what holds it.
@Suite struct RedactionTests {
    /// Every secret is this byte over and over, so that any form of printing it would show.
    struct Constant: Entropy {
        func bytes(count: Int) -> [UInt8] { [UInt8](repeating: 0xd9, count: count) }
    }

    @Test func secretsNeverPrintThemselves() throws {
        let samples = try Samples()
        let content = ContentKey(from: Constant())
        let circle = CircleKey(from: Constant())
        let secrets: [Any] = [
            content, circle, LocalKey(from: Constant()), Sealing.KEMPrivateKey(from: Constant()),
            SealingReader.epoch(samples.epoch, circle),
            GrantContents(
                epoch: samples.epoch, circleKeys: ["record": circle],
                contentKeys: [(samples.origin, samples.id, content)]),
            try CompartmentSeal.seal(
                samples.body, id: samples.id, label: samples.label,
                reader: .epoch(samples.epoch, circle), caveats: [], expires: nil,
                in: samples.context, entropy: ScriptedEntropy()
            ).contentKey,
        ]
        for secret in secrets {
            var dumped = ""
            dump(secret, to: &dumped)
            let texts = [
                String(describing: secret), String(reflecting: secret), "\(secret)", dumped,
            ]
            for text in texts {
                #expect(!text.contains("d9d9"))
                #expect(!text.contains("217"))
                #expect(!text.contains("SymmetricKey"))
            }
        }
    }

    @Test func mirrorsOfSecretsAreEmpty() {
        #expect(Mirror(reflecting: ContentKey(from: Constant())).children.isEmpty)
        #expect(Mirror(reflecting: CircleKey(from: Constant())).children.isEmpty)
        #expect(Mirror(reflecting: LocalKey(from: Constant())).children.isEmpty)
        let kem = Mirror(reflecting: Sealing.KEMPrivateKey(from: Constant()))
        #expect(kem.children.compactMap(\.label) == ["keyID"])
    }
}
