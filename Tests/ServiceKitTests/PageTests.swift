import Hummingbird
import NIOCore
import Testing

@testable import ServiceKit

@Suite struct PageTests {
    private func query(_ text: String) throws -> Fields {
        try Fields.query(
            of: Request(
                head: .init(method: .get, scheme: "http", authority: "x", path: "/v1/a?" + text),
                body: .init(buffer: ByteBuffer())))
    }

    @Test func hasADefaultAndAMaximum() throws {
        #expect(try Page.read(from: query(""), default: 50) == Page(after: nil, limit: 50))
        #expect(try Page.read(from: query("limit=200&after=abc")) == Page(after: "abc", limit: 200))
        for text in ["limit=0", "limit=201", "limit=-1", "limit=", "limit=99999999999999999999", "after="] {
            #expect(throws: Problem.self) { try Page.read(from: query(text)) }
        }
    }

    @Test func readsBackACursor() throws {
        let values = ["2021-09-01T13:30:00.000000Z", "ünï/+=?", ""]
        let cursor = Cursor.encode(values)
        #expect(cursor.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        #expect(try Cursor.decode(cursor, count: 3) == values)
    }

    @Test(arguments: ["x", "!!!!", "eyJhIjoxfQ", "WzFd", "WyJhIl0", Cursor.encode(["a\u{0}", "b"])])
    func refusesOtherTexts(cursor: String) {
        #expect { try Cursor.decode(cursor, count: 2) } throws: { ($0 as? Problem)?.field == "after" }
    }
}
