import Foundation
import Logging
import StrictJSON

/// Writes each log record as one JSON object on one line of standard error.
public struct JSONLogHandler: LogHandler {
    /// The logger's label.
    let label: String
    /// The least level that is written.
    public var logLevel = Logger.Level.info
    /// What every record carries.
    public var metadata: Logger.Metadata = [:]
    /// What the task that logs adds.
    public var metadataProvider: Logger.MetadataProvider?

    /// A handler for a logger of this label.
    public init(label: String) { self.label = label }

    /// One value of the metadata that every record carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes the record.
    public func log(event: LogEvent) {
        FileHandle.standardError.write(Data((line(event, at: Date()) + "\n").utf8))
    }

    /// The record as one line.
    func line(_ event: LogEvent, at moment: Date) -> String {
        var members = (metadataProvider?.get() ?? [:]).merging(metadata) { $1 }
            .merging(event.metadata ?? [:]) { $1 }.mapValues(Self.json)
        members["time"] = .string(moment.rfc3339)
        members["level"] = .string(event.level.rawValue)
        members["message"] = .string(event.message.description)
        members["logger"] = .string(label)
        if let error = event.error { members["error"] = .string("\(error)") }
        return JSONValue.object(members).text
    }

    private static func json(_ value: Logger.MetadataValue) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let number as any BinaryInteger): .number(Decimal(Int64(number)))
        case .stringConvertible(let value): .string(value.description)
        case .array(let elements): .array(elements.map(json))
        case .dictionary(let members): .object(members.mapValues(json))
        }
    }
}

extension ServiceConfiguration {
    /// Makes swift-log write in the configured form. An executable calls it once, before its first record.
    public func bootstrapLogging() {
        let level = logLevel
        switch logFormat {
        case .json:
            LoggingSystem.bootstrap { label in
                var handler = JSONLogHandler(label: label)
                handler.logLevel = level
                return handler
            }
        case .text:
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = level
                return handler
            }
        }
    }
}
