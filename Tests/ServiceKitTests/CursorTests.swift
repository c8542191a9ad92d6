import ContractKit
import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import ServiceKit

@Suite struct CursorTests {
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

    @Test func aMomentIsKeptToTheMicrosecond() throws {
        for microseconds: Int64 in [
            0, 1, -1, 1_630_503_000_123_457, -62_135_596_800_000_000, 4_102_444_799_999_999,
        ] {
            let moment = try #require(CursorMoment(String(microseconds)))
            #expect(CursorMoment(moment.date).description == String(microseconds))
        }
        for wrong in ["", "x", "1.5", "253402300800000001", "-62135596800000001", "9223372036854775808"] {
            #expect(CursorMoment(wrong) == nil, "\(wrong)")
        }
    }
}
