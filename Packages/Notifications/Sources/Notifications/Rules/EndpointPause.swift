import Foundation

/// When nothing is posted to a webhook endpoint that fails: after three failures in a row all its messages wait, longer
/// each time. Then one message tries, and its outcome is that of all.
enum EndpointPause {
    private static let failures = 3
    private static let seconds: [TimeInterval] = [60, 300, 1_800]
    private static let longestSeconds: TimeInterval = 3_600

    /// Until when an endpoint is left alone that failed so many times in a row; nil where it is not.
    static func end(after failures: Int, at now: Date) -> Date? {
        guard failures >= Self.failures else { return nil }
        let pause = seconds.dropFirst(failures - Self.failures).first ?? longestSeconds
        return now.addingTimeInterval(pause)
    }
}
