import Foundation
import StrictJSON

/// One OpenAPI document out of those of the modules that a service holds.
struct OpenAPIDocument {
    private var paths: [String: JSONValue] = [:]
    private var components: [String: [String: JSONValue]] = [:]
    private var tags: [JSONValue] = []
    let title: String

    /// Merges the documents; throws where one is not a JSON object.
    init(title: String, modules: [any ServiceModule]) throws {
        self.title = title
        for module in modules {
            guard case .object(let document) = try JSONParser.parse(Array(module.openAPI.utf8)) else {
                throw JSONSyntaxError(
                    reason: "the OpenAPI document of \(module.name) is no object", offset: 0)
            }
            merge(document, of: module.name)
        }
    }

    var json: JSONValue {
        .object([
            "openapi": .string("3.1.0"),
            "info": .object(["title": .string(title), "version": .string("1")]),
            "servers": .array([.object(["url": .string("/")])]),
            "paths": .object(paths),
            "components": .object(components.mapValues(JSONValue.object)),
            "tags": .array(tags),
        ])
    }

    private mutating func merge(_ document: [String: JSONValue], of module: String) {
        let own = document["components"]?.members ?? [:]
        // Two modules may mean different things by one name; then the later one's is called after its module.
        var renamed: [String: String] = [:]
        for (section, entries) in own {
            for (name, value) in entries.members {
                guard let present = components[section]?[name], present != value else { continue }
                renamed["#/components/\(section)/\(name)"] =
                    "#/components/\(section)/\(module.capitalized)\(name)"
            }
        }
        for (section, entries) in own {
            for (name, value) in entries.members {
                let isRenamed = renamed["#/components/\(section)/\(name)"] != nil
                components[section, default: [:]][isRenamed ? module.capitalized + name : name] =
                    value.replacingReferences(renamed)
            }
        }
        for (path, item) in document["paths"]?.members ?? [:] {
            let operations = item.replacingReferences(renamed).members
            paths[path] = .object((paths[path]?.members ?? [:]).merging(operations) { first, _ in first })
        }
        tags += (document["tags"]?.elements ?? []).filter { !tags.contains($0) }
    }
}

extension JSONValue {
    /// The value with each `$ref` that has a new name.
    fileprivate func replacingReferences(_ names: [String: String]) -> JSONValue {
        guard !names.isEmpty else { return self }
        switch self {
        case .object(let members):
            var replaced = members.mapValues { $0.replacingReferences(names) }
            if case .string(let reference)? = members["$ref"], let name = names[reference] {
                replaced["$ref"] = .string(name)
            }
            return .object(replaced)
        case .array(let elements): return .array(elements.map { $0.replacingReferences(names) })
        default: return self
        }
    }
}
