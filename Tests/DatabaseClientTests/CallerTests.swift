import DatabaseClient
import Testing

/// Callers that live inside other tasks: an `async let` has its place in the memory of the task that awaits it, which
/// uses that memory for something else as soon as the answer is there.
@Suite(.timeLimit(.minutes(2))) struct CallerTests {
    private static let answer = Statement(name: "answer", sql: "SELECT $1::int8", access: .read)

    @Test func theMemoryOfAnAnsweredTaskIsItsParentsAgain() async throws {
        try await withDatabase { database, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        for round in 0..<2_000 {
                            async let first = Self.echo(task * round, on: database)
                            async let second = Self.echo(task + round, on: database)
                            async let third = Self.echo(task - round, on: database)
                            guard try await first == task * round else { throw Mixed() }
                            // The others are cancelled, and end while this scope does.
                            if round.isMultiple(of: 3) { continue }
                            let sum = try await second + third
                            guard sum == 2 * task else { throw Mixed() }
                            let digits = await Self.digits(Array(repeating: round, count: 50))
                            guard digits == 50 * String(round).count else { throw Mixed() }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private struct Mixed: Error {}

    private static func echo(_ value: Int, on database: Database) async throws -> Int {
        var parameters = Parameters()
        try parameters.append(int8: value)
        return try await database.execute(answer, parameters).one { try $0.int(0) }
    }

    /// Work that lies in the task's own memory.
    private static func digits(_ values: [Int]) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            group.addTask { values.reduce(0) { $0 + String($1).count } }
            return await group.reduce(0, +)
        }
    }
}
