import Configuration
public import Foundation
import SystemPackage

/// Every fault of a configuration, so that a person mends all of them at once.
public struct ConfigurationFaults: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence for each fault, naming the key, the value (a secret only as such) and what is expected.
    public let faults: [String]

    /// The faults, one a line.
    public var description: String {
        "The configuration is wrong:\n" + faults.map { "  - \($0)" }.joined(separator: "\n")
    }
}

/// Reads configuration values, and collects what is wrong instead of stopping at the first fault.
///
/// A reader gives a placeholder for a value that is wrong; ``finish()`` then throws, so nobody uses it.
public struct Settings: Sendable {
    private let reader: ConfigReader
    private(set) var faults: [String] = []

    init(_ reader: ConfigReader) { self.reader = reader }

    /// The settings of this process: its environment, then the file that `CONFIG_FILE` names, with lines
    /// `KEY=VALUE`. A variable of the environment wins over the file.
    public static func load(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> Settings {
        let variables = EnvironmentVariablesProvider(environmentVariables: environment)
        guard let path = environment["CONFIG_FILE"], !path.isEmpty else {
            return Settings(ConfigReader(provider: variables))
        }
        do {
            let file = try await EnvironmentVariablesProvider(environmentFilePath: FilePath(path))
            return Settings(ConfigReader(providers: [variables, file]))
        } catch {
            throw ConfigurationFaults(faults: ["CONFIG_FILE is \"\(path)\", which cannot be read: \(error)"])
        }
    }

    /// Throws every fault that was found.
    public func finish() throws(ConfigurationFaults) {
        guard faults.isEmpty else { throw ConfigurationFaults(faults: faults) }
    }

    /// A text, or nil where the key is absent or empty.
    public func optionalString(_ key: String) -> String? {
        reader.string(forKey: ConfigKey(key.lowercased().split(separator: "_").map(String.init)))
            .flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A text that must be given.
    public mutating func string(_ key: String, expected: String) -> String {
        guard let text = optionalString(key) else {
            faults.append("\(key) is missing; expected: \(expected).")
            return ""
        }
        return text
    }

    /// A text with a default.
    public func string(_ key: String, default standard: String) -> String { optionalString(key) ?? standard }

    /// A whole number within a range.
    public mutating func integer(_ key: String, default standard: Int, in range: ClosedRange<Int>) -> Int {
        guard let text = optionalString(key) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            fault(key, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
            return standard
        }
        return number
    }

    /// A whole number within a range, or nil where the key is absent.
    public mutating func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
        optionalString(key).map { _ in integer(key, default: range.lowerBound, in: range) }
    }

    /// A time in milliseconds, from one to a day.
    public mutating func milliseconds(_ key: String, default standard: Int) -> Duration {
        .milliseconds(integer(key, default: standard, in: 1...86_400_000))
    }

    /// A secret key of 32 bytes that must be given, in base64. Its place holder, where it is missing or wrong, is
    /// 32 zeros.
    public mutating func sealingKey(_ key: String) -> Data {
        let expected = "32 bytes in base64: openssl rand -base64 32"
        let text = string(key, expected: expected)
        if let bytes = Data(base64Encoded: text), bytes.count == 32 { return bytes }
        // A key that is missing is a fault already.
        if !text.isEmpty { fault(key, text, expected, isSecret: true) }
        return Data(repeating: 0, count: 32)
    }

    /// true or false.
    public mutating func bool(_ key: String, default standard: Bool) -> Bool {
        guard let text = optionalString(key) else { return standard }
        guard let bool = Bool(text) else {
            fault(key, text, "true or false")
            return standard
        }
        return bool
    }

    /// One of several words.
    public mutating func choice<Value>(
        _ key: String, default standard: Value, of choices: [(String, Value)]
    ) -> Value {
        guard let text = optionalString(key) else { return standard }
        guard let choice = choices.first(where: { $0.0 == text }) else {
            fault(key, text, "one of " + choices.map(\.0).joined(separator: ", "))
            return standard
        }
        return choice.1
    }

    /// Texts that are separated by commas.
    public func list(_ key: String) -> [String] {
        (optionalString(key) ?? "").split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// Notes that the value of a key is not what is expected. The value of a secret is not repeated.
    public mutating func fault(_ key: String, _ value: String, _ expected: String, isSecret: Bool = false) {
        let shown = isSecret ? "given, but hidden here" : "\"\(value)\""
        faults.append("\(key) is \(shown); expected: \(expected).")
    }
}
