import ContractKit
import ExactTypes
import Foundation
import SharedTypes
import StrictJSON
import Testing

/// The endpoints of `Nasty.openapi.yaml`.
struct NastyEndpointTests {
    private static let portfolio = "0191a000-0000-7000-8000-000000000001"

    private func derived(_ kind: String) throws -> JSONValue {
        try JSONValue(
            parsing: """
                {"id":"\(Self.portfolio)","kind":"\(kind)","seconds":0.5,"parent":null,"shapes":[],\
                "kinds":["\(kind)"],"next":null}
                """)
    }

    @Test func answersKeepWhatALaterContractSays() throws {
        var members = try derived("margin").members
        members["later"] = .bool(true)
        members["shapes"] = .array([.object(["form": .string("hexagon")])])
        let value = try NastyAPI.Derived(reading: .object(members), .answer)
        #expect(value.base.kind == .unknown("margin"))
        #expect(value.kinds == [.unknown("margin")])
        #expect(value.shapes == [.unknown(.object(["form": .string("hexagon")]))])
        #expect(try JSONValue(parsing: value.json).members["kind"] == .string("margin"))
        #expect(value.base.parent == nil)
    }

    @Test func testsReadAnswersStrictly() throws {
        #expect(try NastyAPI.Derived(reading: try derived("paper"), .strictAnswer).kinds == [.known(.paper)])
        #expect(throws: FieldError.self) {
            try NastyAPI.Derived(reading: try derived("margin"), .strictAnswer)
        }
        var members = try derived("paper").members
        members["later"] = .bool(true)
        let error = #expect(throws: FieldError.self) {
            try NastyAPI.Derived(reading: .object(members), .strictAnswer)
        }
        #expect(error == FieldError(field: "later", reason: "is not a known field"))
    }

    @Test func parametersThatAClientWritesAServerReads() throws {
        let parameters = NastyAPI.ReplaceEverything.Parameters(
            class: "a b/ü?", portfolioID: try #require(Portfolio.ID(Self.portfolio)),
            day: try CalendarDay(parsing: "2024-02-29"), at: Date(timeIntervalSince1970: 1.5), reader: true,
            value: "&=+%", kind: .crypto, above: FixedDecimal(3), unit: try CurrencyUnit(parsing: "GBX"),
            lastEventID: SharedTypes.Notification.ID(.lowest))
        var writer = ParameterWriter(path: NastyAPI.ReplaceEverything.description.path)
        NastyAPI.ReplaceEverything.write(parameters, to: &writer)
        #expect(writer.path == "/v1/classes/a%20b%2F%C3%BC%3F/\(Self.portfolio)")
        var query: [String: JSONValue] = [:]
        for pair in writer.query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? "" }
            query[halves[0]] = .string(halves[1])
        }
        let headers = Dictionary(
            uniqueKeysWithValues: writer.headers.map { ($0.name, JSONValue.string($0.value)) })
        let path: [String: JSONValue] = ["class": .string("a b/ü?"), "portfolio_id": .string(Self.portfolio)]
        let read = try NastyAPI.ReplaceEverything.parameters(
            reading: ParameterReader(path: path, query: query, headers: headers))
        #expect(read == parameters)
    }

    @Test func faultOfAParameterSaysWhere() {
        func fault(_ path: [String: JSONValue], _ query: [String: JSONValue]) -> ParameterFault? {
            do throws(ParameterFault) {
                _ = try NastyAPI.ReplaceEverything.parameters(
                    reading: ParameterReader(path: path, query: query, headers: [:]))
                return nil
            } catch {
                return error
            }
        }
        let path: [String: JSONValue] = ["class": .string("a"), "portfolio_id": .string(Self.portfolio)]
        let day: [String: JSONValue] = ["day": .string("2024-02-29")]
        #expect(fault(path, day) == nil)
        #expect(fault(["class": .string("a"), "portfolio_id": .string("1")], day) == .path("portfolio_id"))
        #expect(fault(path, [:]) == .field(FieldError(field: "day", reason: "is required")))
        #expect(
            fault(path, day.merging(["x": .string("1")]) { $1 })
                == .field(FieldError(field: "x", reason: "is not a known field")))
        #expect(
            fault(path, day.merging(["writer": .string("10")]) { $1 })
                == .field(FieldError(field: "writer", reason: "must be from 1 to 9")))
    }

    @Test func answerCarriesItsHeadersAndTheConstantOnes() throws {
        let body = try NastyAPI.Derived(reading: try derived("paper"), .answer)
        let answer = NastyAPI.ReplaceEverything.answer(.ok(body, etag: ETag(revision: 3)))
        #expect(answer.status == 200)
        #expect(answer.header("etag") == "\"3\"")
        #expect(answer.header("Cache-Control") == "no-store")
        #expect(answer.content?.type == "application/json")
        let read = try NastyAPI.ReplaceEverything.output(reading: answer, .strictAnswer)
        #expect(read == .ok(body, etag: ETag(revision: 3)))
        #expect(try NastyAPI.ReplaceEverything.output(reading: Answer(status: 204), .answer) == .noContent)
        #expect(throws: FieldError.self) {
            try NastyAPI.ReplaceEverything.output(reading: Answer(status: 201), .answer)
        }
    }

    @Test func descriptionSaysWhatTheDocumentSays() {
        let facts = NastyAPI.ReplaceEverything.description
        #expect(facts.access == .operator)
        #expect(facts.takesIdempotencyKey && facts.takesIfMatch && !facts.takesIfNoneMatch)
        #expect([200, 204, 422, 500].allSatisfy(facts.hasAnswer) && !facts.hasAnswer(201))
        let list = NastyAPI.ListThings.description
        #expect(list.takesIfNoneMatch && list.hasAnswer(404) && !list.hasAnswer(500))
        #expect(NastyAPI.UploadThings.description.bodyTypes == ["text/csv", "application/json"])
        #expect(NastyAPI.UploadThings.description.access == .everyone)
        #expect(NastyAPI.StreamThings.description.answerTypes == ["text/event-stream"])
        #expect(NastyAPI.DownloadThings.description.answerTypes == ["text/csv"])
        #expect(
            NastyAPI.endpoints.map { $0.description.id } == [
                "replaceEverything", "listThings", "uploadThings", "downloadThings", "streamThings",
            ])
    }

    @Test func pageIsWrittenAndRead() throws {
        let page = ListPage(
            items: [try NastyAPI.Derived(reading: try derived("paper"), .answer).base], next: nil)
        let answer = NastyAPI.ListThings.answer(.ok(page))
        let text = String(decoding: try #require(answer.content).bytes, as: UTF8.self)
        #expect(text.hasSuffix("\"next\":null}"))
        let read = try NastyAPI.ListThings.output(reading: answer, .strictAnswer)
        #expect(read.body == page && read.next == nil)
        #expect(NastyAPI.ListThings.Output.ok(ListPage(items: [], next: "c")).next == "c")
    }

    @Test func problemWithMembersOfItsOwnIsReadFromAProblem() throws {
        let value = try JSONValue(
            parsing: #"{"type":"urn:x","title":"T","status":422,"row":3,"rows":[{"reason":"r"}]}"#)
        let problem = try Problem(reading: value, .answer)
        let rows = try problem.extensions(as: NastyAPI.Rows.self)
        #expect(rows.row == 3)
        #expect(rows.rows?.map(\.reason) == ["r"])
    }
}
