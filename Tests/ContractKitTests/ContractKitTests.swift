import ContractKit
import ExactTypes
import Foundation
import StrictJSON
import Testing

struct ContractKitTests {
    private enum Shade: String, CaseIterable, Sendable { case light, dark }

    @Test func aMediaTypeIsWithoutItsParameters() {
        for type in ["text/csv", "text/csv; charset=utf-8", "Text/CSV ;header=present"] {
            #expect(Content(type: type, bytes: []).mediaType == "text/csv")
        }
        #expect(Content(type: "", bytes: []).mediaType == "")
    }

    @Test func anUnknownValueIsKeptAndWrittenAsItCame() throws {
        let reader = ValueReader<OpenEnum<Shade>>.nested
        #expect(try reader(.string("dark"), .answer) == .known(.dark))
        #expect(try reader(.string("dim"), .answer) == .unknown("dim"))
        #expect(String(decoding: OpenEnum<Shade>.unknown("dim").json, as: UTF8.self) == "\"dim\"")
        let error = #expect(throws: FieldError.self) { try reader(.string("dim"), .strictAnswer) }
        #expect(error?.reason == "must be one of light, dark")
    }

    @Test func aChangeKeepsRemovesOrSets() {
        #expect(Change<Int>.keep.applied(to: 1) == 1)
        #expect(Change<Int>.remove.applied(to: 1) == nil)
        #expect(Change<Int>.set(2).applied(to: nil) == 2)
    }

    @Test func aProblemIsReadAsItWasWritten() throws {
        var problem = Problem(
            status: 422, slug: "rows-refused", title: "Rows \"of\" the file", detail: "One.\n",
            field: "a[1].b")
        problem.extensions = ["row": .number(3), "rows": .array([.object(["reason": .string("x")])])]
        let read = try Problem(reading: try JSONValue(parsing: problem.json), .strictAnswer)
        #expect(read == problem)
        #expect(read.slug == "rows-refused")
        #expect(throws: FieldError.self) { try Problem(reading: .object(["type": .string("x")]), .answer) }
    }

    @Test func aKeyIsVisibleASCII() {
        #expect(IdempotencyKey("a key") == nil)
        #expect(IdempotencyKey("") == nil)
        #expect(IdempotencyKey(String(repeating: "k", count: 256)) == nil)
        #expect(IdempotencyKey("k~!")?.description == "k~!")
        #expect(IdempotencyKey(.lowest).description == "00000000-0000-0000-0000-000000000000")
    }

    @Test func headersAreFoundInEitherCase() throws {
        let answer = Answer(status: 200, headers: [("ETag", "\"4\"")])
        #expect(try answer.requiredHeader("etag") == ETag(revision: 4).description)
        let error = #expect(throws: FieldError.self) { try answer.requiredHeader("Location") }
        #expect(error == FieldError(field: "Location", reason: "is required"))
        #expect(throws: FieldError.self) { try answer.body(.json, .answer) }
    }

    @Test func aParameterStandsEncodedInItsPlace() {
        var writer = ParameterWriter(path: "/a/{b}/c")
        writer.path("b", "x/y {c}?")
        writer.query("q", "1&2=ü")
        writer.query("r", "")
        #expect(writer.path == "/a/x%2Fy%20%7Bc%7D%3F/c")
        #expect(writer.query == "q=1%262%3D%C3%BC&r=")
    }
}
