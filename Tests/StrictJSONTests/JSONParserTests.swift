import Foundation
import Testing

@testable import StrictJSON

@Suite struct JSONParserTests {
    @Test func readsEveryKindOfValue() throws {
        let text = #" {"a":[1,-2.50,1e3,true,false,null,"x\n\u00e9\ud83d\ude00"],"b":{},"c":[]} "#
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(
            value
                == .object([
                    "a": .array([
                        .number(1), .number(Decimal(string: "-2.5")!), .number(1000), .bool(true),
                        .bool(false), .null,
                        .string("x\né😀"),
                    ]), "b": .object([:]), "c": .array([]),
                ]))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "+1", "1.", ".5", "1e", "nul", "truex", "\"a",
        "\"\\x\"", "\"\\u12\"",
        "[1] 2", "{\"a\":1 \"b\":2}", "'a'", "\"\u{1}\"", "-", "[1 2]", "NaN", "Infinity", "/*c*/1",
    ])
    func refusesWhatIsNotJSON(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func saysThatTwoKeysAreEquivalentAndNotTheSame() {
        let bytes = Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8)
        #expect {
            try JSONParser.parse(bytes)
        } throws: {
            ($0 as? JSONSyntaxError)?.reason
                == "two keys that differ in nothing but their Unicode normalization"
        }
    }

    @Test(arguments: [#""\ud83d""#, #""\ude00""#, #""\ud83dx""#, #""\ud83d\u0041""#, #""\ude00\ud83d""#])
    func refusesLoneSurrogates(text: String) {
        #expect { try JSONParser.parse(Array(text.utf8)) } throws: {
            ($0 as? JSONSyntaxError)?.reason == "a lone surrogate"
        }
    }

    @Test func refusesBytesThatAreNotUTF8() {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xC3, 0x28, 0x22]) }
        // A surrogate in UTF-8, and an overlong slash.
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xED, 0xA0, 0x80, 0x22]) }
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xC0, 0xAF, 0x22]) }
    }

    @Test func refusesAKeyThatStandsThereTwice() {
        #expect { try JSONParser.parse(Array(#"{"a":1,"a":2}"#.utf8)) } throws: {
            $0 as? JSONSyntaxError == JSONSyntaxError(reason: "a key that stands there twice", offset: 7)
        }
    }

    @Test func limitsTheDepth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSONParser.parse(nested(65))
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(nested(66)) }
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(nested(1_000_000)) }
    }

    @Test func limitsTheNumberOfValues() throws {
        for text in ["[0,0,[],{},\"\"]", "{\"a\":0,\"b\":[0],\"c\":null}"] {
            let bytes = Array(text.utf8)
            let count = text.hasPrefix("[") ? 6 : 5
            _ = try JSONParser.parse(bytes, maximumValues: count)
            let error = #expect(throws: JSONSyntaxError.self) {
                try JSONParser.parse(bytes, maximumValues: count - 1)
            }
            #expect(error?.reason == "too many values")
        }
    }

    @Test func keepsNumbersExactly() throws {
        let digits = "12345678901234567890123456789012345678"
        #expect(try JSONParser.parse(Array(digits.utf8)) == .number(Decimal(string: digits)!))
        #expect(try JSONParser.parse(Array("0.1".utf8)) == .number(Decimal(string: "0.1")!))
    }

    @Test(arguments: [
        "1e400", "-1e400", "1e65", "1e-65", "123456789012345678901234567890123456789",
        "1e99999999999999999999",
    ])
    func marksNumbersThatDecimalCannotHold(text: String) throws {
        guard case .number(let number) = try JSONParser.parse(Array(text.utf8)) else {
            Issue.record("no number")
            return
        }
        #expect(number.isNaN)
    }

    @Test func writesWhatItReads() throws {
        let text = #"{"a":[1,"q\"\\\n\u0001é😀",null,true],"b":{"c":-0.5}}"#
        #expect(try JSONValue(parsing: Array(text.utf8)).text == text)
    }

    /// It is asked at each value, so the second one is not read any more.
    @Test func aReadingEndsWhereItIsCancelled() throws {
        let bytes = Array(#"{"a": [1, 2, 3]}"#.utf8)
        var asked = 0
        #expect {
            try JSONParser.parse(bytes) {
                asked += 1
                return asked == 2
            }
        } throws: {
            ($0 as? JSONSyntaxError)?.offset == 5
        }
        #expect(asked == 2)
    }
}
