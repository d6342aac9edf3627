import Dispatch
import Foundation
import TallystickRehearsal

/// Stops everything on Ctrl-C or a terminate signal, whenever it comes.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]
    private let asked = DispatchSemaphore(value: 0)

    init(stage: RehearsalStage) {
        let queue = DispatchQueue(label: "tallystick.demo.signals")
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            return source
        }
        for source in sources {
            source.setEventHandler {
                stage.say("\nStopping.")
                stage.stopAll()
                exit(0)
            }
            source.resume()
        }
    }

    /// Waits until somebody asks to stop.
    func wait() { asked.wait() }
}
