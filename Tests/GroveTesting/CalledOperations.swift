import Foundation
import Synchronization

/// The operations that some test called by the client of the contracts, with success. They are appended to the file that
/// `GROVE_CALLED` names, where scripts/test reads which ones no test calls so.
final class CalledOperations: Sendable {
    private let ids = Mutex<Set<String>>([])
    private let file = ProcessInfo.processInfo.environment["GROVE_CALLED"].flatMap {
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
