import NIOPosix

/// The threads of long calculations. A task that prefers them runs all of its own code on them, what it makes of the
/// database's answers too.
final class HeavyWorkThreads: TaskExecutor {
    private let pool: NIOThreadPool

    init(count: Int) {
        pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
    }

    deinit { pool.shutdownGracefully { _ in } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Where the pool has ended, the job runs all the same: a task must come to its end.
        pool.submit { [self] _ in
            ThreadPriority.lower()
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
