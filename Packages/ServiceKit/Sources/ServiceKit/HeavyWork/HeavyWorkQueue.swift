import ContractKit
import ExactTypes
import HTTPTypes
import SharedTypes

/// Who has their turn and who waits for it, and which of those who have it calculates. Without a clock and without a
/// lock.
///
/// A turn costs memory, because what is read for a calculation is held with it; a wait for one costs nothing. So turns
/// are counted by the process and waits by the user alone.
struct HeavyWorkQueue {
    enum Admission {
        case begins
        case waits
        case refused(Problem)
    }

    /// How many users may have their turn, for each thread.
    static let turnsPerThread = 8

    private let threads: Int
    /// Of each user the one that has the turn, and those that wait behind it.
    private var lines: [User.ID: [Int]] = [:]
    private var freeThreads: Int
    private var waitingForThread: [Int] = []

    init(threads: Int) {
        self.threads = threads
        freeThreads = threads
    }

    /// How many users have their turn.
    var turnCount: Int { lines.count }

    /// Gives a user's turn, or lets it be waited for, or refuses it.
    mutating func takeTurn(_ id: Int, of user: User.ID) -> Admission {
        let line = lines[user] ?? []
        guard line.count < HeavyWork.maximumPerUser else { return .refused(.tooManyCalculations) }
        guard !line.isEmpty || lines.count < threads * Self.turnsPerThread else { return .refused(.busy) }
        lines[user] = line + [id]
        return line.isEmpty ? .begins : .waits
    }

    /// Ends a turn, or the wait for it; gives the one whose turn it now is.
    mutating func endTurn(_ id: Int, of user: User.ID) -> Int? {
        guard var line = lines[user], let place = line.firstIndex(of: id) else { return nil }
        line.remove(at: place)
        lines[user] = line.isEmpty ? nil : line
        return place == 0 ? line.first : nil
    }

    /// Whether there is a thread; else it is waited for, in the order of asking.
    mutating func takeThread(_ id: Int) -> Bool {
        guard freeThreads == 0 else {
            freeThreads -= 1
            return true
        }
        waitingForThread.append(id)
        return false
    }

    /// Takes out one that waits for a thread, if it does.
    mutating func stopWaitingForThread(_ id: Int) { waitingForThread.removeAll { $0 == id } }

    /// Gives a thread back; gives the one that has it now.
    mutating func endThread() -> Int? {
        guard let next = waitingForThread.first else {
            freeThreads += 1
            return nil
        }
        waitingForThread = Array(waitingForThread.dropFirst())
        return next
    }
}

extension Problem {
    static let busy = Problem.unavailable(
        "busy", "Too many users have long calculations already. Nothing has happened; try again.",
        retryAfter: 5)

    static let tooManyCalculations = {
        var problem = Problem(
            .tooManyRequests, "too-many-calculations", "Too many long calculations at once",
            detail:
                "Of one user, \(HeavyWork.maximumPerUser) long calculations may run or wait: imports, exports and "
                + "valuations of large portfolios. Try again when one has ended.")
        problem.set(.retryAfter, to: "5")
        return problem
    }()
}
