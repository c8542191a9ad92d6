import AsyncHTTPClient
import ContractKit
import Foundation
import NIOCore
import NIOHTTP1
public import StrictJSON
import Synchronization

/// A client of server-sent events over a real socket, which keeps all that it has read.
public final class EventStreamReader: Sendable {
    public struct Event: Sendable, Equatable {
        public let id: String?
        public let name: String
        public let data: JSONValue
    }

    private struct State {
        public var events: [Event] = []
        var comments = 0
        var isEnded = false
        var rest = ""
    }

    public let status: Int
    public let contentType: String?
    private let state: StateBox
    private let task: Task<Void, Never>

    /// Shared with the reading task; the lock guards it.
    private final class StateBox: Sendable {
        let value = Mutex(State())
    }

    /// Connects, and reads until the server ends the stream or `cut()` does.
    public init(_ url: String, token: String, lastEventID: String? = nil) async throws {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
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

    public var events: [Event] { state.value.withLock { $0.events } }
    public var comments: Int { state.value.withLock { $0.comments } }
    public var isEnded: Bool { state.value.withLock { $0.isEnded } }

    /// The id of the last event that had one.
    public var lastID: String? { events.last { $0.id != nil }?.id }

    /// Closes the connection, as a phone in a tunnel does.
    public func cut() async {
        task.cancel()
        await task.value
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
