import ContractKit
import ExactTypes
import Foundation
import Hummingbird
import NIOCore
import SharedTypes
import Testing

@testable import ServiceKit

@Suite struct PageQueryTests {
    private func query(_ text: String) throws -> Fields {
        try Fields.query(
            of: Request(
                head: .init(method: .get, scheme: "http", authority: "x", path: "/v1/a?" + text),
                body: .init(buffer: ByteBuffer())))
    }

    @Test func hasADefaultAndAMaximum() throws {
        #expect(try PageQuery.read(from: query(""), default: 50) == PageQuery(after: nil, limit: 50))
        #expect(try PageQuery.read(from: query("limit=200&after=abc")) == PageQuery(after: "abc", limit: 200))
        for text in ["limit=0", "limit=201", "limit=-1", "limit=", "limit=99999999999999999999", "after="] {
            #expect(throws: Problem.self) { try PageQuery.read(from: query(text)) }
        }
    }

    @Test func readsBackACursor() throws {
        let values = ["2021-09-01T13:30:00.000000Z", "ünï/+=?", ""]
        let cursor = Cursor.encode(values)
        #expect(cursor.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        let (first, second, third) = try Cursor.decode(cursor, as: String.self, String.self, String.self)
        #expect([first, second, third] == values)
    }

    @Test(arguments: ["x", "!!!!", "eyJhIjoxfQ", "WzFd", "WyJhIl0", Cursor.encode(["a\u{0}", "b"])])
    func refusesOtherTexts(cursor: String) {
        #expect {
            try Cursor.decode(cursor, as: String.self, String.self)
        } throws: {
            ($0 as? Problem)?.field == "after"
        }
    }

    @Test func readsTheTypesOfTheList() throws {
        let id = Portfolio.ID.version7(at: Date())
        #expect(try Cursor.decode(Cursor.encode(["\(id)"]), as: Portfolio.ID.self) == id)
        #expect(try Cursor.decode(Cursor.encode(["7", "x"]), as: Int.self, String.self) == (7, "x"))
        for wrong in [["x"], ["7", "8"], [], ["9223372036854775808"]] {
            #expect(throws: Problem.self) { try Cursor.decode(Cursor.encode(wrong), as: Int.self) }
        }
    }
}
