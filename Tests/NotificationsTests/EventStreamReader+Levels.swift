import Foundation
import GroveTesting
import StrictJSON
import Testing

extension EventStreamReader {
    /// Connects to the inbox of Ada, or of whose token it is.
    convenience init(
        _ server: NotificationsServer, token: String? = nil, lastEventID: String? = nil
    ) async throws {
        try await self.init(
            server.server.url + "/v1/notifications/stream", token: token ?? server.ada.token,
            lastEventID: lastEventID)
    }

    /// The levels of the messages, in their order.
    var levels: [Int] {
        events.filter { $0.name == "notification" }.compactMap {
            guard case .number(let level)? = $0.data["data"]?["level"] else { return nil }
            return NSDecimalNumber(decimal: level).intValue
        }
    }

    func wait(
        for levels: [Int], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for _ in 0..<500 where self.levels != levels { try await Task.sleep(for: .milliseconds(20)) }
        #expect(self.levels == levels, sourceLocation: sourceLocation)
    }
}
