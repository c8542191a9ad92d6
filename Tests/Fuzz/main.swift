import CLibFuzzer
import Foundation
import TextReaders

// Feeds one text reader with what libFuzzer makes up, guided by the branches that a text takes. A trap, a text that
// takes ten seconds, or one that takes a gigabyte ends the process; the text is then kept in a file.

let usage = """
    usage: fuzz --list
           fuzz --samples READER FOLDER
           fuzz READER [arguments of libFuzzer]
    """

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(64)
}

func reader(named name: String) -> TextReader {
    guard let reader = TextReader.all.first(where: { $0.name == name }) else {
        fail("There is no reader \(name). fuzz --list names them.")
    }
    return reader
}

var arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "--list":
    for reader in TextReader.all { print(reader.name) }
case "--samples" where arguments.count == 3:
    for (number, sample) in reader(named: arguments[1]).samples.enumerated() {
        try Data(sample.utf8).write(to: URL(filePath: arguments[2]).appending(path: "sample-\(number)"))
    }
case let name? where !name.hasPrefix("-"):
    // libFuzzer calls a C function, which captures nothing: the reader is found once, by the process's arguments.
    arguments[0] = CommandLine.arguments[0]
    var count = Int32(arguments.count)
    var values: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    let status = values.withUnsafeMutableBufferPointer { buffer in
        var start = buffer.baseAddress
        return LLVMFuzzerRunDriver(&count, &start) { data, size in
            _ = Chosen.reader.accepts(Array(UnsafeBufferPointer(start: data, count: size)))
            return 0
        }
    }
    exit(status)
default: fail(usage)
}

enum Chosen {
    static let reader = Fuzz.reader(named: CommandLine.arguments[1])
}
