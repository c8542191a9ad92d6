import Testing

@testable import EmbeddedPostgres

@Suite struct PostmasterFileTests {
    @Test func allLinesAreRead() throws {
        let text = "4711\n/data\n1700000000\n5432\n/tmp/sockets\n\n  1 2\nready   \n"
        let file = try #require(PostmasterFile(parsing: text))
        #expect(file.processID == 4711)
        #expect(file.status == .ready)
    }

    @Test(arguments: ["4711\n/data\n", "4711\n/data\n1\n5432\n\n\n1 2\nsleeping\n", "-4711\n"])
    func aFileInTheMakingHasNoStatus(text: String) throws {
        let file = try #require(PostmasterFile(parsing: text))
        #expect(file.processID == 4711)
        #expect(file.status == nil)
    }

    @Test(arguments: ["", "\n", "postgres\n"]) func nonsenseIsNoFile(text: String) {
        #expect(PostmasterFile(parsing: text) == nil)
    }
}
