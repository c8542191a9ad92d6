import Testing

@testable import Users

@Suite struct Argon2idTests {
    /// From the reference implementation's own test.c, version 0x13.
    @Test func theReferenceVector() throws {
        let algorithm = Argon2id(memoryKibibytes: 65_536, passes: 2, lanes: 1)
        let expected =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        #expect(try algorithm.hash(Array("password".utf8), salt: Array("somesalt".utf8)) == expected)
        #expect(try Argon2id.matches(Array("password".utf8), expected))
        #expect(try !Argon2id.matches(Array("Password".utf8), expected))
    }

    @Test func todaysParametersStandInTheText() throws {
        let encoded = try Argon2id.standard.hash(Array("x".utf8), salt: [UInt8](repeating: 1, count: 16))
        #expect(encoded.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(encoded.hasPrefix(Argon2id.standard.prefix))
        #expect(encoded.utf8.count == 97)
    }

    @Test func aTextThatIsNoHashIsAnError() {
        #expect(throws: Argon2id.Failure.self) { try Argon2id.matches([1], "$argon2id$v=19$nonsense") }
    }
}
