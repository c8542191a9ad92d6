import ExactTypes
import HTTPTypes
import SharedTypes

/// Who calculates and who waits: in the order of asking, but never two of one user at a time.
struct HeavyWorkQueue {
    enum Admission {
        case runs
        case waits
        case refused(Problem)
    }

    private struct Waiting {
        let id: Int
        let user: User.ID
    }

    /// How many wait for each thread, of all users together.
    static let waitingPerThread = 8

    private let maximumRunning: Int
    private var running: Set<User.ID> = []
    private var waiting: [Waiting] = []

    init(maximumRunning: Int) { self.maximumRunning = maximumRunning }

    /// Lets a calculation run or wait, or refuses it.
    mutating func admit(_ id: Int, of user: User.ID) -> Admission {
        let ofUser = waiting.count { $0.user == user } + (running.contains(user) ? 1 : 0)
        guard ofUser < HeavyWork.maximumPerUser else { return .refused(.tooManyCalculations) }
        if running.count < maximumRunning, ofUser == 0 {
            running.insert(user)
            return .runs
        }
        guard waiting.count < maximumRunning * Self.waitingPerThread else { return .refused(.busy) }
        waiting.append(Waiting(id: id, user: user))
        return .waits
    }

    /// Takes out one that waits, if it does.
    mutating func remove(_ id: Int) { waiting.removeAll { $0.id == id } }

    /// Ends a user's calculation; gives those whose turn it now is.
    mutating func end(_ user: User.ID) -> [Int] {
        running.remove(user)
        var next: [Int] = []
        while running.count < maximumRunning,
            let place = waiting.firstIndex(where: { !running.contains($0.user) })
        {
            let one = waiting.remove(at: place)
            running.insert(one.user)
            next.append(one.id)
        }
        return next
    }
}

extension Problem {
    static let busy = Problem.unavailable(
        "busy", "Too many long calculations wait already. Nothing has happened; try again.", retryAfter: 5)

    static let tooManyCalculations = {
        var problem = Problem(
            .tooManyRequests, "too-many-calculations", "Too many long calculations at once",
            detail:
                "Of one user, \(HeavyWork.maximumPerUser) long calculations may run or wait: imports, exports and "
                + "valuations of large portfolios. Try again when one has ended.")
        problem.headers[.retryAfter] = "5"
        return problem
    }()
}
