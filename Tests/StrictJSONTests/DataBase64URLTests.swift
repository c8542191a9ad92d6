import Foundation
import StrictJSON
import Testing

@Suite struct DataBase64URLTests {
    /// RFC 4648, section 10, without the padding, and the two letters in which the alphabets differ.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func goesThereAndBack(bytes: String, text: String) {
        #expect(Data(bytes.utf8).base64URL == text)
        #expect(Data(base64URL: text) == Data(bytes.utf8))
    }

    @Test func usesTheAlphabetOfURLs() {
        #expect(Data([0xFB, 0xFF, 0xBF]).base64URL == "-_-_")
        #expect(Data(base64URL: "-_-_") == Data([0xFB, 0xFF, 0xBF]))
    }

    @Test(arguments: ["+/+/", "Zg==", "Zm9v Zg", "Z", "Zm9vY", "ü"])
    func refusesEverythingElse(text: String) {
        #expect(Data(base64URL: text) == nil)
    }
}
