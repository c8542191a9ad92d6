import Foundation
import Synchronization

/// The operations that some test got a success of. They are appended to the file that `GROVE_ANSWERED` names, where
/// scripts/test reads which ones no test asks for.
final class AnsweredOperations: Sendable {
    private let ids = Mutex<Set<String>>([])
    private let file = ProcessInfo.processInfo.environment["GROVE_ANSWERED"].flatMap {
        FileHandle(forWritingAtPath: $0)
    }

    func add(_ id: String) {
        ids.withLock { ids in
            guard let file, ids.insert(id).inserted else { return }
            file.seekToEndOfFile()
            file.write(Data("\(id)\n".utf8))
        }
    }
}
