import ExactTypes
import Foundation
import StrictJSON
import Testing

struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func commasStandBetweenMembersAndElements() {
        let written = text { writer in
            writer.beginObject()
            writer.member("\"a\":")
            writer.beginObject()
            writer.endObject()
            writer.member("\"b\":")
            writer.array(of: [1, 2]) { $0.write($1) }
            writer.member(named: "c\"")
            writer.write("{")
            writer.member("\"d\":")
            writer.array(of: [Int]()) { $0.write($1) }
            writer.endObject()
        }
        #expect(written == #"{"a":{},"b":[1,2],"c\"":"{","d":[]}"#)
    }

    @Test(arguments: [
        "", "plain", "é 𝄞", "\" \\ /", "\n\r\t", "\u{0}\u{1F}\u{7F}", "{", "a\u{301}", "\u{2028}",
    ])
    func aTextIsReadBack(_ value: String) throws {
        let read = try JSONValue(parsing: text { $0.write(value) })
        guard case .string(let text) = read else {
            Issue.record("It is \(read).")
            return
        }
        #expect(Array(text.unicodeScalars) == Array(value.unicodeScalars))
    }

    @Test func anyValueIsWrittenAsItsText() throws {
        let value = try JSONValue(parsing: #"{"b":[null,true,false,-1.5,"x\u0001"],"a":{}}"#)
        #expect(text { $0.write(value) } == value.text)
        #expect(text { $0.write(JSONValue.number(.nan)) } == "null")
        #expect(text { $0.write(Double.infinity) } == "null")
    }

    @Test(arguments: [0, 1.5, -62_135_596_800, 253_402_300_799, 1_700_000_000.123456, -0.000001])
    func aMomentIsWrittenAsItsText(_ seconds: Double) {
        let moment = Date(timeIntervalSince1970: seconds)
        #expect(text { $0.write(moment) } == "\"\(moment.rfc3339)\"")
        #expect(throws: Never.self) { try Date(rfc3339: moment.rfc3339) }
    }
}
