import ContractGeneration
import Testing

/// What the tool does not take: the line, and what it says to do.
struct RefusalTests {
    private static let shared = SharedNames(
        enums: "public enum Kind: String, Codable {\n    case one\n    case two\n    case three\n}\n",
        keys: "public enum Portfolio: Entity {}\n")

    /// A document whose one operation takes `Thing` and answers with it. Its schemas begin at line 22.
    private func document(
        _ schemas: String, parameters: String = "[]", responses: String = #""200": { description: x }"#
    ) -> String {
        """
        openapi: 3.1.0
        info: { title: T, version: "1" }
        paths:
          /v1/things:
            post:
              operationId: doIt
              parameters: \(parameters)
              requestBody:
                required: true
                content:
                  application/json:
                    schema: { $ref: "#/components/schemas/Thing" }
              responses:
                \(responses)
                "204":
                  description: "."
                4XX:
                  description: x
                  content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
        components:
          schemas:
        \(schemas.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }.joined(separator: "\n"))
            Problem: { type: object }
        """
    }

    private func refusal(of document: String) -> ContractFault? {
        do {
            _ = try ContractSource(
                document: document, file: "a.yaml", context: "Test", shared: Self.shared)
            return nil
        } catch {
            return error as? ContractFault
        }
    }

    private static func thing(_ property: String) -> String {
        "Thing:\n  type: object\n  additionalProperties: false\n  properties:\n    a: \(property)"
    }

    @Test func anOrdinaryDocumentIsTaken() {
        #expect(refusal(of: document(Self.thing("{ type: string, maxLength: 3 }"))) == nil)
    }

    @Test(arguments: [
        ("{ type: string }", "A text of a request needs `maxLength`"),
        ("{ type: string, maxLength: 3, pattern: a }", "A pattern of a request needs `x-reason`"),
        ("{ type: integer, minimum: 1 }", "needs `minimum` and `maximum`"),
        ("{ type: number }", "`format: decimal`"),
        ("{ type: array, items: { type: boolean } }", "needs `maxItems`"),
        ("{ type: string, format: uuid }", "A UUID must say whose key it is"),
        ("{ type: string, format: uuid, x-key: Broker }", "SharedTypes has no Broker"),
        ("{ type: string, format: ipv4 }", "The format ipv4 is not supported"),
        ("{ type: string, format: decimal, x-range: tiny }", "positive or non-negative"),
        (
            "{ type: string, maxLength: 3, contentEncoding: base64 }",
            "`contentEncoding` is not supported in a text"
        ),
        ("{ enum: [one, 1] }", "put 1 in quotes"),
        ("{ enum: [a-b, a_b] }", "would be one name in Swift"),
        ("{ enum: [one, one] }", "A value stands here twice"),
        ("{ enum: [one, four], x-enum: Kind }", "SharedTypes.Kind lacks four"),
        ("{ enum: [one], x-enum: Kin }", "SharedTypes has no enum Kin"),
        ("{ title: Kind, enum: [one], x-enum: Kind }", "give it a name of its own by `title`"),
        ("{ title: Type, enum: [x] }", "Generated code needs the name Type"),
        ("{ oneOf: [{ type: string }, { type: boolean }] }", "`oneOf` needs a `discriminator`"),
        ("{ anyOf: [{ type: string }] }", "A schema needs `type`"),
        ("{ type: [string, boolean] }", "One type is supported"),
        ("{ $ref: \"other.yaml#/A\" }", "Only references like #/components/schemas/Name"),
        ("{ $ref: \"#/components/schemas/Nothing\" }", "points at nothing"),
        ("{ type: object, properties: { b: { type: boolean } } }", "say `additionalProperties: false`"),
        ("{ type: object, additionalProperties: false, required: [c], properties: {} }", "`c` is required"),
        ("{ type: string, format: date, default: x }", "A default is supported for"),
        ("{ type: string, format: date, x-null: removes }", "`x-null: removes` is for"),
        ("{ type: array, maxItems: 2, items: { type: [string, \"null\"] } }", "Elements that may be null"),
    ])
    func propertyIsRefusedAtItsLine(property: String, message: String) throws {
        let fault = try #require(refusal(of: document(Self.thing(property))))
        #expect(fault.line == 26)
        #expect(fault.message.contains(message), "\(fault)")
        #expect(fault.description.hasPrefix("a.yaml:26: "))
    }

    @Test(arguments: [
        ("[{ name: a, in: cookie, schema: { type: boolean } }]", "Parameters in a cookie"),
        ("[{ name: a, in: query, schema: { type: object } }]", "A parameter is a single value"),
        ("[{ name: a, in: path, required: true, schema: { type: boolean } }]", "parameters of the path"),
        ("[{ name: a, in: query, style: form, schema: { type: boolean } }]", "`style` is not supported"),
    ])
    func parameterIsRefused(parameters: String, message: String) throws {
        let text = document(Self.thing("{ type: boolean }"), parameters: parameters)
        #expect(try #require(refusal(of: text)).message.contains(message))
    }

    @Test func aListAnswersWithItsNextPage() throws {
        let paged = """
            [{ name: after, in: query, schema: { type: string, maxLength: 9 } },
             { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 2 } }]
            """.replacing("\n", with: " ")
        let fault = refusal(of: document(Self.thing("{ type: boolean }"), parameters: paged))
        #expect(try #require(fault).message.contains("has one success, with `next`"))
        let other = paged.replacing("after", with: "behind")
        #expect(refusal(of: document(Self.thing("{ type: boolean }"), parameters: other)) == nil)
    }

    @Test func whoMayCallIsSaidToPeopleAndToTheServer() throws {
        let text = document(Self.thing("{ type: boolean }"))
        let told = text.replacing(
            "operationId: doIt", with: "operationId: doIt\n      summary: Do it (operators).")
        #expect(try #require(refusal(of: told)).message.contains("say `x-role: operator`"))
        let silent = text.replacing("operationId: doIt", with: "operationId: doIt\n      x-role: operator")
        #expect(try #require(refusal(of: silent)).message.contains("says (operators) in its summary"))
    }

    @Test func twoTypesOfOneNameAreRefused() throws {
        let schemas = Self.thing("{ title: B, enum: [x] }") + "\n    c: { title: B, enum: [y] }"
        #expect(try #require(refusal(of: document(schemas))).message.contains("Two types would be called"))
    }

    @Test func answersOtherThanTheKnownAreRefused() throws {
        let moved = document(Self.thing("{ type: boolean }"), responses: #""301": { description: x }"#)
        #expect(try #require(refusal(of: moved)).message.contains("Answers of 301"))
        let page = document(
            Self.thing("{ type: boolean }"),
            responses: #""409": { description: x, content: { text/html: { schema: { type: string } } } }"#)
        #expect(try #require(refusal(of: page)).message.contains("is application/problem+json"))
    }

    @Test func brokenYAMLAndAnotherVersionAreRefused() throws {
        #expect(try #require(refusal(of: "a: [")).message.contains("This is no YAML"))
        #expect(try #require(refusal(of: "")).message == "The document is empty.")
        let old = document(Self.thing("{ type: boolean }")).replacing("3.1.0", with: "3.0.3")
        #expect(try #require(refusal(of: old)).message.contains("Only OpenAPI 3.1"))
    }

    @Test func theSameDocumentGivesTheSameBytes() throws {
        let text = document(Self.thing("{ enum: [one, two] }"))
        func files() throws -> [ContractSource.File] {
            try ContractSource(document: text, file: "a.yaml", context: "Test", shared: Self.shared).files
        }
        #expect(try files() == files())
    }
}
