import Foundation
import SchemaAnalysis
import Yams

/// A module's HTTP contract as JSON inside Swift, so that a service carries the very document it was built
/// from.
enum OpenAPISource {
    static func file(yaml: String, from origin: String, folder: String) throws -> GeneratedFile {
        guard let node = try Yams.compose(yaml: yaml) else {
            throw OpenAPIFault(message: "\(origin) is empty.")
        }
        let json = try JSONText(node).text
        // At least one, so that what JSON escapes stays as it is.
        let hashes = SwiftLiteral.hashes(around: json + "\\")
        return GeneratedFile(
            path: "\(folder)/OpenAPI.swift", from: origin, imports: [],
            declarations: [
                """
                /// The module's HTTP contract.
                enum OpenAPI {
                    /// The document of OpenAPI 3.1 as JSON, with sorted keys.
                    static let json = \(hashes)\"""
                        \(json)
                        \"""\(hashes)
                }
                """
            ])
    }
}

/// A contract that cannot be carried.
struct OpenAPIFault: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
}

/// Compact JSON with sorted keys. Numbers keep the text that they have in the YAML; dates stay text.
private struct JSONText {
    private(set) var text = ""

    init(_ node: Node) throws { try write(node) }

    private mutating func write(_ node: Node) throws {
        switch node {
        case .mapping(let mapping):
            let entries = try mapping.map { key, value in
                guard let name = key.string else {
                    throw OpenAPIFault(message: "A key in openapi.yaml is not text.")
                }
                return (name, value)
            }.sorted { $0.0 < $1.0 }
            text += "{"
            for (index, entry) in entries.enumerated() {
                text += index == 0 ? "" : ","
                try write(string: entry.0)
                text += ":"
                try write(entry.1)
            }
            text += "}"
        case .sequence(let sequence):
            text += "["
            for (index, item) in sequence.enumerated() {
                text += index == 0 ? "" : ","
                try write(item)
            }
            text += "]"
        case .scalar(let scalar):
            try write(scalar, node)
        case .alias:
            throw OpenAPIFault(message: "openapi.yaml has an alias that points nowhere.")
        }
    }

    private mutating func write(_ scalar: Node.Scalar, _ node: Node) throws {
        switch node.tag.description {
        case Tag.Name.null.rawValue: text += "null"
        case Tag.Name.bool.rawValue: text += node.bool == true ? "true" : "false"
        case Tag.Name.int.rawValue, Tag.Name.float.rawValue:
            guard scalar.string.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
                throw OpenAPIFault(message: "JSON has no number \(scalar.string): quote it in openapi.yaml.")
            }
            text += scalar.string
        default: try write(string: scalar.string)
        }
    }

    private mutating func write(string: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        text += String(decoding: try encoder.encode(string), as: UTF8.self)
    }
}
