import AsyncHTTPClient
import ContractKit
import Foundation
import GroveTesting
import NIOCore
import NIOHTTP1
import ServiceKit
import StrictJSON
import Synchronization
import Testing

/// A client of server-sent events over a real socket, which keeps all that it has read.
final class EventStreamReader: Sendable {
    struct Event: Sendable, Equatable {
        let id: String?
        let name: String
        let data: JSONValue
    }

    private struct State {
        var events: [Event] = []
        var comments = 0
        var isEnded = false
        var rest = ""
    }

    let status: Int
    let contentType: String?
    private let state: StateBox
    private let task: Task<Void, Never>

    /// Shared with the reading task; the lock guards it.
    private final class StateBox: Sendable {
        let value = Mutex(State())
    }

    /// Connects, and reads until the server ends the stream or `cut()` does.
    init(
        _ server: NotificationsServer, token: String? = nil, lastEventID: String? = nil
    ) async throws {
        var request = HTTPClientRequest(url: server.server.url + "/v1/notifications/stream")
        request.headers.add(name: "Authorization", value: "Bearer \(token ?? server.ada.token)")
        if let lastEventID { request.headers.add(name: "Last-Event-ID", value: lastEventID) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        status = Int(response.status.code)
        contentType = response.headers.first(name: "Content-Type")
        // The events go on after the head, so that the client of the tests does not read it.
        let headers = response.headers.map { (name: $0.name, value: $0.value) }
        let content = contentType.map { Content(type: $0, bytes: []) }
        if status == 200 {
            ContractCheck.hold(
                .init(status: status, headers: headers, content: content), to: "GET", request.url)
        }
        let state = StateBox()
        self.state = state
        task = Task {
            do {
                for try await chunk in response.body {
                    state.value.withLock { Self.read(String(buffer: chunk), into: &$0) }
                }
            } catch {
                // A connection that is cut ends like one that the server ends; the test knows which it is.
            }
            state.value.withLock { $0.isEnded = true }
        }
    }

    deinit { task.cancel() }

    var events: [Event] { state.value.withLock { $0.events } }
    var comments: Int { state.value.withLock { $0.comments } }
    var isEnded: Bool { state.value.withLock { $0.isEnded } }

    /// The levels that the messages tell of, in their order.
    var levels: [Int] {
        events.filter { $0.name == "notification" }.compactMap {
            guard case .number(let level)? = $0.data["data"]?["level"] else { return nil }
            return NSDecimalNumber(decimal: level).intValue
        }
    }

    var lastID: String? { events.last { $0.id != nil }?.id }

    /// Closes the connection, as a phone in a tunnel does.
    func cut() async {
        task.cancel()
        await task.value
    }

    func wait(
        for levels: [Int], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for _ in 0..<500 where self.levels != levels { try await Task.sleep(for: .milliseconds(20)) }
        #expect(self.levels == levels, sourceLocation: sourceLocation)
    }

    private static func read(_ text: String, into state: inout State) {
        state.rest += text
        while let end = state.rest.range(of: "\n\n") {
            let lines = state.rest[..<end.lowerBound].split(separator: "\n")
            state.rest.removeSubrange(..<end.upperBound)
            if lines.allSatisfy({ $0.hasPrefix(":") }) {
                state.comments += 1
                continue
            }
            func field(_ name: String) -> String? {
                lines.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
            }
            let data = (try? JSONValue(parsing: Array((field("data") ?? "").utf8))) ?? .null
            state.events.append(Event(id: field("id"), name: field("event") ?? "", data: data))
        }
    }
}
