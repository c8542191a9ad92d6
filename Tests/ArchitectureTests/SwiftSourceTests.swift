import Testing

@Suite struct SwiftSourceTests {
    @Test func separatesCodeFromComments() {
        let source = SwiftSource(
            "let a = 1 // one\n/* two /* nested */ still */ let b = 2\n/*/ three */let c")
        #expect(source.code == "let a = 1 \n let b = 2\nlet c")
        #expect(source.comments == "// one\n/* two /* nested */ still */\n/*/ three */")
    }

    @Test func separatesCodeFromLiterals() {
        let source = SwiftSource(#"let a = "x // \"y\" \(f("z", (1)))!" // end"#)
        #expect(source.code == #"let a = "f("", (1))" "#)
        #expect(source.literals == #"x // "y" z ! "#)
        #expect(source.comments == "// end")
    }

    @Test func readsLongAndRawLiterals() {
        let long = SwiftSource("let a = \"\"\"\n  say \"hi\" // no\n  \"\"\"; let b")
        #expect(long.code == "let a = \"\n\n\"; let b")
        #expect(long.comments == "\n\n")
        let raw = SwiftSource(##"let a = #"x "\(no)" \#(yes)"#; #expect(b)"##)
        #expect(raw.code == ##"let a = "yes"; #expect(b)"##)
    }

    @Test func endsWithTheText() {
        for text in ["", "\"", "/*", "\"\\(", "#", "\"\\", "\"\"\"", "\"\\(f(\"", "/* /*"] {
            #expect(SwiftSource(text).code.count <= text.count + 2)
        }
    }
}
