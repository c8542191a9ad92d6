import ExactTypes
import Foundation
import StrictJSON
import Testing

@Suite struct MemberReaderTests {
    enum Kind: String, CaseIterable {
        case brokerage
        case crypto
    }

    private struct Row: JSONReadable, Equatable {
        let a: Int

        init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError) {
            let members = try MemberReader(value, rules)
            a = try members.required("a", .int(in: 0...9))
            try members.refuseOthers(than: ["a"])
        }
    }

    private func members(_ json: String, _ rules: ReadingRules = .request) throws -> MemberReader {
        try MemberReader(try JSONValue(parsing: json), rules)
    }

    private func fault<Value>(_ read: () throws(FieldError) -> Value) -> FieldError? {
        do throws(FieldError) {
            _ = try read()
            return nil
        } catch {
            return error
        }
    }

    @Test func readsEachKind() throws {
        let id = UUID()
        let members = try members(
            """
            {"name":"Depot","quantity":"1.5","currency":"CHF","unit":"GBp","day":"2021-02-28","kind":"crypto",
             "at":"2021-09-01T13:30:00Z","flag":true,"count":3,"id":"\(id.uuidString)","settings":{"theme":"dark"},
             "rows":[{"a":1},{"a":2}],"tags":["x","y"],"gone":null}
            """)
        #expect(try members.required("name", .text(length: 1...80)) == "Depot")
        #expect(try members.required("quantity", .decimal(.positive)).description == "1.5")
        #expect(try members.required("currency", .currency) == .chf)
        #expect(try members.required("unit", .currencyUnit).description == "GBX")
        #expect(try members.required("day", .day).description == "2021-02-28")
        #expect(try members.required("at", .moment).timeIntervalSince1970 == 1_630_503_000)
        #expect(try members.required("flag", .bool))
        #expect(try members.required("count", .int(in: 1...5)) == 3)
        #expect(try members.required("kind", ValueReader<Kind>.choice) == .crypto)
        #expect(try members.required("id", .uuid) == id)
        #expect(try members.required("settings", .object)["theme"] == .string("dark"))
        #expect(try members.required("rows", .array(of: ValueReader<Row>.nested)).map(\.a) == [1, 2])
        #expect(try members.required("tags", .array(of: .text(length: 1...9))) == ["x", "y"])
        #expect(try members.optional("gone", .text()) == nil && members.optional("absent", .day) == nil)
        #expect(try members.nullable("gone", .text()) == nil)
        #expect(members.isNull("gone") && !members.isNull("absent"))
    }

    @Test(arguments: [0.341261, 1e-7, -12.5, 0, 123_456_789.123456])
    func aBinaryFractionIsTheNearestOne(number: Double) throws {
        #expect(try members(#"{"n":\#(number)}"#).required("n", .number) == number)
    }

    @Test func namesThePathOfAnElement() throws {
        let rows = (0..<18).map { _ in #"{"a":1}"# } + [#"{"a":1e400}"#, #"{"a":1,"zzz":2}"#]
        let whole = try members(#"{"rows":[\#(rows.joined(separator: ","))]}"#)
        let found = fault { () throws(FieldError) in
            try whole.required("rows", .array(of: ValueReader<Row>.nested))
        }
        #expect(found == FieldError(field: "rows[18].a", reason: "must be from 0 to 9"))
        let other = try members(#"{"rows":[\#(rows[19])]}"#)
        let unknown = fault { () throws(FieldError) in
            try other.required("rows", .array(of: ValueReader<Row>.nested))
        }
        #expect(unknown == FieldError(field: "rows[0].zzz", reason: "is not a known field"))
    }

    @Test(arguments: [
        #""1e400""#, "1e400", "1", #""-1""#, #""0""#, #""1.1234567890123456789""#, #"" 1""#,
        #""123456789012345678901""#, "null", #""NaN""#, #""+1""#, #""１""#,
    ])
    func refusesBadDecimals(literal: String) throws {
        let members = try members(#"{"quantity":\#(literal)}"#)
        let found = fault { () throws(FieldError) in try members.required("quantity", .decimal(.positive)) }
        #expect(found?.field == "quantity")
    }

    @Test func refusesBadTexts() throws {
        let members = try members(
            #"{"nul":"a\u0000b","bell":"\u0007","line":"a\nb","empty":"","long":"ééé","n":1,"c1":"\u0085"}"#)
        for name in ["nul", "bell", "c1", "line"] {
            let found = fault { () throws(FieldError) in try members.required(name, .text()) }
            #expect(found == FieldError(field: name, reason: "contains a control character"))
        }
        #expect(try members.required("line", .text(multiline: true)) == "a\nb")
        func reason(_ name: String, _ length: ClosedRange<Int> = 0...9) -> String? {
            fault { () throws(FieldError) in try members.required(name, .text(length: length)) }?.reason
        }
        #expect(reason("empty", 1...5) == "must not be empty")
        #expect(reason("long", 1...2) == "is longer than 2 characters")
        #expect(try members.required("long", .text(length: 1...3)) == "ééé")
        #expect(reason("n") == "must be a string, and is a number")
        #expect(reason("absent") == "is required")
    }

    @Test func refusesWhatTheCalendarAndTheCurrenciesDoNotHave() throws {
        let members = try members(
            #"{"day":"2021-02-30","currency":"XXQ","kind":"gold","id":"1","n":1.5,"big":99}"#)
        func reason<Value>(_ name: String, _ reader: ValueReader<Value>) -> String? {
            fault { () throws(FieldError) in try members.required(name, reader) }?.reason
        }
        #expect(reason("day", .day) != nil && reason("currency", .currency) != nil)
        #expect(reason("kind", ValueReader<Kind>.choice) == "must be one of brokerage, crypto")
        #expect(reason("id", .uuid) != nil && reason("n", .int(in: 0...9)) != nil)
        #expect(reason("big", .int(in: 0...9)) == "must be from 0 to 9")
    }

    /// Of an answer that a later contract gives, a client passes over what it does not know, and a test does not.
    @Test func rulesSayHowStrictlyIsRead() throws {
        let json = #"{"a":1,"later":true}"#
        #expect(try Row(reading: JSONValue(parsing: json), .answer).a == 1)
        for rules in [ReadingRules.request, .strictAnswer] {
            #expect(throws: FieldError(field: "later", reason: "is not a known field")) {
                try Row(reading: JSONValue(parsing: json), rules)
            }
        }
    }
}
