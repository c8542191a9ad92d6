/// A function of ours that reads what somebody else wrote: a person, a file, a vendor, a database row.
///
/// Whatever the bytes are, it accepts them or refuses them. It never traps: a trap ends the process and every
/// request in it.
public struct TextReader: Sendable {
    /// What it reads, for a person and for `scripts/fuzz --reader`: "day", "ghostfolio".
    public let name: String
    /// Texts that it accepts, so that a reader which refuses everything is found out; the fuzzer begins with them.
    public let samples: [String]
    private let isAccepted: @Sendable ([UInt8]) throws -> Bool

    /// - Parameter accept: reads the bytes; false or an error where they are refused.
    init(_ name: String, _ samples: String..., accept: @escaping @Sendable ([UInt8]) throws -> Bool) {
        self.name = name
        self.samples = samples
        isAccepted = accept
    }

    /// A reader of text: bytes that are not UTF-8 are repaired first, as they are where text comes from.
    init(text name: String, _ samples: String..., accept: @escaping @Sendable (String) throws -> Bool) {
        self.name = name
        self.samples = samples
        isAccepted = { try accept(String(decoding: $0, as: UTF8.self)) }
    }

    /// A reader that throws where it refuses.
    init(text name: String, _ samples: String..., parse: @escaping @Sendable (String) throws -> some Any) {
        self.name = name
        self.samples = samples
        isAccepted = {
            _ = try parse(String(decoding: $0, as: UTF8.self))
            return true
        }
    }

    /// Reads the bytes, and says whether they were accepted.
    public func accepts(_ bytes: [UInt8]) -> Bool { (try? isAccepted(bytes)) ?? false }

    /// Every text reader of Grove.
    public static let all =
        exactTypes + tabularText + json + requests + events + mail + users + market + portfolios
        + gamification
        + notifications
}
