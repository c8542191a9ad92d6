import ContractGeneration
import ContractKit
import ExactTypes
import Foundation
import SharedTypes
import StrictJSON
import Testing

/// The contract of `Nasty.openapi.yaml`, which is compiled into these tests.
struct NastyContractTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    private static let root = folder.deletingLastPathComponent().deletingLastPathComponent()

    private static let sample = """
        {"class":"ab/","in":true,"self_id":"00000000-0000-0000-0000-00000000000a","members":-3,"rules":null,\
        "portfolio_id":"0191a000-0000-7000-8000-000000000001","decimal":"1.5",\
        "shape":{"form":"square","side":"2"},"token_type":"Bearer","tags":["ab","cd"],"writer":"2x",\
        "value":"crypto","part":"crypto","rate":"0.92","currency":"CHF","unit":"GBp","day":"2024-02-29",\
        "ends_at":null,"settings":{"b":[1,null],"a":"\\u0007\\"é"},"names":{"x":"y"},\
        "inner":{"depth":2,"exchange_rate":{"rate":"1"}}}
        """

    private func read(_ text: String, _ rules: ReadingRules = .request) throws -> NastyAPI.Everything {
        try NastyAPI.Everything(reading: try JSONValue(parsing: text), rules)
    }

    @Test func itsSwiftIsWhatTheToolWrites() throws {
        let generated = "Packages/SharedTypes/Sources/SharedTypes/Generated"
        func text(_ path: String) throws -> String {
            try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
        }
        let source = try ContractSource(
            document: try text("Tests/ContractToolTests/Nasty.openapi.yaml"),
            file: "Tests/ContractToolTests/Nasty.openapi.yaml", context: "Nasty",
            shared: SharedNames(
                enums: try text("\(generated)/Enums.swift"), keys: try text("\(generated)/Keys.swift")))
        for file in source.files {
            let url = Self.folder.appending(path: "Generated/\(file.name)")
            // GROVE_RECORD=1 writes what changed, to be looked at and committed.
            if ProcessInfo.processInfo.environment["GROVE_RECORD"] == "1" {
                try Data(file.text.utf8).write(to: url)
            }
            #expect(try String(contentsOf: url, encoding: .utf8) == file.text, "\(file.name)")
        }
    }

    @Test func contractsOfTheRepositoryAreWhatTheirDocumentsSay() throws {
        #expect(try ContractGeneration(root: Self.root).differences() == [])
    }

    @Test func whatIsWrittenIsReadAsTheSameValue() throws {
        let value = try read(Self.sample)
        let again = try NastyAPI.Everything(reading: try JSONValue(parsing: value.json), .request)
        #expect(again == value)
        #expect(again.json == value.json)
        #expect(value.endsAt == .remove)
        #expect(value.part == .crypto)
        #expect(value.part?.shared == .crypto)
        #expect(NastyAPI.Portion(.paper) == nil)
        guard case .square(let square) = value.shape else {
            Issue.record("The branch is \(value.shape).")
            return
        }
        #expect(square.side == FixedDecimal(2))
    }

    @Test func membersStandInTheDocumentsOrder() throws {
        let json = String(decoding: try read(Self.sample).json, as: UTF8.self)
        let names = [
            "class", "in", "self_id", "members", "rules", "decimal", "token_type", "writer", "inner",
        ]
        let places = try names.map { try #require(json.range(of: "\"\($0)\":")).lowerBound }
        #expect(places == places.sorted())
    }

    @Test(arguments: [
        (#""class":"ab/""#, #""class":"A1""#, "class must be small letters"),
        (#""class":"ab/""#, #""class":"a""#, "class is shorter than 2 characters"),
        (#""class":"ab/","#, "", "class is required"),
        (#""members":-3"#, #""members":-4"#, "members must be from -3 to 3"),
        (#""members":-3"#, #""members":1.5"#, "members must be a whole number"),
        (#""members":-3"#, #""members":"1""#, "members must be a whole number, and is a string"),
        (#""rules":null"#, #""rules":"a\u0000""#, "rules contains a control character"),
        (#""decimal":"1.5""#, #""decimal":"0""#, "decimal must be more than zero"),
        (
            #""decimal":"1.5""#, #""decimal":1.5"#,
            "decimal must be a decimal as a string, like \"139.75\", and is a number"
        ),
        (#""form":"square""#, #""form":"line""#, "shape.form must be one of circle, square"),
        (#""side":"2""#, #""side":"2","x":1"#, "shape.x is not a known field"),
        (#""token_type":"Bearer""#, #""token_type":"Basic""#, "token_type must be \"Bearer\""),
        (#"["ab","cd"]"#, #"["ab","ab"]"#, "tags must have each element once"),
        (#"["ab","cd"]"#, #"[]"#, "tags must have from 1 to 3 elements"),
        (#"["ab","cd"]"#, #"["ab","c"]"#, "tags[1] is shorter than 2 characters"),
        (#""writer":"2x""#, #""writer":"3x""#, "writer must be one of in, 2x, a.b-c, default, BUY"),
        (#""value":"crypto""#, #""value":"x""#, "value must be one of brokerage, crypto, retirement, paper"),
        (#""part":"crypto""#, #""part":"paper""#, "part must be one of brokerage, crypto"),
        (#""rate":"1""#, #""rate":"0""#, "inner.exchange_rate.rate is not above zero"),
        (#""x":"y""#, #""x":"123456""#, "names.x is longer than 5 characters"),
        (#""depth":2"#, #""depth":2,"zz":1,"aa":1"#, "inner.aa is not a known field"),
        (#""inner":{"#, #""other":{"#, "other is not a known field"),
    ])
    func faultNamesItsField(old: String, new: String, sentence: String) throws {
        let text = Self.sample.replacing(old, with: new)
        #expect(text != Self.sample)
        let error = #expect(throws: FieldError.self) { try read(text) }
        #expect(error?.description == sentence)
    }

    @Test func defaultsStandWhereARequestLeavesThemOut() throws {
        let text = Self.sample.replacing(#""value":"crypto","#, with: "").replacing(
            #""ends_at":null,"#, with: "")
        let value = try read(text)
        #expect(value.value == .paper)
        #expect(value.endsAt == .keep)
    }
}
