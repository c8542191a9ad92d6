public import ExactTypes
public import StrictJSON

/// An event of a `text/event-stream`.
public struct ServerSentEvent: Sendable, Hashable {
    /// The id of the last event so far that had one, to be given as `Last-Event-ID`.
    public let id: String?
    /// What kind it is; `message` where the stream does not say.
    public let name: String
    /// The lines of its data.
    public let data: String

    /// An event that is known already.
    public init(id: String?, name: String, data: String) {
        self.id = id
        self.name = name
        self.data = data
    }

    /// The data as a type of the contract.
    ///
    ///     let notification = try event.value(as: NotificationsAPI.Notification.self)
    public func value<Value: JSONReadable>(
        as type: Value.Type, _ rules: ReadingRules = .answer
    ) throws(FieldError) -> Value {
        try Value(reading: Content(type: "application/json", bytes: Array(data.utf8)).value(), rules)
    }
}

/// Reads events from the bytes of a stream, piece by piece, as the HTML standard says.
public struct ServerSentEventParser: Sendable {
    /// A line longer than this ends the stream.
    public static let maximumLineBytes = 1_048_576

    private var line: [UInt8] = []
    private var lastWasReturn = false
    private var id: String?
    private var name = ""
    private var data: [String] = []

    /// At the beginning of a stream.
    public init() {}

    /// Takes the next piece; gives the events that it ends.
    public mutating func take(_ piece: [UInt8]) throws(StreamFault) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in piece {
            // A return and a line feed are one end of a line.
            if byte == UInt8(ascii: "\n"), lastWasReturn {
                lastWasReturn = false
                continue
            }
            lastWasReturn = byte == UInt8(ascii: "\r")
            if lastWasReturn || byte == UInt8(ascii: "\n") {
                if let event = endLine() { events.append(event) }
            } else {
                guard line.count < Self.maximumLineBytes else { throw .lineIsTooLong }
                line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else { return endEvent() }
        let field = line.prefix { $0 != UInt8(ascii: ":") }
        var value = line.dropFirst(field.count + 1)
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: field, as: UTF8.self) {
        case "id": if !text.unicodeScalars.contains("\u{0}") { id = text }
        case "event": name = text
        case "data": data.append(text)
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> ServerSentEvent? {
        defer { (name, data) = ("", []) }
        guard !data.isEmpty else { return nil }
        return ServerSentEvent(
            id: id, name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"))
    }
}

/// Why a stream is not read on.
public enum StreamFault: Error, Sendable, Hashable {
    case lineIsTooLong
}
