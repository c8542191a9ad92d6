import ExactTypes
import Foundation

/// A message of plain text to one person.
public struct MailMessage: Sendable {
    /// The same each time that the message is sent, so that who gets it twice can tell.
    let id: String
    let recipient: MailAddress
    let subject: String
    let text: String
    let date: Date

    /// - Parameters:
    ///   - id: letters, digits, "-", "_"; the Message-ID is made of it.
    ///   - subject: any text; what would end the header becomes a space.
    ///   - text: plain text with line breaks of any kind.
    public init(id: String, recipient: MailAddress, subject: String, text: String, date: Date) {
        self.id = id
        self.recipient = recipient
        self.subject = subject
        self.text = text
        self.date = date
    }

    /// The message as it goes over the wire, in the form of RFC 5322 and RFC 2045: ASCII, lines of 78 at most.
    func rfc5322(from sender: MailAddress, named name: String) -> String {
        let headers = [
            "From: \(HeaderText.encoded(name)) <\(sender.text)>",
            "To: <\(recipient.text)>",
            "Subject: \(HeaderText.encoded(subject))",
            "Date: \(Self.date(date))",
            "Message-ID: <\(id)@\(sender.host)>",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
            // Else a person who is on holiday answers us (RFC 3834).
            "Auto-Submitted: auto-generated",
        ]
        return headers.map { $0 + "\r\n" }.joined() + "\r\n" + QuotedPrintable.encoded(text)
    }

    /// "Sat, 10 Jan 2026 22:00:00 +0000", whatever the locale of the machine.
    private static func date(_ date: Date) -> String {
        let day = CalendarDay(utc: date)
        let time = Int(exactly: date.timeIntervalSince1970.rounded(.down)) ?? 0
        let seconds = time - day.secondsSince1970
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day.weekday.rawValue - 1]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map(two).joined(separator: ":")
        return "\(weekday), \(two(day.day)) \(months[day.month - 1]) \(day.year) \(clock) +0000"
    }
}

/// Text in a header, by RFC 2047.
enum HeaderText {
    /// An encoded word has 75 characters at most, of which 12 say what it is: 45 bytes make 60 in base64.
    private static let bytesAWord = 45

    /// The text as it is where it is short, plain ASCII; else in encoded words, each of whole characters. What would
    /// end a line, and with it the header, becomes a space.
    static func encoded(_ text: String) -> String {
        let line = String(
            String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
        let isPlain = line.utf8.allSatisfy { (0x20...0x7e).contains($0) }
        if isPlain, line.utf8.count <= 60, !line.contains("=?"),
            !line.contains(where: { "<>@,;:\"\\()".contains($0) })
        {
            return line
        }
        return words(of: line)
            .map { "=?UTF-8?B?\(Data($0.utf8).base64EncodedString())?=" }
            .joined(separator: "\r\n ")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        // The line and paragraph separators are no controls, but some programs break a line at them.
        scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
    }

    /// By scalars, because one character of many scalars may be longer than a word.
    private static func words(of line: String) -> [String] {
        var (words, word) = ([String](), "")
        for scalar in line.unicodeScalars {
            if word.utf8.count + UTF8.width(scalar) > bytesAWord {
                words.append(word)
                word = ""
            }
            word.unicodeScalars.append(scalar)
        }
        return words + [word]
    }
}

/// Text in a body, by RFC 2045, section 6.7.
enum QuotedPrintable {
    private static let longestLine = 76

    /// The text in lines of 76 characters at most; every kind of line break becomes CRLF, and the last line has one.
    static func encoded(_ text: String) -> String {
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            .split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { encodedLine(Array($0.utf8)) + "\r\n" }.joined()
    }

    private static func encodedLine(_ bytes: [UInt8]) -> String {
        var text = ""
        var length = 0
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let piece = piece(byte, isLast: isLast)
            // A line that goes on ends in "=", which takes a place itself.
            if length + piece.count > (isLast ? longestLine : longestLine - 1) {
                text += "=\r\n"
                length = 0
            }
            text += piece
            length += piece.count
        }
        return text
    }

    private static func piece(_ byte: UInt8, isLast: Bool) -> String {
        // A space at the end of a line may be lost on the way, so it is written by its number.
        let isPlain =
            (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "=")
            || (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")) && !isLast
        if isPlain { return String(UnicodeScalar(byte)) }
        let digits = String(byte, radix: 16, uppercase: true)
        return "=" + (digits.count < 2 ? "0" : "") + digits
    }
}

extension UTF8 {
    /// How many bytes a scalar takes.
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { String(Character(scalar)).utf8.count }
}
