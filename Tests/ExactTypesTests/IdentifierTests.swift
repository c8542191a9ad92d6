import ExactTypes
import Foundation
import Testing

private enum Kite: Entity {}

@Suite struct IdentifierTests {
    private let text = "018f3c2a-1b2c-7d3e-8f40-a1b2c3d4e5f6"

    @Test func readsBothCasesAndWritesLowerCase() throws {
        let identifier = try #require(Kite.ID(text))
        #expect(Kite.ID(text.uppercased()) == identifier)
        #expect(identifier.description == text)
        #expect(identifier.uuid == UUID(uuidString: text))
    }

    @Test(arguments: [
        "", "018f3c2a", "018f3c2a1b2c7d3e8f40a1b2c3d4e5f6", "{018f3c2a-1b2c-7d3e-8f40-a1b2c3d4e5f6}",
        "018f3c2a-1b2c-7d3e-8f40-a1b2c3d4e5fg", "018f3c2a-1b2c-7d3e-8f40-a1b2c3d4e5f6 ",
        "018f3c2a-1b2c-7d3e-8f40-a1b2c3d4e5f6\0",
    ])
    func refusesOtherTexts(text: String) {
        #expect(Kite.ID(text) == nil)
    }

    @Test func isALowerCaseStringInJSON() throws {
        let identifier = try #require(Kite.ID(text))
        let json = try JSONEncoder().encode([identifier])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
        #expect(try JSONDecoder().decode([Kite.ID].self, from: json) == [identifier])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Kite.ID].self, from: Data(#"["x"]"#.utf8))
        }
    }

    @Test func ordersLikeItsText() {
        var generator = SeededGenerator(seed: 41)
        for _ in 0..<5_000 {
            let (left, right) = (randomIdentifier(using: &generator), randomIdentifier(using: &generator))
            #expect((left < right) == (left.description < right.description))
        }
    }

    @Test func theEndsLieBeyondAllOthers() {
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<1_000 {
            let identifier = randomIdentifier(using: &generator)
            #expect(Kite.ID.lowest < identifier && identifier < .highest)
        }
        #expect(Kite.ID.lowest.description == "00000000-0000-0000-0000-000000000000")
        #expect(Kite.ID.highest.description == "ffffffff-ffff-ffff-ffff-ffffffffffff")
    }

    private func randomIdentifier(using generator: inout SeededGenerator) -> Kite.ID {
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &bytes) { bytes in
            for index in bytes.indices { bytes[index] = .random(in: 0...255, using: &generator) }
        }
        return Kite.ID(UUID(uuid: bytes))
    }
}
