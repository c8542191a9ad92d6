import ContractKit
import Synchronization

/// A transport that gives the answers of a script, one after the other, and keeps what was sent.
final class ScriptedTransport: Transport {
    struct Broken: Error {}

    private struct State {
        var script: [Result<Answer, Broken>]
        var sent: [TransportRequest] = []
    }

    private let state: Mutex<State>

    init(_ script: [Result<Answer, Broken>]) { state = Mutex(State(script: script)) }

    var sent: [TransportRequest] { state.withLock { $0.sent } }

    func send(_ request: TransportRequest) async throws -> Answer {
        try state.withLock { state in
            state.sent.append(request)
            guard !state.script.isEmpty else { throw Broken() }
            return try state.script.removeFirst().get()
        }
    }

    func stream(_ request: TransportRequest) async throws -> StreamedAnswer {
        let answer = try await send(request)
        // Each byte is a piece of its own, which is the worst way that a stream can come.
        let bytes = answer.content?.bytes ?? []
        return StreamedAnswer(
            head: Answer(status: answer.status, headers: answer.headers),
            pieces: AsyncThrowingStream { continuation in
                for byte in bytes { continuation.yield([byte]) }
                continuation.finish()
            })
    }
}
