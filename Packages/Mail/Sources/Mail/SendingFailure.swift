/// Why a message did not go out. The text names no person, so that it may be stored and logged.
public struct SendingFailure: Error, Hashable, CustomStringConvertible {
    /// Whether another attempt would end the same way.
    public let isPermanent: Bool
    public let reason: String

    public static func temporary(_ reason: String) -> SendingFailure {
        SendingFailure(isPermanent: false, reason: reason)
    }
    public static func permanent(_ reason: String) -> SendingFailure {
        SendingFailure(isPermanent: true, reason: reason)
    }

    public var description: String { reason }
}
