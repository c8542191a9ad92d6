import ContractKit
import ExactTypes
import Foundation
import GroveTesting
import Hummingbird
import NIOCore
import StrictJSON
import Testing

@testable import ServiceKit

@Suite struct RequestJSONTests {
    private func query(_ text: String) throws -> [String: JSONValue] {
        try Request(
            head: .init(method: .get, scheme: "http", authority: "x", path: "/v1/a?" + text),
            body: .init(buffer: ByteBuffer())
        ).queryValues()
    }

    @Test func readsAQuery() throws {
        let members = MemberReader(
            try query("on=2021-02-28&limit=20&name=a%20b%2Bc+d&flag=true&empty="), .parameters)
        #expect(try members.required("on", .day).description == "2021-02-28")
        #expect(try members.required("limit", .int(in: 1...50)) == 20)
        #expect(try members.required("name", .text()) == "a b+c d")
        #expect(try members.required("flag", .bool))
        #expect(try members.required("empty", .text()) == "")
    }

    @Test(arguments: ["a=1&a=2", "a=%FF"])
    func aQueryThatIsNoneIsRefusedByItsParameter(text: String) {
        #expect {
            try query(text)
        } throws: {
            ($0 as? Problem)?.field == "a" && ($0 as? Problem)?.status == 422
        }
    }

    @Test(arguments: ["", "[]", "1", "{", "\u{0}"])
    func aBodyThatIsNoObjectIsRefused(text: String) {
        #expect {
            try JSONValue(body: ByteBuffer(string: text))
        } throws: {
            ($0 as? Problem)?.field == "body" && ($0 as? Problem)?.status == 400
        }
    }

    @Test func aBodyIsReadForAsLongAsItsCalculationGoesOn() throws {
        let bytes = ByteBuffer(string: #"{"a": [1, 2, 3]}"#)
        let cancellation = HeavyWork.Cancellation()
        #expect(try JSONValue(body: bytes, cancellation)["a"]?[2] == .number(3))
        cancellation.cancel()
        #expect(throws: CancellationError.self) { try JSONValue(body: bytes, cancellation) }
    }
}
