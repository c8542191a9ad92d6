public import ExactTypes
import Foundation

/// How patiently messages are sent, and how many at once.
public struct DeliverySettings: Sendable {
    /// How often each process looks for what is due.
    let pollInterval: Duration
    /// How often each process looks for digests; their time is a full hour.
    let digestPollInterval: Duration
    /// How long a message belongs to the process that began to send it: longer than sending may take. Where the process
    /// died, another repeats it then.
    let leaseSeconds: TimeInterval
    /// The pauses between attempts; after the last one's attempt a message has failed for good.
    let retrySeconds: [TimeInterval]
    /// A webhook endpoint is dead that failed so often in a row…
    let deadEndpointFailures: Int
    /// … and took nothing for so long.
    let deadEndpointSeconds: TimeInterval

    /// How many mails a process sends at once; with the digests no more than `SMTPClient.atOnce`.
    static let mailTurns = SendingTurns.Limits(total: 6, perUser: 2, perHost: 6)
    static let digestsAtOnce = 2
    /// How many webhook messages a process sends at once. A user's go to two endpoints at a time.
    static let webhookTurns = SendingTurns.Limits(total: 64, perUser: 2, perHost: 8)

    /// What a deployment may choose. A lease that ends before its attempt sends the message twice; the longest is a mail's,
    /// with half a minute.
    public static let leaseRange = 90...3_600

    /// - Parameter retrySeconds: the pauses between attempts.
    public init(
        pollInterval: Duration = .seconds(1), digestPollInterval: Duration = .seconds(60),
        leaseSeconds: TimeInterval = 120,
        retrySeconds: [TimeInterval] = [60, 300, 1_800, 7_200, 18_000, 36_000, .days(1)],
        deadEndpointFailures: Int = 20, deadEndpointSeconds: TimeInterval = .days(1)
    ) {
        self.pollInterval = pollInterval
        self.digestPollInterval = digestPollInterval
        self.leaseSeconds = leaseSeconds
        self.retrySeconds = retrySeconds
        self.deadEndpointFailures = deadEndpointFailures
        self.deadEndpointSeconds = deadEndpointSeconds
    }

    /// When a message goes again of which this many attempts have failed; nil where it has failed for good.
    func retry(after attempts: Int, at now: Date) -> Date? {
        guard attempts >= 1 else { return nil }
        return retrySeconds.dropFirst(attempts - 1).first.map(now.addingTimeInterval)
    }

    /// Whether a message was sent as often as it may be, and no attempt was marked: each process that sent it died.
    func isExhausted(attempts: Int) -> Bool { attempts > retrySeconds.count }
}
