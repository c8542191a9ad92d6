import ContractGeneration
import Foundation

// contract generate [--check]: writes Packages/Contracts from the documents, or says what differs.
let arguments = CommandLine.arguments.dropFirst()
guard arguments.first == "generate", arguments.dropFirst().allSatisfy({ $0 == "--check" }) else {
    FileHandle.standardError.write(
        Data("usage: contract generate [--check], from the repository's root\n".utf8))
    exit(64)
}
do {
    let root = URL(filePath: FileManager.default.currentDirectoryPath)
    let generation = try ContractGeneration(root: root)
    if arguments.contains("--check") {
        let differences = try generation.differences()
        for path in differences { print("\(path) is not what its document says: run scripts/generate.") }
        exit(differences.isEmpty ? 0 : 1)
    }
    for path in try generation.write() { print(path) }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
