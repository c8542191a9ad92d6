import ContractKit
import ExactTypes
import Foundation
import Hummingbird
import NIOCore
import SharedTypes
import StrictJSON
import Testing

@testable import ServiceKit

@Suite struct FieldsTests {
    enum Kind: String, CaseIterable {
        case brokerage
        case crypto
    }

    private func fields(_ json: String) throws -> Fields { try Fields(parsing: ByteBuffer(string: json)) }

    /// The field that a problem names, and the reason in its detail.
    private func fault(_ body: () throws -> some Any) -> (field: String?, status: Int, detail: String)? {
        do {
            _ = try body()
            return nil
        } catch let problem as Problem {
            return (problem.field, problem.status, problem.detail ?? "")
        } catch {
            return nil
        }
    }

    @Test func readsEachKind() throws {
        let user = UUID()
        let fields = try fields(
            """
            {"name":"Depot","quantity":"1.5","loose":1.1234567890123456785,"currency":"CHF","day":"2021-02-28","kind":"crypto",
             "at":"2021-09-01T13:30:00Z","flag":true,"count":3,"id":"\(user.uuidString)","settings":{"theme":"dark"},
             "rows":[{"a":1},{"a":2}],"tags":["x","y"],"gone":null}
            """)
        #expect(try fields.string("name", length: 1...80) == "Depot")
        #expect(try fields.decimal("quantity", .positive).description == "1.5")
        #expect(try fields.looseDecimal("loose").description == "1.123456789012345678")
        #expect(try fields.currency("currency") == .chf)
        #expect(try fields.day("day").description == "2021-02-28")
        #expect(try fields.timestamp("at").timeIntervalSince1970 == 1_630_503_000)
        #expect(try fields.bool("flag"))
        #expect(try fields.int("count", in: 1...5) == 3)
        #expect(try fields.enumeration("kind", Kind.self) == .crypto)
        #expect(try fields.identifier("id", User.self) == User.ID(user))
        #expect(try fields.object("settings").string("theme") == "dark")
        #expect(try fields.objects("rows").map { try $0.int("a", in: 0...9) } == [1, 2])
        #expect(try fields.strings("tags", count: 0...5, length: 1...9) == ["x", "y"])
        #expect(try fields.optionalString("gone") == nil)
        #expect(try fields.optionalDay("absent") == nil)
        #expect(fields.isNull("gone") && !fields.isNull("absent"))
        try fields.finish()
    }

    @Test func namesTheFieldThatIsUnknown() throws {
        let fields = try fields(#"{"name":"a","rows":[{"a":1},{"a":1,"zzz":2}],"other":1}"#)
        _ = try fields.string("name")
        let rows = try fields.objects("rows")
        for row in rows { _ = try row.int("a", in: 0...9) }
        #expect(fault { try fields.finish() }?.field == "other")
        _ = try fields.json("other")
        #expect(fault { try fields.finish() }?.field == "rows[1].zzz")
    }

    @Test func namesThePathOfAnElement() throws {
        let rows = Array(repeating: #"{"quantity":1}"#, count: 18) + [#"{"quantity":1e400}"#]
        let fields = try fields(#"{"activities":[\#(rows.joined(separator: ","))]}"#)
        let found = fault {
            for row in try fields.objects("activities") { _ = try row.looseDecimal("quantity") }
        }
        #expect(found?.field == "activities[18].quantity")
        #expect(found?.status == 422)
        #expect(found?.detail == "activities[18].quantity is out of range.")
    }

    /// A number of which nothing would be left is no zero.
    @Test func refusesANumberThatWouldBeKeptAsZero() throws {
        let fields = try fields(#"{"price":1e-19,"zero":0.0}"#)
        #expect(
            fault { try fields.looseDecimal("price") }?.detail
                == "price has no digit in the first 18 decimals.")
        #expect(try fields.looseDecimal("zero").isZero)
    }

    @Test(arguments: [
        (#""1e400""#, "quantity"), ("1e400", "quantity"), ("1", "quantity"), (#""-1""#, "quantity"),
        (#""0""#, "quantity"),
        (#""1.1234567890123456789""#, "quantity"), (#"" 1""#, "quantity"),
        (#""123456789012345678901""#, "quantity"),
        ("null", "quantity"),
        (#""NaN""#, "quantity"), (#""+1""#, "quantity"), (#""１""#, "quantity"),
    ])
    func refusesBadDecimals(literal: String, field: String) throws {
        let fields = try fields(#"{"quantity":\#(literal)}"#)
        let found = fault { try fields.decimal("quantity", .positive) }
        #expect(found?.field == field)
        #expect(found?.status == 422)
    }

    @Test func refusesBadTexts() throws {
        let fields = try fields(
            #"{"nul":"a\u0000b","bell":"\u0007","line":"a\nb","empty":"","long":"ééé","n":1,"c1":"\u0085"}"#)
        #expect(fault { try fields.string("nul") }?.field == "nul")
        #expect(fault { try fields.string("bell") }?.field == "bell")
        #expect(fault { try fields.string("c1") }?.field == "c1")
        #expect(fault { try fields.string("line") }?.field == "line")
        #expect(try fields.string("line", multiline: true) == "a\nb")
        #expect(fault { try fields.string("empty", length: 1...5) }?.field == "empty")
        #expect(fault { try fields.string("long", length: 1...2) }?.field == "long")
        #expect(try fields.string("long", length: 1...3) == "ééé")
        #expect(fault { try fields.string("n") }?.detail == "n must be a string, and is a number.")
        #expect(fault { try fields.string("absent") }?.detail == "absent is required.")
    }

    @Test func refusesWhatTheCalendarAndTheCurrenciesDoNotHave() throws {
        let fields = try fields(
            #"{"day":"2021-02-30","currency":"XXQ","kind":"gold","id":"1","n":1.5,"big":99}"#)
        #expect(fault { try fields.day("day") }?.field == "day")
        #expect(fault { try fields.currency("currency") }?.field == "currency")
        #expect(
            fault { try fields.enumeration("kind", Kind.self) }?.detail
                == "kind must be one of brokerage, crypto.")
        #expect(fault { try fields.identifier("id", User.self) }?.field == "id")
        #expect(fault { try fields.int("n", in: 0...9) }?.field == "n")
        #expect(fault { try fields.int("big", in: 0...9) }?.detail == "big must be from 0 to 9.")
    }

    @Test func refusesBodiesThatAreNoObject() {
        for text in ["", "[]", "1", "{", "\u{0}"] {
            let found = fault { try fields(text) }
            #expect(found?.status == 400)
            #expect(found?.field == "body")
        }
    }

    @Test func readsAQuery() throws {
        func query(_ text: String) throws -> Fields {
            try Fields.query(
                of: Request(
                    head: .init(method: .get, scheme: "http", authority: "x", path: "/v1/a?" + text),
                    body: .init(buffer: ByteBuffer())))
        }
        let fields = try query("on=2021-02-28&limit=20&name=a%20b%2Bc+d&flag=true")
        #expect(try fields.day("on").description == "2021-02-28")
        #expect(try fields.int("limit", in: 1...50) == 20)
        #expect(try fields.string("name") == "a b+c d")
        #expect(try fields.bool("flag"))
        try fields.finish()
        #expect(fault { try query("a=1&a=2") }?.field == "a")
        #expect(fault { try query("a=%FF") }?.field == "a")
        #expect(fault { try query("limit=x").int("limit", in: 1...5) }?.field == "limit")
        #expect(fault { try query("limit=1e9").int("limit", in: 1...5) }?.field == "limit")
        #expect(fault { try query("name=%00").string("name") }?.field == "name")
        #expect(fault { try query("unknown=1").finish() }?.field == "unknown")
    }

    @Test func aBodyIsReadForAsLongAsItsCalculationGoesOn() throws {
        let bytes = ByteBuffer(string: #"{"a": [1, 2, 3]}"#)
        let cancellation = HeavyWork.Cancellation()
        #expect(try Fields(parsing: bytes, cancellation).names == ["a"])
        cancellation.cancel()
        #expect(throws: CancellationError.self) { try Fields(parsing: bytes, cancellation) }
    }
}
