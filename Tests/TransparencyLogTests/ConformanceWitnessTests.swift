import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct ConformanceWitnessTests {
    struct Sequence: Decodable, Sendable {
        struct Step: Decodable, Sendable {
            let request: String
            let status: Int
            let assert: String
        }

        let id: String
        let origin: String
        let log_public_key: HexBytes
        let steps: [Step]
    }

    @Test func addCheckpoint() throws {
        let name = "note/witness_add_checkpoint.json"
        let file = try VectorDirectory().load(name, as: Sequence.self)
        #expect(file.vectors.count == file.count)
        for sequence in file.vectors {
            let origin = try #require(Origin(sequence.origin))
            let key = try VerificationKey(bytes: sequence.log_public_key.bytes)
            var state = WitnessState(logs: [origin: key])
            for (number, step) in sequence.steps.enumerated() {
                let answer = try answer(&state, to: step.request.bytes)
                // The older sequence predates 404 for logs that a witness does not know.
                let isOlder = sequence.id == "litewitness" && answer.status == 404
                let status = isOlder ? 403 : answer.status
                #expect(status == step.status, "\(sequence.id) step \(number): \(step.assert)")
                if step.status == 409 {
                    let body = try #require(answer.body)
                    #expect(step.assert.contains("\"\(body.dropLast())\\n\""))
                }
            }
        }
        #expect(file.vectors.map(\.steps.count).reduce(0, +) == 35)
    }

    private func answer(
        _ state: inout WitnessState, to body: [UInt8]
    ) throws -> (status: Int, body: String?) {
        do throws(WitnessRefusal) {
            let request = try WitnessRequest(parsing: body)
            #expect(request.body == body)
            state.record(try state.check(request))
            return (200, nil)
        } catch {
            return (error.status, error.sizeBody.map { String(decoding: $0, as: UTF8.self) })
        }
    }
}
