import CCurl
import Foundation
import NIOPosix

/// Hands messages to a mail server, by libcurl.
///
/// libcurl waits for the server, so it runs on threads of its own and never on the cooperative pool. Each message
/// has a connection of its own: a connection that was kept would often be found closed just when it is wanted.
public struct SMTPClient: Sendable {
    /// How many messages a process hands over at once: who has more under way waits here.
    public static let atOnce = 8

    /// For the process. They sleep while nothing is sent.
    private static let threads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: atOnce)
        threads.start()
        return threads
    }()
    /// libcurl is made ready once in a process.
    private static let start: CURLcode = grove_curl_start()

    let settings: MailSettings

    public init(settings: MailSettings) { self.settings = settings }

    /// Hands a message over, and gives what the server said then: often the name it has in its queue.
    ///
    /// Throws a permanent failure where the server refused this message or this recipient with a 5xx. What goes wrong before
    /// that, with the connection, with TLS or with our own log-in, is no fault of the message, and temporary.
    public func send(_ message: MailMessage) async throws(SendingFailure) -> String? {
        let text = message.rfc5322(from: settings.sender, named: settings.senderName)
        let recipient = message.recipient
        do {
            return try await Self.threads.runIfActive { try transfer(Array(text.utf8), to: recipient) }
        } catch let failure as SendingFailure {
            throw failure
        } catch {
            throw .temporary("no mail server: \(type(of: error))")
        }
    }

    private func transfer(_ bytes: [UInt8], to recipient: MailAddress) throws -> String? {
        guard Self.start == CURLE_OK, let curl = curl_easy_init() else {
            throw SendingFailure.temporary("libcurl did not start")
        }
        defer { curl_easy_cleanup(curl) }
        guard let recipients = curl_slist_append(nil, "<\(recipient.text)>") else {
            throw SendingFailure.temporary("libcurl did not start")
        }
        defer { curl_slist_free_all(recipients) }
        let transfer = Transfer(bytes)
        // libcurl holds the address only while it performs, and the local reference outlives that.
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        let refused = configure(curl, recipients: recipients, context: context).first { $0 != CURLE_OK }
        let result = refused ?? withExtendedLifetime(transfer) { curl_easy_perform(curl) }
        guard result == CURLE_OK else {
            throw failure(result, code: grove_curl_response_code(curl), isMessageRead: transfer.isRead)
        }
        return transfer.answer
    }

    private func configure(
        _ curl: UnsafeMutableRawPointer, recipients: UnsafeMutablePointer<curl_slist>,
        context: UnsafeMutableRawPointer
    ) -> [CURLcode] {
        let isTLSFromTheStart = settings.url.hasPrefix("smtps:")
        let security = settings.requiresTLS || isTLSFromTheStart ? CURLUSESSL_ALL : CURLUSESSL_TRY
        var results = [
            grove_curl_set_string(curl, CURLOPT_URL, settings.url),
            grove_curl_set_string(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
            // Without it a time-out of the name's look-up would be a signal to the whole process.
            grove_curl_set_long(curl, CURLOPT_NOSIGNAL, 1),
            grove_curl_set_long(curl, CURLOPT_TIMEOUT, settings.timeoutSeconds),
            grove_curl_set_long(curl, CURLOPT_CONNECTTIMEOUT, min(settings.timeoutSeconds, 10)),
            // Holds for the QUIT too, which libcurl says after a time-out, and waits for the answer.
            grove_curl_set_long(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, settings.timeoutSeconds),
            grove_curl_set_long(curl, CURLOPT_USE_SSL, Int(security.rawValue)),
            grove_curl_set_string(curl, CURLOPT_MAIL_FROM, "<\(settings.sender.text)>"),
            grove_curl_set_list(curl, CURLOPT_MAIL_RCPT, recipients),
            grove_curl_set_long(curl, CURLOPT_UPLOAD, 1),
            grove_curl_set_reader(curl, Transfer.read),
            grove_curl_set_pointer(curl, CURLOPT_READDATA, context),
            grove_curl_set_header_reader(curl, Transfer.hear),
            grove_curl_set_pointer(curl, CURLOPT_HEADERDATA, context),
        ]
        if let user = settings.user {
            results.append(grove_curl_set_string(curl, CURLOPT_USERNAME, user))
            results.append(grove_curl_set_string(curl, CURLOPT_PASSWORD, settings.password ?? ""))
        }
        if let certificates = settings.certificates {
            results.append(grove_curl_set_string(curl, CURLOPT_CAINFO, certificates))
        }
        return results
    }

    /// What a server says to whom it does not know, or wants to know first (RFC 4954).
    private static let logInCodes: Set<Int> = [530, 534, 535, 538]

    /// A refused sender or recipient ends the transfer as a "send error"; a refused message, after it was read.
    private func failure(_ result: CURLcode, code: Int, isMessageRead: Bool) -> SendingFailure {
        let isRefusal = (500...599).contains(code) && (result == CURLE_SEND_ERROR || isMessageRead)
        if isRefusal, !Self.logInCodes.contains(code) {
            return .permanent("the mail server refused it with \(code)")
        }
        if (400...599).contains(code) { return .temporary("the mail server answered \(code)") }
        return .temporary("no mail server: \(String(cString: curl_easy_strerror(result)))")
    }
}

/// One message on its way, as libcurl's callbacks meet it. They all run on the thread that performs.
private final class Transfer {
    private let bytes: [UInt8]
    private var offset = 0
    private(set) var isRead = false
    private var lastLine: [UInt8] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// What the server said last, without its code: "2.0.0 Ok: queued as 4F2A". Nil where it names an address, which
    /// is not for our tables.
    var answer: String? {
        let text = String(decoding: lastLine, as: UTF8.self).dropFirst(4)
            .filter { $0.isASCII && !$0.isNewline && $0 != "\0" }
        return text.isEmpty || text.contains("@") ? nil : String(text.prefix(300))
    }

    static let read: grove_curl_transfer = { buffer, size, count, context in
        guard let buffer, let transfer = transfer(context) else { return 0 }
        transfer.isRead = true
        let piece = transfer.bytes.dropFirst(transfer.offset).prefix(size * count)
        UnsafeMutableRawBufferPointer(start: buffer, count: size * count).copyBytes(from: piece)
        transfer.offset += piece.count
        return piece.count
    }

    static let hear: grove_curl_transfer = { buffer, size, count, context in
        guard let buffer, let transfer = transfer(context) else { return 0 }
        transfer.lastLine = Array(UnsafeRawBufferPointer(start: buffer, count: size * count))
        return size * count
    }

    private static func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}
