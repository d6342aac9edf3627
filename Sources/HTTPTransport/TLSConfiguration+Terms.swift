import NIOCore
import NIOSSL
import TallystickPrimitives

extension TLSConfiguration {
    /// TLS 1.3 only, with key exchange that a later quantum computer cannot undo where the other
    /// side offers it (X25519MLKEM768).
    mutating func restrictToOurTerms() {
        minimumTLSVersion = .tlsv13
        curves = [.x25519_MLKEM768, .x25519]
        shutdownTimeout = .seconds(Limits.closeSeconds)
    }
}
