/// Why a message did not go out. The text names no person, so that it may be stored and logged.
struct SendingFailure: Error, Hashable, CustomStringConvertible {
    /// Whether another attempt would end the same way.
    let isPermanent: Bool
    let reason: String

    static func temporary(_ reason: String) -> SendingFailure {
        SendingFailure(isPermanent: false, reason: reason)
    }
    static func permanent(_ reason: String) -> SendingFailure {
        SendingFailure(isPermanent: true, reason: reason)
    }

    var description: String { reason }
}
