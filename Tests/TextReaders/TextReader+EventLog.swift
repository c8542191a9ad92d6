import Foundation
import SharedTypes
import StrictJSON

@testable import EventLog

extension TextReader {
    static let events = [
        TextReader(
            text: "event-payload", #"{"at": "2026-01-02T03:04:05.678Z", "portfolio_ids": ["a"]}"#,
            parse: { try JSONCoding.decode(Payload.self, from: $0) })
    ]

    private struct Payload: Decodable {
        let at: Date
        let portfolioIDs: [String]
    }
}
