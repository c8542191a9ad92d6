import ExactTypes
import StrictJSON
import Testing

@Suite struct ObjectReaderTests {
    private enum Colour: String, CaseIterable { case red, green, blue }

    private func fault(_ text: String, _ read: (inout ObjectReader) throws -> Void) -> FieldError? {
        do {
            var reader = try ObjectReader(parsing: text)
            try read(&reader)
            try reader.finish()
            return nil
        } catch {
            return error as? FieldError
        }
    }

    @Test func readsEveryKind() throws {
        var reader = try ObjectReader(
            parsing: #"{"name": "a", "times": 3, "colour": "red", "several": ["blue", "green"]}"#)
        #expect(try reader.text("name") == "a")
        #expect(try reader.int("times", in: 1...3) == 3)
        #expect(try reader.int("missing", in: 1...3, default: 2) == 2)
        #expect(try reader.enumeration("colour", Colour.self) == .red)
        #expect(try reader.choices("several", among: Colour.allCases) == [.blue, .green])
        try reader.finish()
    }

    @Test(arguments: ["", "[]", "1", #"{"a": 1, "a": 2}"#, "{"])
    func refusesWhatIsNoObject(text: String) {
        #expect(fault(text) { _ in } == FieldError(field: "", reason: "must be an object"))
    }

    @Test func namesTheMemberAtFault() {
        #expect(fault("{}") { _ = try $0.text("a") } == FieldError(field: "a", reason: "is required"))
        #expect(
            fault(#"{"a": 1}"#) { _ = try $0.text("a") } == FieldError(field: "a", reason: "must be a string")
        )
        let range = FieldError(field: "a", reason: "must be a whole number from 1 to 9")
        for number in ["0", "10", "1.5", "\"5\"", "1e400", "99999999999999999999", "null"] {
            #expect(fault("{\"a\": \(number)}") { _ = try $0.int("a", in: 1...9) } == range, "\(number)")
        }
        #expect(
            fault(#"{"a": "pink"}"#) { _ = try $0.enumeration("a", Colour.self) }
                == FieldError(field: "a", reason: "must be one of red, green, blue"))
        let list = FieldError(field: "a", reason: "must be a list of any of red, green, blue")
        for text in ["[]", #"["red", "red"]"#, #"["pink"]"#, "[1]", #""red""#] {
            #expect(
                fault("{\"a\": \(text)}") { _ = try $0.choices("a", among: Colour.allCases) } == list,
                "\(text)")
        }
    }

    @Test func refusesWhatWasNotRead() {
        #expect(
            fault(#"{"b": 1, "a": 2, "c": 3}"#) { _ = try $0.int("c", in: 0...9) }
                == FieldError(field: "a", reason: "is not a known field"))
        // A member is read once.
        #expect(
            fault(#"{"a": "x"}"#) { reader in
                _ = try reader.text("a")
                _ = try reader.text("a")
            } == FieldError(field: "a", reason: "is required"))
    }
}
