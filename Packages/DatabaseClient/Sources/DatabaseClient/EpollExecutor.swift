import CEpoll
import Foundation
import Glibc
import Synchronization

/// An epoll thread that runs Swift jobs and libpq's sockets side by side.
///
/// It is a `SerialExecutor`, and connections are actors on it; ``EpollTaskExecutor`` is the same thread as a place for
/// tasks. A statement that is sent, its readiness event and its answer meet on one thread, without a lock and without a
/// thread switch between connections. Measured, this gives about three times the throughput of one DispatchSource a
/// connection. A process has one such thread, and where it has four cores or more one for two of them.
///
/// Linux only: a kqueue twin would stand beside this file.
public final class EpollExecutor: SerialExecutor, @unchecked Sendable {
    // @unchecked is sound: what is not constant, in a Mutex or an Atomic is touched by the loop thread alone: by the loop
    // itself, behind `checkIsolated` or `isOnLoop`, and `now` by connections, which are actors on it.

    /// What happened to a watched descriptor.
    enum Event: Sendable {
        case ready(readable: Bool, writable: Bool)
        /// A coarse clock, about every 100 ms: deadlines are looked at then.
        case tick(ContinuousClock.Instant)
    }

    /// What the loop runs, in the order in which it came.
    private enum Work {
        case job(UnownedJob)
        /// Of a task that prefers this thread, which it knows by this name.
        case preferring(UnownedJob, UnownedTaskExecutor)
        /// Neither a task nor a job of one: what a caller hands over before it suspends.
        case call(@Sendable () -> Void)
    }

    /// The process's threads.
    static let all: [EpollExecutor] = {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return (0..<(cores < 4 ? 1 : min(cores / 2, mostThreads))).map { _ in EpollExecutor() }
    }()

    private static let mostThreads = 16

    /// The thread that runs this call, of those that are given; nil on any other.
    static func current(of threads: [EpollExecutor]) -> Int? {
        let this = UInt(pthread_self())
        return threads.firstIndex { $0.threadIdentity.load(ordering: .relaxed) == this }
    }

    /// How often watched descriptors get a tick, which is the resolution of the deadlines.
    static let tickMilliseconds = 100

    private let epollDescriptor: Int32
    private let wakeDescriptor: Int32
    private let tickDescriptor: Int32
    private let threadIdentity = Atomic<UInt>(0)
    private let remote = Mutex<(work: [Work], isAwake: Bool)>(([], false))
    private var local: [Work] = []
    private var spare: [Work] = []
    private var watchers: [Int32: @Sendable (Event) -> Void] = [:]
    private var isTicking = false
    private var isTickDue = false
    /// The time when the loop last woke.
    private(set) var now = ContinuousClock.now

    init() {
        epollDescriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        tickDescriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK) | Int32(TFD_CLOEXEC))
        for descriptor in [wakeDescriptor, tickDescriptor] {
            var event = epoll_event()
            // By edges: each write wakes the loop, and nobody has to read what was written first.
            event.events = EPOLLIN.rawValue | EPOLLET.rawValue
            event.data.fd = descriptor
            epoll_ctl(epollDescriptor, EPOLL_CTL_ADD, descriptor, &event)
        }
        let started = DispatchSemaphore(value: 0)
        let thread = Thread { [self] in
            threadIdentity.store(UInt(pthread_self()), ordering: .releasing)
            started.signal()
            run()
        }
        thread.name = "grove-database"
        thread.stackSize = 8 << 20
        thread.start()
        // A wait of microseconds, once in the process's life, until the thread has said who it is.
        started.wait()
    }

    var isOnLoop: Bool { UInt(pthread_self()) == threadIdentity.load(ordering: .relaxed) }

    public func checkIsolated() {
        precondition(isOnLoop, "not on the database thread")
    }

    public func isIsolatingCurrentContext() -> Bool? { isOnLoop }

    public func enqueue(_ job: consuming ExecutorJob) { add(.job(UnownedJob(job))) }

    /// Runs a call on the loop: at once where the caller is there already, else after what was handed over before.
    func run(_ call: @escaping @Sendable () -> Void) {
        if isOnLoop { call() } else { add(.call(call)) }
    }

    /// Runs a call on the loop after what was handed over before.
    func enqueue(_ call: @escaping @Sendable () -> Void) { add(.call(call)) }

    fileprivate func enqueue(_ job: consuming ExecutorJob, preferring executor: UnownedTaskExecutor) {
        add(.preferring(UnownedJob(job), executor))
    }

    private func add(_ work: Work) {
        if isOnLoop {
            local.append(work)
            return
        }
        let mustWake = remote.withLock { state in
            state.work.append(work)
            defer { state.isAwake = true }
            return !state.isAwake
        }
        if mustWake {
            var one: UInt64 = 1
            _ = write(wakeDescriptor, &one, 8)
        }
    }

    /// Watches a descriptor, or changes what is watched; only on the loop.
    func watch(_ descriptor: Int32, forWriting: Bool, _ handler: @escaping @Sendable (Event) -> Void) {
        checkIsolated()
        let isKnown = watchers.updateValue(handler, forKey: descriptor) != nil
        if !isTicking { setTicking(true) }
        setInterest(descriptor, forWriting: forWriting, isKnown: isKnown)
    }

    /// Also wakes for writing, or no longer does; only on the loop, for a watched descriptor.
    func setWriting(_ descriptor: Int32, _ forWriting: Bool) {
        checkIsolated()
        setInterest(descriptor, forWriting: forWriting, isKnown: true)
    }

    func unwatch(_ descriptor: Int32) {
        checkIsolated()
        watchers[descriptor] = nil
        epoll_ctl(epollDescriptor, EPOLL_CTL_DEL, descriptor, nil)
    }

    /// A timer of its own, armed once: a limit to each wait would be set and taken back with every statement.
    private func setTicking(_ isTicking: Bool) {
        self.isTicking = isTicking
        let interval = timespec(tv_sec: 0, tv_nsec: isTicking ? Self.tickMilliseconds * 1_000_000 : 0)
        var setting = itimerspec(it_interval: interval, it_value: interval)
        timerfd_settime(tickDescriptor, 0, &setting, nil)
    }

    private func setInterest(_ descriptor: Int32, forWriting: Bool, isKnown: Bool) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (forWriting ? EPOLLOUT.rawValue : 0)
        event.data.fd = descriptor
        let first = isKnown ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
        if epoll_ctl(epollDescriptor, first, descriptor, &event) != 0 {
            // libpq may close and reopen a socket under the same number while it connects, which epoll forgets.
            epoll_ctl(epollDescriptor, isKnown ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event)
        }
    }

    private func run() {
        let capacity = 64
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
        while true {
            takeRemote()
            // A chain of jobs that always enqueues the next may not starve the sockets.
            for _ in 0..<32 where !local.isEmpty { runLocal() }
            let canSleep = remote.withLock { state in
                guard state.work.isEmpty, local.isEmpty else { return false }
                state.isAwake = false
                return true
            }
            let count = epoll_wait(epollDescriptor, events, Int32(capacity), canSleep ? -1 : 0)
            if canSleep { remote.withLock { $0.isAwake = true } }
            now = .now
            for index in 0..<max(0, Int(count)) { deliver(events[index]) }
            // After all that has arrived: an answer that lies in its socket is not late.
            if isTickDue, count < capacity { tick() }
        }
    }

    private func deliver(_ event: epoll_event) {
        if event.data.fd == wakeDescriptor { return }
        if event.data.fd == tickDescriptor {
            isTickDue = true
            return
        }
        let failed = event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        watchers[event.data.fd]?(
            .ready(
                readable: failed || event.events & EPOLLIN.rawValue != 0,
                writable: failed || event.events & EPOLLOUT.rawValue != 0))
    }

    private func tick() {
        isTickDue = false
        // The kernel sets the timer again when it is read.
        var expirations: UInt64 = 0
        _ = read(tickDescriptor, &expirations, 8)
        if watchers.isEmpty { setTicking(false) }
        for handler in Array(watchers.values) { handler(.tick(now)) }
    }

    private func takeRemote() {
        remote.withLock { state in
            guard !state.work.isEmpty else { return }
            if local.isEmpty {
                swap(&local, &state.work)
            } else {
                local.append(contentsOf: state.work)
                state.work.removeAll(keepingCapacity: true)
            }
        }
    }

    private func runLocal() {
        let serial = asUnownedSerialExecutor()
        swap(&local, &spare)
        for work in spare {
            switch work {
            case .job(let job): job.runSynchronously(on: serial)
            case .preferring(let job, let executor): job.runSynchronously(on: executor)
            case .call(let call): call()
            }
        }
        spare.removeAll(keepingCapacity: true)
    }
}

/// A database thread as a place where tasks may run: what changes no thread waits for none. All else of the client waits
/// while such a task computes, so what takes longer than a millisecond runs elsewhere.
///
/// It is not the serial executor itself: the runtime compares a task's preference with how its job was run, and would put
/// a task without one, on an actor of this thread, at the end of the queue with every call of an async function.
public final class EpollTaskExecutor: TaskExecutor {
    private let thread: EpollExecutor

    /// The process's threads, in turn: whoever serves many clients gives each of them one.
    public static func next() -> EpollTaskExecutor {
        all[(turn.add(1, ordering: .relaxed).newValue & .max) % all.count]
    }

    /// The thread that runs this call; nil on any other than a database thread.
    public static var current: EpollTaskExecutor? {
        EpollExecutor.current(of: EpollExecutor.all).map { all[$0] }
    }

    private static let all = EpollExecutor.all.map(EpollTaskExecutor.init)
    private static let turn = Atomic(0)

    fileprivate init(_ thread: EpollExecutor) { self.thread = thread }

    public func enqueue(_ job: consuming ExecutorJob) {
        thread.enqueue(job, preferring: asUnownedTaskExecutor())
    }
}
