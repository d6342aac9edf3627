import Foundation
import Glibc
struct BenchmarkFailure: Error { init(_ s: String) {} }
func cpu() -> Double {
    var u = rusage()
    getrusage(0, &u)
    return Double(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + Double(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6
}
let root = CommandLine.arguments[1]
let rounds = Int(CommandLine.arguments[2])!
for round in 0..<rounds {
    let dir = root + "/\(round)"
    try FileManager.default.createDirectory(atPath: dir, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let load = try await AdmissionLoad.make(in: dir, protocolFile: [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/work/main/protocols/jag.yaml"))), statementsEach: 4096)
    let c0 = cpu()
    let reference = try await load.verifyOnly()
    let c1 = cpu()
    let rate = try await load.run()
    let c2 = cpu()
    let again = try await load.verifyOnly()
    let count = Double(load.signed.count)
    print("verify/s", Int(reference), Int(again), "admitted/s", Int(rate), "ratio", rate / ((reference + again) / 2), "cpu us: verify", (c1 - c0) / count * 1e6, "admit", (c2 - c1) / count * 1e6, "cpu ratio", (c1 - c0) / (c2 - c1))
}
