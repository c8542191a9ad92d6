import ContractKit
import Hummingbird
import ServiceLifecycle
import StrictJSON
import Testing

@testable import ServiceKit

@Suite struct OpenAPIDocumentTests {
    private struct Documented: ServiceModule {
        let name: String
        let openAPI: String
        func addRoutes(to router: ServiceRouter) {}
        var backgroundServices: [any Service] { [] }
    }

    private func merge(_ documents: [(String, String)]) throws -> JSONValue {
        try OpenAPIDocument(title: "t", modules: documents.map { Documented(name: $0.0, openAPI: $0.1) }).json
    }

    @Test func mergesPathsComponentsAndTags() throws {
        let problem = #"{"type":"object"}"#
        let merged = try merge([
            (
                "users",
                #"{"paths":{"/a":{"get":{"operationId":"x"}}},"components":{"schemas":{"Problem":\#(problem)}},"tags":[{"name":"s"}]}"#
            ),
            (
                "market",
                #"{"paths":{"/b":{}},"components":{"schemas":{"Problem":\#(problem),"Bar":{}}},"tags":[{"name":"s"},{"name":"m"}]}"#
            ),
        ])
        #expect(merged["paths"].members.keys.sorted() == ["/a", "/b"])
        #expect(merged["components"]["schemas"].members.keys.sorted() == ["Bar", "Problem"])
        #expect(merged["tags"].elements.count == 2)
        #expect(merged["openapi"] == .string("3.1.0"))
    }

    @Test func keepsTwoMeaningsOfOneNameApart() throws {
        func document(_ path: String, _ type: String) -> String {
            ##"""
            {"paths":{"\##(path)":{"get":{"schema":{"$ref":"#/components/schemas/Page"}}}},
             "components":{"schemas":{"Page":{"type":"\##(type)"},
                                      "List":{"items":{"$ref":"#/components/schemas/Page"}}}}}
            """##
        }
        let merged = try merge([("users", document("/a", "object")), ("market", document("/b", "array"))])
        let schemas = merged["components"]["schemas"]
        #expect(schemas["Page"]["type"] == .string("object"))
        #expect(schemas["MarketPage"]["type"] == .string("array"))
        #expect(merged["paths"]["/a"]["get"]["schema"]["$ref"] == .string("#/components/schemas/Page"))
        #expect(merged["paths"]["/b"]["get"]["schema"]["$ref"] == .string("#/components/schemas/MarketPage"))
    }

    @Test func refusesADocumentThatIsNone() {
        #expect(throws: JSONSyntaxError.self) { try merge([("users", "[]")]) }
        #expect(throws: JSONSyntaxError.self) { try merge([("users", "")]) }
    }
}
