/// The walls between packages: who imports whom, by source and by manifest.
extension Rule {
    static let walls = [
        packagesImportByTheTable, manifestsDependByTheTable, reservedModulesStayWhereTheyBelong,
        valuesImportFoundationOnly, readmesNameEveryDependency, everyFolderIsBuilt,
        librariesHaveOneVersion,
    ]

    static let packagesImportByTheTable = Rule(name: "a package imports only what the table allows") { tree in
        let owners = tree.packageOfModule
        return tree.files(in: "Packages/").filter { !$0.isManifest }.flatMap { file in
            let package = file.folders[1]
            guard let allowed = Layering.allowed(for: package) else {
                return [Violation(file.path, "\(package) is not in the table of who may import whom")]
            }
            return file.imports.compactMap { module, line in
                guard let owner = owners[module], owner != package, !allowed.contains(owner) else {
                    return nil
                }
                return Violation(file.path, line: line, "\(package) may not import \(module) of \(owner)")
            }
        }
    }

    static let manifestsDependByTheTable = Rule(name: "a manifest depends only on what the table allows") {
        tree in
        tree.files(in: "Packages/").filter(\.isManifest).flatMap { manifest in
            let package = manifest.folders[1]
            let allowed = Layering.allowed(for: package) ?? []
            return manifest.text.matches(of: #"path:\s*"\.\./(\w+)""#).compactMap(\.group)
                .filter { !allowed.contains($0) }
                .map { Violation(manifest.path, "\(package) may not depend on \($0)") }
        }
    }

    static let reservedModulesStayWhereTheyBelong = Rule(name: "some modules are for a few") { tree in
        tree.files.flatMap { file in
            file.imports.flatMap { module, line in
                Layering.reserved.filter { reserved in
                    reserved.module == module && !reserved.importers.contains { file.path.hasPrefix($0) }
                }.map { Violation(file.path, line: line, "imports \(module), and \($0.reason)") }
            }
        }
    }

    /// Besides Foundation and each other, as the table of packages allows.
    static let valuesImportFoundationOnly = Rule(name: "ExactTypes and SharedTypes import Foundation only") {
        tree in
        let values = ["ExactTypes", "SharedTypes"]
        return values.flatMap { tree.files(in: "Packages/\($0)/Sources/") }.flatMap { file in
            file.imports.filter { $0.module != "Foundation" && !values.contains($0.module) }
                .map { Violation(file.path, line: $0.line, "an iOS app depends on it, so no \($0.module)") }
        }
    }

    static let readmesNameEveryDependency = Rule(name: "a README says why each dependency is there") { tree in
        tree.files(in: "Packages/").filter(\.isManifest).flatMap { manifest -> [Violation] in
            let package = manifest.folders[1]
            let path = "Packages/\(package)/README.md"
            guard let readme = tree.readme(of: package)?.text.lowercased() else {
                return [Violation(path, "is missing")]
            }
            return manifest.text.matches(of: #"url:\s*"https:[^"]*/([\w.-]+)""#).compactMap(\.group)
                .filter { !readme.contains($0.lowercased()) }
                .map { Violation(path, "does not say why \($0) is there") }
        }
    }

    /// A test folder that is missing from the manifest never runs, and nobody notices.
    static let everyFolderIsBuilt = Rule(name: "every package, service and test is in Package.swift") {
        tree in
        let manifest = tree.files.first { $0.path == "Package.swift" }?.text ?? ""
        // A package of its own outside Packages is built by its own command, as scripts/bench does.
        let packages = Set(tree.files.filter(\.isManifest).map { $0.path.dropLast("/Package.swift".count) })
        return tree.folders.filter { folder in
            // A planned context has statements and no package yet.
            (folder.hasPrefix("Packages/") ? packages.contains(folder[...]) : !packages.contains(folder[...]))
                && !manifest.contains("\"\(folder.drop { $0 != "/" }.dropFirst())\"")
                && !manifest.contains("\"\(folder)\"")
        }.map { Violation($0, "is not in Package.swift, so it is never built") }
    }
}

extension Rule {
    /// Of two versions the build takes one, and the other manifest says what is not so.
    static let librariesHaveOneVersion = Rule(name: "manifests ask for one version of a library") { tree in
        let wishes = tree.files.filter(\.isManifest).flatMap { manifest in
            manifest.text.matches(of: #"url:\s*"https:[^"]*/([\w.-]+",\s*[^)\n]+)\)"#).compactMap {
                place -> (path: String, line: Int, library: Substring, version: Substring)? in
                guard let wish = place.group, let quote = wish.firstIndex(of: "\"") else { return nil }
                return (manifest.path, place.line, wish[..<quote], wish[quote...].dropFirst(2))
            }
        }
        let versions = Dictionary(grouping: wishes, by: \.library).mapValues { wishes in
            // What most manifests say is meant.
            Dictionary(grouping: wishes, by: \.version).max {
                ($0.value.count, $0.key) < ($1.value.count, $1.key)
            }?.key
        }
        return wishes.compactMap { wish in
            guard let meant = versions[wish.library] ?? nil, meant != wish.version else { return nil }
            return Violation(
                wish.path, line: wish.line, "asks for \(wish.library)\(wish.version), others for\(meant)")
        }
    }
}

extension SourceTree {
    /// The package of each of our own modules, by the folders below Sources; a service is its own package.
    fileprivate var packageOfModule: [String: String] {
        var owners: [String: String] = [:]
        for file in files {
            let folders = file.folders
            if folders.first == "Packages", folders.count > 3, folders[2] == "Sources" {
                owners[folders[3]] = folders[1]
            } else if folders.count > 1, folders[0] != "Packages" {
                owners[folders[1]] = folders[1]
            }
        }
        return owners
    }
}
